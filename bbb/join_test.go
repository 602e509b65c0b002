package bbb_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/einlass/einlass/bbb"
)

func guest() bbb.Join {
	return bbb.Join{
		MeetingID:        "treff-a12",
		CreateTime:       1795456804000,
		FullName:         "Zoë O'Neill (DL0TST)",
		UserID:           "4711",
		ErrorRedirectURL: "https://treff.example.org/e?c=bbb",
		UserData:         []bbb.Param{{Name: "bbb_record_video", Value: "false"}},
	}
}

func ExampleClient_JoinURL() {
	client, err := bbb.New(bbb.Config{
		BaseURL: "https://bbb1.example.org/bigbluebutton/",
		Secret:  "Tr3ffSharedSecret0123456789abcdef",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	link, err := client.JoinURL(bbb.Join{
		MeetingID:  "treff-a12",
		CreateTime: 1795456804000, // from Meeting.CreateTime
		FullName:   "Zoë O'Neill (DL0TST)",
		UserID:     "4711",
		UserData:   []bbb.Param{{Name: "bbb_record_video", Value: "false"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("in a log:", link)
	signed, _, _ := strings.Cut(link.Reveal(), "&checksum=")
	fmt.Println(strings.ReplaceAll(signed, "&", "\n  &"))
	// Output:
	// in a log: …
	// https://bbb1.example.org/bigbluebutton/api/join?fullName=Zo%C3%AB+O%27Neill+%28DL0TST%29
	//   &meetingID=treff-a12
	//   &role=VIEWER
	//   &userID=4711
	//   &createTime=1795456804000
	//   &guest=false
	//   &redirect=true
	//   &userdata-bbb_record_video=false
}

func TestJoinURLIsSignedOverItsOwnQuery(t *testing.T) {
	link, err := client(t, "https://h").JoinURL(guest())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	query, checksum, _ := strings.Cut(u.RawQuery, "&checksum=")
	if want := sha256hex("join" + query + secret); checksum != want {
		t.Errorf("checksum %s, want %s", checksum, want)
	}
	if again := u.String(); again != link.Reveal() {
		t.Errorf("a browser would follow %s", again)
	}
	if strings.ContainsAny(u.RawQuery, `'()! "<>`) {
		t.Errorf("a browser would rewrite %s", u.RawQuery)
	}
}

func TestJoinURLFollowsTheInput(t *testing.T) {
	c := client(t, "https://h")
	for want, change := range map[string]func(*bbb.Join){
		"role=VIEWER":                          func(*bbb.Join) {},
		"role=MODERATOR":                       func(j *bbb.Join) { j.Role = bbb.Moderator },
		"guest=false":                          func(*bbb.Join) {},
		"guest=true":                           func(j *bbb.Join) { j.Guest = true },
		"fullName=A+B":                         func(j *bbb.Join) { j.FullName = " A\t\x00B\n" },
		"logoutURL=https%3A%2F%2Ft.example%2F": func(j *bbb.Join) { j.LogoutURL = "https://t.example/" },
		"userdata-a=1&userdata-b=2&checksum=":  func(j *bbb.Join) { j.UserData = []bbb.Param{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}} },
	} {
		j := guest()
		change(&j)
		link, err := c.JoinURL(j)
		if err != nil || !strings.Contains(link.Reveal(), want) {
			t.Errorf("%s is not in %s (%v)", want, link.Reveal(), err)
		}
	}
}

func TestJoinURLRefuses(t *testing.T) {
	c := client(t, "https://h")
	for story, spoil := range map[string]func(*bbb.Join){
		"no name":                  func(j *bbb.Join) { j.FullName = "" },
		"a name of nothing":        func(j *bbb.Join) { j.FullName = " \x00\u202e\t" },
		"no userID":                func(j *bbb.Join) { j.UserID = "" },
		"a userID that changes":    func(j *bbb.Join) { j.UserID = "4711 " },
		"no createTime":            func(j *bbb.Join) { j.CreateTime = 0 },
		"no meetingID":             func(j *bbb.Join) { j.MeetingID = "" },
		"a short meetingID":        func(j *bbb.Join) { j.MeetingID = "a" },
		"a long meetingID":         func(j *bbb.Join) { j.MeetingID = strings.Repeat("a", 257) },
		"a comma in the meetingID": func(j *bbb.Join) { j.MeetingID = "a,b" },
		"a NUL in the meetingID":   func(j *bbb.Join) { j.MeetingID = "a\x00b" },
		"another role":             func(j *bbb.Join) { j.Role = "ADMIN" },
		"userdata with a blank":    func(j *bbb.Join) { j.UserData = []bbb.Param{{Name: "bbb record", Value: "x"}} },
		"userdata with a digit":    func(j *bbb.Join) { j.UserData = []bbb.Param{{Name: "1st", Value: "x"}} },
		"userdata without a name":  func(j *bbb.Join) { j.UserData = []bbb.Param{{Value: "x"}} },
	} {
		j := guest()
		spoil(&j)
		if link, err := c.JoinURL(j); err == nil || link != "" {
			t.Errorf("%s was accepted", story)
		}
	}
}
