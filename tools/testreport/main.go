// Command testreport reads the output of `go test -json` and tells what a person wants to know: what the failed tests
// printed, which tests were skipped, and one closing line "N passed, N failed, N skipped".
//
// It exits with 1 when a test failed, when one was skipped, or when there was none at all.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
)

func main() {
	var r report
	for _, name := range os.Args[1:] {
		if err := r.readFile(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	r.print(os.Stdout)
	if !r.green() {
		os.Exit(1)
	}
}

// event is one line of `go doc test2json`, as far as it matters here.
type event struct {
	Action, Package, Test, Output string
}

// test names one test, or a package when Name is empty.
type test struct{ Package, Name string }

// report collects the events of one or more runs.
type report struct {
	passed, failed int
	skipped        []test
	shown          []string // output of what failed, in order
	pending        map[test][]string
	failing        map[string]bool // packages with a failed test: their own failure is not another one
}

func (r *report) readFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := r.read(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (r *report) read(in io.Reader) error {
	r.pending, r.failing = map[test][]string{}, map[string]bool{}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				e = event{Action: "stray", Output: string(line)} // the go command's own words
			}
			r.add(e)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) add(e event) {
	t := test{e.Package, e.Test}
	switch e.Action {
	case "output":
		r.pending[t] = append(r.pending[t], e.Output)
		return
	case "build-output", "stray":
		r.shown = append(r.shown, e.Output)
		return
	case "pass":
		if e.Test != "" {
			r.passed++
		}
	case "skip":
		if e.Test != "" {
			r.skipped = append(r.skipped, t)
		}
	case "fail":
		r.fail(t)
	default:
		return
	}
	delete(r.pending, t)
}

// fail counts a failed test, or a package that failed by itself: it did not build, panicked or ran out of time.
func (r *report) fail(t test) {
	if t.Name == "" && r.failing[t.Package] {
		return
	}
	r.failing[t.Package] = true
	r.failed++
	r.shown = append(r.shown, r.pending[t]...)
}

func (r *report) green() bool { return r.failed == 0 && len(r.skipped) == 0 && r.passed > 0 }

func (r *report) print(w io.Writer) {
	for _, out := range r.shown {
		fmt.Fprint(w, out)
	}
	slices.SortFunc(r.skipped, func(a, b test) int { return slices.Compare([]string{a.Package, a.Name}, []string{b.Package, b.Name}) })
	for _, t := range r.skipped {
		fmt.Fprintf(w, "skipped: %s %s\n", t.Package, t.Name)
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, len(r.skipped))
}
