package main

import (
	"fmt"
	"io"

	"github.com/einlass/einlass/app/cast"
)

// demoText is what the demo prints once it runs: every story with its link, the room admin's page, the scanner's QR code.
type demoText struct {
	Club     *cast.Cast
	Base     string // address of the pages, without a slash at the end
	BBB      string // address of the pretend BigBlueButton, likewise
	Scanners scanners
}

func (t demoText) write(w io.Writer) error {
	fmt.Fprintf(w, "einlass demo: a pretix and a BigBlueButton of its own, everybody and everything made up.\n\n")
	for i, s := range t.Club.Stories() {
		link := t.Base + s.Path
		if s.Token != "" {
			link = t.Club.Link(s.Token)
		}
		fmt.Fprintf(w, "%2d  %s\n    -> %s\n    %s\n\n", i+1, s.Title, s.Sees, link)
	}
	fmt.Fprintf(w, "%2d  Room admin: start, end and empty rooms, and see who was let in\n    %s/sim/\n\n", len(t.Club.Stories())+1, t.BBB)
	if err := t.Scanners.write(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "Ready at %s. Ctrl-C ends it and leaves nothing behind.\n", t.Base)
	return err
}
