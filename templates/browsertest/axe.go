package browsertest

import (
	_ "embed" // axe-core
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axeSource string

// runAxe asks for what a checker can prove. "incomplete" results, which need a person to judge, are left out.
const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(v => ({
	Rule: v.id, Help: v.help, Nodes: v.nodes.map(n => n.html),
})))`

// Violation is one accessibility rule of axe-core that a page breaks.
type Violation struct {
	Rule  string   // "color-contrast"
	Help  string   // "Elements must meet minimum color contrast ratio thresholds"
	Nodes []string // the HTML of what breaks it
}

// Axe returns the accessibility rules that the page breaks. It needs JavaScript.
func (p *Page) Axe() []Violation {
	p.t.Helper()
	// Evaluated, not loaded: the page's content security policy stays as it is.
	Evaluate[chromedp.Void](p, axeSource+";void 0")
	return Evaluate[[]Violation](p, runAxe)
}

// NoViolations fails the test when axe-core finds something.
func (p *Page) NoViolations() {
	p.t.Helper()
	for _, v := range p.Axe() {
		p.t.Errorf("axe %s: %s\n%s", v.Rule, v.Help, strings.Join(v.Nodes, "\n"))
	}
}

// Overflow returns what sticks out of the page sideways, as the beginning of its HTML.
func (p *Page) Overflow() []string {
	p.t.Helper()
	return Evaluate[[]string](p, `[...document.querySelectorAll("body *")]
		.filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
		.map(e => e.outerHTML.slice(0, 120))`)
}

// NoOverflow fails the test when the page can be scrolled sideways.
func (p *Page) NoOverflow() {
	p.t.Helper()
	if wide := p.Overflow(); len(wide) > 0 {
		p.t.Errorf("wider than the screen:\n%s", strings.Join(wide, "\n"))
	}
}
