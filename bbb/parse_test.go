package bbb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

const ok = `<response><returncode>SUCCESS</returncode></response>`

func TestParseRefuses(t *testing.T) {
	for story, body := range map[string]string{
		"nothing":                         "",
		"only blanks":                     " \n ",
		"only a byte order mark":          "\xef\xbb\xbf",
		"plain text":                      "Unauthorized",
		"JSON":                            `{"response":{"returncode":"SUCCESS"}}`,
		"another root":                    `<html><body>login</body></html>`,
		"no returncode":                   `<response><running>true</running></response>`,
		"empty returncode":                `<response><returncode/></response>`,
		"a returncode of its own":         `<response><returncode>MAYBE</returncode></response>`,
		"two returncodes":                 `<response><returncode>FAILED</returncode><returncode>SUCCESS</returncode></response>`,
		"two documents":                   ok + ok,
		"text in front":                   "error" + ok,
		"a byte order mark in the middle": "\n\ufeff" + ok,
		"text behind":                     ok + "error",
		"a cut end":                       ok[:len(ok)-5],
		"a document type":                 `<!DOCTYPE response>` + ok,
		"an entity bomb":                  `<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><response><returncode>SUCCESS</returncode><message>&b;</message></response>`,
		"an external entity":              `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><response><returncode>&x;</returncode></response>`,
		"an entity nobody declared":       `<response><returncode>SUCCESS</returncode><message>&nbsp;</message></response>`,
		"a control character":             "<response><returncode>SUCCESS</returncode><message>\x0b</message></response>",
		"a control character by number":   "<response><returncode>SUCCESS</returncode><message>&#11;</message></response>",
		"Latin-1 bytes":                   "<response><returncode>SUCCESS</returncode><message>\xe4</message></response>",
		"a foreign character set":         `<?xml version="1.0" encoding="ISO-8859-1"?>` + ok,
		"createTime that is a word":       `<response><returncode>SUCCESS</returncode><createTime>soon</createTime></response>`,
		"running without a value":         `<response><returncode>SUCCESS</returncode><running></running></response>`,
		"running that is a number":        `<response><returncode>SUCCESS</returncode><running>1</running></response>`,
		"deep nesting":                    `<response><returncode>SUCCESS</returncode>` + strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000) + `</response>`,
		"more than 2 MiB":                 `<response><returncode>SUCCESS</returncode><message>` + strings.Repeat("x", maxReply) + `</message></response>`,
	} {
		if got, err := Parse([]byte(body)); err == nil {
			t.Errorf("%s was read as %+v", story, got)
		}
	}
}

func TestParseAccepts(t *testing.T) {
	for story, body := range map[string]string{
		"a declaration":    `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + ok,
		"blanks around":    "\n " + ok + "\n\n",
		"comments":         "<!-- a -->" + ok + "<!-- b -->",
		"lower case":       `<response><returncode>success</returncode></response>`,
		"unknown elements": `<response><new a="1"><deep/></new><returncode>SUCCESS</returncode></response>`,
		"a name in CDATA":  `<response><returncode><![CDATA[SUCCESS]]></returncode></response>`,
		"odd custom data":  `<response><returncode>SUCCESS</returncode><attendees><attendee><userID>7</userID><customdata><a><b>x</b></a></customdata></attendee></attendees></response>`,
	} {
		got, err := Parse([]byte(body))
		if err != nil || !got.Success() {
			t.Errorf("%s: %+v, %v", story, got, err)
		}
	}
}

func TestFiveThousandAttendeesAreRead(t *testing.T) {
	one := `<attendee><userID>4711</userID><fullName>Zo&#235; O&#39;Neill</fullName><role>VIEWER</role></attendee>`
	body := `<response><returncode>SUCCESS</returncode><attendees>` + strings.Repeat(one, 5000) + `</attendees></response>`
	got, err := Parse([]byte(body))
	if err != nil || got.Meeting.Present("4711") != 5000 {
		t.Fatalf("%d attendees, %v", len(got.Meeting.Attendees), err)
	}
}

// A parser quotes what it chokes on; our logs must not.
func TestParseErrorsDoNotQuoteTheServer(t *testing.T) {
	for _, body := range []string{
		`<response><returncode>SUCCESS</returncode><createTime>hunter2</createTime></response>`,
		`<hunter2/>`,
		`<response><a></hunter2></response>`,
		`<response>&hunter2;</response>`,
		`<?xml version="1.0" encoding="hunter2"?><response/>`,
	} {
		_, err := Parse([]byte(body))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// FuzzParse: whatever arrives, Parse returns, and what it accepts is text that
// can be shown and a verdict that is safe.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/replies/*")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := Parse(body)
		if err != nil {
			return
		}
		if got.ReturnCode == "" {
			t.Error("accepted without a returncode")
		}
		if got.Meeting.Open(false) && !got.Meeting.Running {
			t.Error("open without running")
		}
		for _, a := range got.Meeting.Attendees {
			if !utf8.ValidString(a.UserID+a.FullName) || strings.ContainsRune(a.FullName, 0) {
				t.Errorf("attendee %+v", a)
			}
			if got.Meeting.Present(a.UserID) == 0 {
				t.Errorf("%q is in the list and absent", a.UserID)
			}
		}
	})
}
