package bbbsim

import (
	"encoding/json"
	"os"
	"testing"
)

type checksumFile struct {
	Vectors []struct {
		ID, Method, Query, Secret    string
		SHA1, SHA256, SHA384, SHA512 string
	}
	Verify []struct {
		ID, Method, Secret, Expect string
		URLQuery                   string `json:"url_query"`
		Allowed                    []string
	}
}

func readChecksums(t *testing.T) checksumFile {
	t.Helper()
	raw, err := os.ReadFile("../testdata/checksums.json")
	if err != nil {
		t.Fatal(err)
	}
	var file checksumFile
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) == 0 || len(file.Verify) == 0 {
		t.Fatal("no rows")
	}
	return file
}

var allAlgorithms = []string{"sha1", "sha256", "sha384", "sha512"}

func TestEveryVectorVerifies(t *testing.T) {
	for _, v := range readChecksums(t).Vectors {
		for _, sum := range []string{v.SHA1, v.SHA256, v.SHA384, v.SHA512} {
			raw := "checksum=" + sum
			if v.Query != "" {
				raw = v.Query + "&" + raw
			}
			if !verify(v.Method, raw, v.Secret, allAlgorithms, true) {
				t.Errorf("%s with %s is refused", v.ID, sum)
			}
			if verify(v.Method, raw, v.Secret+"x", allAlgorithms, true) {
				t.Errorf("%s with %s is accepted under another secret", v.ID, sum)
			}
		}
	}
}

func TestEveryVerifyRow(t *testing.T) {
	for _, v := range readChecksums(t).Verify {
		allowed := v.Allowed
		if allowed == nil {
			allowed = allAlgorithms
		}
		if got := verify(v.Method, v.URLQuery, v.Secret, allowed, true); got != (v.Expect == "ok") {
			t.Errorf("%s: %v, want %s", v.ID, got, v.Expect)
		}
	}
}

func TestOldServersCutEveryCopyOfTheChecksum(t *testing.T) {
	_, sum := digest(64, "endmeetingID=m1"+testSecret)
	twice := "checksum=" + sum + "&meetingID=m1&checksum=" + sum
	if !verify("end", twice, testSecret, allAlgorithms, false) || verify("end", twice, testSecret, allAlgorithms, true) {
		t.Error("a repeated checksum is for old servers only")
	}
}

func TestFormEncodedKnowsTheOneSpelling(t *testing.T) {
	for raw, want := range map[string]bool{
		"":                   true,
		"a=b+c&d=*%7E":       true,
		"a=b%20c":            false,
		"a=~":                false,
		"a=%2A":              false,
		"a=O'Neill":          false,
		"a=%c3%b6":           false,
		"a=%C3%B6":           true,
		"a":                  false,
		"a=%zz":              false,
		"userdata-bbb_x=1.2": true,
	} {
		if got := formEncoded(raw); got != want {
			t.Errorf("%q: %v", raw, got)
		}
	}
}
