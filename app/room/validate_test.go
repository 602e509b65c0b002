package room

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func goodRoom() Room {
	return Room{Slug: "morse-1", Name: "Morse für Anfänger", MeetingID: "Morse_1", Access: AccessTicket, Recording: CameraNotRecorded}
}

func goodDate() Date {
	from := time.Date(2026, 12, 1, 18, 0, 0, 0, time.UTC)
	return Date{RoomID: 1, From: from, To: from.Add(2 * time.Hour)}
}

func TestValidateRoom(t *testing.T) {
	cases := []struct {
		story  string
		change func(*Room)
		rules  []string
	}{
		{"as it should be", func(*Room) {}, nil},
		{"slug of one letter", func(r *Room) { r.Slug = "a" }, []string{"slug_form"}},
		{"slug of 64", func(r *Room) { r.Slug = strings.Repeat("a", 64) }, nil},
		{"slug of 65", func(r *Room) { r.Slug = strings.Repeat("a", 65) }, []string{"slug_form"}},
		{"capital in slug", func(r *Room) { r.Slug = "Morse" }, []string{"slug_form"}},
		{"umlaut in slug", func(r *Room) { r.Slug = "für-alle" }, []string{"slug_form"}},
		{"slash in slug", func(r *Room) { r.Slug = "a/b" }, []string{"slug_form"}},
		{"slug begins with a dash", func(r *Room) { r.Slug = "-ab" }, []string{"slug_form"}},
		{"slug ends with a dash", func(r *Room) { r.Slug = "ab-" }, []string{"slug_form"}},
		{"no name", func(r *Room) { r.Name = " " }, []string{"name_missing"}},
		{"name of 200 umlauts", func(r *Room) { r.Name = strings.Repeat("ü", 200) }, nil},
		{"name of 201", func(r *Room) { r.Name = strings.Repeat("ü", 201) }, []string{"name_form"}},
		{"name of two lines", func(r *Room) { r.Name = "a\nb" }, []string{"name_form"}},
		{"name that turns the reading direction", func(r *Room) { r.Name = "a\u202eb" }, []string{"name_form"}},
		{"name of broken bytes", func(r *Room) { r.Name = "a\xff" }, []string{"name_form"}},
		{"description of several lines", func(r *Room) { r.Description = "a\n\tb" }, nil},
		{"description with a bell", func(r *Room) { r.Description = "a\ab" }, []string{"description_form"}},
		{"endless description", func(r *Room) { r.Description = strings.Repeat("a", 4001) }, []string{"description_form"}},
		{"shop", func(r *Room) { r.ShopURL = "https://tickets.example.org/fjord/?voucher=X" }, nil},
		{"shop without encryption", func(r *Room) { r.ShopURL = "http://tickets.example.org/" }, []string{"shop_url_form"}},
		{"shop that is a script", func(r *Room) { r.ShopURL = "javascript:alert(1)" }, []string{"shop_url_form"}},
		{"shop without host", func(r *Room) { r.ShopURL = "https:///x" }, []string{"shop_url_form"}},
		{"shop that looks like another host", func(r *Room) { r.ShopURL = "https://good.example@evil.example/" }, []string{"shop_url_form"}},
		{"meeting id with a blank", func(r *Room) { r.MeetingID = "a b" }, []string{"meeting_id_form"}},
		{"no meeting id", func(r *Room) { r.MeetingID = "" }, []string{"meeting_id_form"}},
		{"access by whim", func(r *Room) { r.Access = "whim" }, []string{"access_unknown"}},
		{"open", func(r *Room) { r.Access = AccessOpen }, nil},
		{"code", func(r *Room) { r.Access, r.Code = AccessCode, "QRZ?73" }, nil},
		{"access by code without code", func(r *Room) { r.Access = AccessCode }, []string{"code_form"}},
		{"code of three", func(r *Room) { r.Access, r.Code = AccessCode, "abc" }, []string{"code_form"}},
		{"code with a blank behind", func(r *Room) { r.Access, r.Code = AccessCode, "abcd " }, []string{"code_form"}},
		{"code that nobody asks for", func(r *Room) { r.Code = "abcd" }, []string{"code_unused"}},
		{"recording by whim", func(r *Room) { r.Recording = "" }, []string{"recording_unknown"}},
		{"everything at once", func(r *Room) { *r = Room{} }, []string{"slug_form", "name_missing", "meeting_id_form", "access_unknown", "recording_unknown"}},
	}
	for _, c := range cases {
		r := goodRoom()
		c.change(&r)
		if diff := cmp.Diff(c.rules, brokenRules(t, ValidateRoom(r))); diff != "" {
			t.Errorf("%s: broken rules (-want +got)\n%s", c.story, diff)
		}
	}
}

func TestValidateDate(t *testing.T) {
	cases := []struct {
		story  string
		change func(*Date)
		rules  []string
	}{
		{"as it should be", func(*Date) {}, nil},
		{"no room", func(d *Date) { d.RoomID = 0 }, []string{"room_missing"}},
		{"title of two lines", func(d *Date) { d.Title = "a\nb" }, []string{"title_form"}},
		{"no beginning", func(d *Date) { d.From, d.To = time.Time{}, time.Time{}.Add(time.Hour) }, []string{"from_missing"}},
		{"year mistyped", func(d *Date) { d.From = d.From.AddDate(-1800, 0, 0) }, []string{"from_missing", "to_too_late"}},
		{"ends when it begins", func(d *Date) { d.To = d.From }, []string{"to_before_from"}},
		{"ends before it begins", func(d *Date) { d.To = d.From.Add(-time.Hour) }, []string{"to_before_from"}},
		{"a month long", func(d *Date) { d.To = d.From.AddDate(0, 0, 31) }, nil},
		{"ends next year", func(d *Date) { d.To = d.From.AddDate(1, 0, 0) }, []string{"to_too_late"}},
		{"at pretix", func(d *Date) { d.Event, d.SubEvent = "kurse-2026", 7 }, nil},
		{"event without subevent", func(d *Date) { d.Event = "kurse" }, []string{"subevent_alone"}},
		{"subevent without event", func(d *Date) { d.SubEvent = 7 }, []string{"subevent_alone"}},
		{"event that is a path", func(d *Date) { d.Event, d.SubEvent = "a/b", 7 }, []string{"event_form"}},
		{"subevent below zero", func(d *Date) { d.Event, d.SubEvent = "kurse", -7 }, []string{"subevent_form"}},
	}
	for _, c := range cases {
		d := goodDate()
		c.change(&d)
		if diff := cmp.Diff(c.rules, brokenRules(t, ValidateDate(d))); diff != "" {
			t.Errorf("%s: broken rules (-want +got)\n%s", c.story, diff)
		}
	}
}

func brokenRules(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[Invalid](err)
	if !ok {
		t.Fatalf("error is %T, want Invalid", err)
	}
	var rules []string
	for _, f := range invalid {
		if f.Field == "" || f.Text == "" || !strings.Contains(err.Error(), f.Field+" "+f.Text) {
			t.Errorf("complaint %+v is not told in %q", f, err)
		}
		rules = append(rules, f.Rule)
	}
	return rules
}
