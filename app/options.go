package main

// secrecy says how much of an option's value may be shown.
type secrecy int

const (
	public      secrecy = iota // shown as it is
	credentials                // an address that may hold a password: shown without it
	secret                     // shown as "…"
)

// option is one row of the option table. Everything about an option is said here once: the file, the environment, the
// flags, the complaints, the help texts and docs/config.md are made from it.
type option struct {
	key     string // snake_case: the key in the file; EINLASS_<KEY> and --<key-with-dashes> follow from it
	preset  string // the default, as text
	example string // what a complaint and the documentation show
	secrecy secrecy
	list    bool   // several values, separated by commas; a list in the file
	toggle  bool   // on or off; a flag without a value means on
	help    string // what it is for, its unit, and why one would change it
	set     func(*Config, string) error
}

// optionGroup is a chapter of the option table.
type optionGroup struct {
	title   string
	intro   string
	options []option
}

// optionGroups is the option table: every option of einlass in the order in which people read about them.
func optionGroups() []optionGroup {
	return []optionGroup{
		generalOptions(),
		pretixOptions(),
		ticketLinkOptions(),
		bbbOptions(),
		entryOptions(),
		pageOptions(),
		scanOptions(),
		retentionOptions(),
	}
}

// allOptions is the option table without its chapters.
func allOptions() []option {
	var all []option
	for _, g := range optionGroups() {
		all = append(all, g.options...)
	}
	return all
}

// into makes the set function of an option: parse the text, put the value where field points.
func into[T any](parse func(string) (T, error), field func(*Config) *T) func(*Config, string) error {
	return func(c *Config, text string) error {
		v, err := parse(text)
		if err != nil {
			return err
		}
		*field(c) = v
		return nil
	}
}
