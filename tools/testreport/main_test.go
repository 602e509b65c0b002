package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	tells := func(name, events, want string, green bool) {
		t.Run(name, func(t *testing.T) {
			var r report
			if err := r.read(strings.NewReader(events)); err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			r.print(&got)
			if got.String() != want || r.green() != green {
				t.Errorf("report = %q green %v, want %q %v", got.String(), r.green(), want, green)
			}
		})
	}
	const passes = `{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}
`
	tells("all is well", passes, "1 passed, 0 failed, 0 skipped\n", true)
	tells("no test at all", `{"Action":"skip","Package":"p"}`, "0 passed, 0 failed, 0 skipped\n", false)
	tells("a skipped test", passes+`{"Action":"skip","Package":"p","Test":"TestB"}`, "skipped: p TestB\n1 passed, 0 failed, 1 skipped\n", false)
	tells("a failed test speaks", passes+`{"Action":"output","Package":"q","Test":"TestC","Output":"got 1\n"}
{"Action":"fail","Package":"q","Test":"TestC"}
{"Action":"fail","Package":"q"}`, "got 1\n1 passed, 1 failed, 0 skipped\n", false)
	tells("a package that does not build", passes+`{"Action":"build-output","ImportPath":"q","Output":"undefined: x\n"}
{"Action":"fail","Package":"q"}`, "undefined: x\n1 passed, 1 failed, 0 skipped\n", false)
	tells("words of the go command", "no Go files\n"+passes, "no Go files\n1 passed, 0 failed, 0 skipped\n", true)
}
