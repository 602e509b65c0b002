package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite generated documentation")

const configPage = "../docs/config.md"

func TestConfigDocIsCurrent(t *testing.T) {
	want := configDoc()
	if *update {
		if err := os.WriteFile(configPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(configPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/config.md is not what the option table says; rewrite it: go test ./app -run TestConfigDoc -update")
	}
}

// configDoc writes the option table for people.
func configDoc() string {
	var b strings.Builder
	b.WriteString(`# Configuration

For whoever installs einlass; ten minutes. Generated from the option table (` + "`app/options*.go`" + `), do not edit.

An option ` + "`base_url`" + ` can stand in four places. What stands first in this list has the last word:

1. a flag: ` + "`--base-url=https://einlass.example.org`" + `
2. the environment: ` + "`EINLASS_BASE_URL=https://einlass.example.org`" + ` (an empty variable counts as not set)
3. a YAML file, named by ` + "`--config`" + ` or ` + "`EINLASS_CONFIG`" + `: ` + "`base_url: https://einlass.example.org`" + `
4. the default

Options marked *secret* can also stand in a file of their own, as container engines mount them:
` + "`EINLASS_BBB_SECRET_FILE=/run/secrets/bbb_secret`, `--bbb-secret-file=…` or `bbb_secret_file: …`" + `. Blanks and line breaks around a secret
do not count. Prefer that to a flag, which every user of the machine can see.

Lists are separated by commas, or are lists in the YAML file. Durations have a unit: ` + "`90s`, `30m`, `1h30m`, `7d`" + `. On and off are
` + "`on` and `off`" + `; as a flag with an equals sign, ` + "`--date-window=off`" + `.

Everything that is wrong is told at once, at the start, with an example. ` + "`einlass serve --print-config`" + ` shows what is in force and
where it came from, secrets as ` + "`…`" + `; ` + "`einlass doctor`" + ` tries it out.
`)
	for _, group := range optionGroups() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| option | default | what for |\n|---|---|---|\n", group.title, group.intro)
		for _, o := range group.options {
			fmt.Fprintf(&b, "| `%s`%s | %s | %s For example `%s`. |\n", o.key, marks(o), presetCell(o), o.help, o.example)
		}
	}
	b.WriteString("\n## A file to start from\n\n```yaml\n")
	for _, key := range append([]string{"listen"}, bridgeNeeds...) {
		o, _, _ := newTable().lookup(key)
		if o.secrecy != public {
			fmt.Fprintf(&b, "%s%s: /run/secrets/%s\n", o.key, fileSuffix, o.key)
			continue
		}
		fmt.Fprintf(&b, "%s: %s\n", o.key, o.example)
	}
	b.WriteString("```\n")
	return b.String()
}

func marks(o option) string {
	switch {
	case o.secrecy != public && o.list:
		return "<br>*secret, list*"
	case o.secrecy != public:
		return "<br>*secret*"
	case o.list:
		return "<br>*list*"
	}
	return ""
}

func presetCell(o option) string {
	if o.preset == "" {
		return ""
	}
	return "`" + o.preset + "`"
}

// Every row must be complete, and its own default and example must be right.
func TestOptionTable(t *testing.T) {
	form := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, o := range allOptions() {
		if !form.MatchString(o.key) || seen[o.key] || strings.HasSuffix(o.key, fileSuffix) {
			t.Errorf("%s is not a key, or stands twice", o.key)
		}
		seen[o.key] = true
		if o.example == "" || o.example == o.preset {
			t.Errorf("%s: example %q tells nothing new", o.key, o.example)
		}
		if !strings.HasSuffix(o.help, ".") || strings.Contains(o.help, "|") {
			t.Errorf("%s: help is not a sentence for a table", o.key)
		}
		var c Config
		for _, value := range []string{o.preset, o.example} {
			if err := o.set(&c, value); err != nil {
				t.Errorf("%s: %q %v", o.key, value, err)
			}
		}
	}
}

// A command's own flag would hide an option of the same name.
func TestNoFlagHidesAnOption(t *testing.T) {
	table := newTable()
	for _, c := range adminCommands() {
		own := newFlags(c.name)
		c.prepare(own)
		own.VisitAll(func(f *flag.Flag) {
			if _, _, taken := table.lookup(strings.ReplaceAll(f.Name, "-", "_")); taken {
				t.Errorf("%s --%s hides an option", c.name, f.Name)
			}
		})
	}
}
