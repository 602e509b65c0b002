package main

import (
	"fmt"
	"io"

	"github.com/einlass/einlass/app/cast"
)

// postcard tells whoever started the demo what there is to click on.
type postcard struct {
	Club *cast.Cast
	Base string
	BBB  string

	Scanners scanners
}

func (p postcard) write(w io.Writer) error {
	fmt.Fprintf(w, "einlass demo: a pretix and a BigBlueButton of its own, everybody and everything made up.\n\n")
	for i, s := range p.Club.Stories() {
		link := p.Base + s.Path
		if s.Token != "" {
			link = p.Club.Link(s.Token)
		}
		fmt.Fprintf(w, "%2d  %s\n    -> %s\n    %s\n\n", i+1, s.Title, s.Sees, link)
	}
	fmt.Fprintf(w, "%2d  Room admin: start, end and empty rooms, and see who was let in\n    %s/sim/\n\n", len(p.Club.Stories())+1, p.BBB)
	if err := p.Scanners.write(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "Ready at %s. Ctrl-C ends it and leaves nothing behind.\n", p.Base)
	return err
}
