package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sources is one situation: a file (without one if empty), variables and flags.
type sources struct {
	file    string
	environ []string
	args    []string
}

// read loads the configuration from the sources. "$DIR" stands for a folder that holds the file and what secrets put there.
func (s sources) read(t *testing.T, secrets map[string]string) loaded {
	t.Helper()
	dir := t.TempDir()
	for name, content := range secrets {
		write(t, filepath.Join(dir, name), content)
	}
	if s.file != "" {
		write(t, filepath.Join(dir, "einlass.yaml"), strings.ReplaceAll(s.file, "$DIR", dir))
		s.environ = append([]string{"EINLASS_CONFIG=" + dir + "/einlass.yaml"}, s.environ...)
	}
	inDir := func(list []string) []string {
		var out []string
		for _, one := range list {
			out = append(out, strings.ReplaceAll(one, "$DIR", dir))
		}
		return out
	}
	return load(environment{Environ: inDir(s.environ)}, inDir(s.args), newFlags("test"))
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSources(t *testing.T) {
	club := func(c Config) any { return c.Pages.Club }
	doors := func(c Config) any { return c.Entry.Doors }
	window := func(c Config) any { return c.Entry.DateWindow }
	token := func(c Config) any { return c.Pretix.Token.Reveal() }
	products := func(c Config) any { return fmt.Sprint(c.Pretix.Products) }

	cases := []struct {
		story string
		given sources
		got   func(Config) any
		want  any
	}{
		{"nobody says anything", sources{}, doors, 30 * time.Minute},
		{"the file says it", sources{file: "doors: 10m"}, doors, 10 * time.Minute},
		{"the environment overrules the file", sources{file: "doors: 10m", environ: []string{"EINLASS_DOORS=20m"}}, doors, 20 * time.Minute},
		{"the flag overrules both", sources{file: "doors: 10m", environ: []string{"EINLASS_DOORS=20m"}, args: []string{"--doors=40m"}}, doors, 40 * time.Minute},
		{"an empty variable is not set", sources{file: "doors: 10m", environ: []string{"EINLASS_DOORS="}}, doors, 10 * time.Minute},
		{"a key without value is not set", sources{file: "doors:\nclub: X"}, doors, 30 * time.Minute},
		{"an empty file", sources{file: "# nothing yet\n"}, doors, 30 * time.Minute},
		{"the flag names the file", sources{file: "club: Fjord", args: []string{"--config", "$DIR/einlass.yaml"}}, club, "Fjord"},
		{"flag and value are two words", sources{args: []string{"--club", "Fjord e. V."}}, club, "Fjord e. V."},
		{"value begins with a dash", sources{args: []string{"--club", "-73-"}}, club, "-73-"},
		{"one dash", sources{args: []string{"-club=Fjord"}}, club, "Fjord"},
		{"a key may be quoted", sources{file: `"club": 'Fjord'`}, club, "Fjord"},
		{"days", sources{args: []string{"--doors=1d"}}, doors, 24 * time.Hour},
		{"off in the file", sources{file: "date_window: off"}, window, false},
		{"False in the file", sources{file: "date_window: False"}, window, false},
		{"no in the environment", sources{environ: []string{"EINLASS_DATE_WINDOW=no"}}, window, false},
		{"a toggle without value", sources{environ: []string{"EINLASS_DATE_WINDOW=off"}, args: []string{"--date-window"}}, window, true},
		{"a toggle with value", sources{args: []string{"--date-window=off"}}, window, false},
		{"a list in the file", sources{file: "product:\n  - 12\n  - 17\n"}, products, "[12 17]"},
		{"a list on one line", sources{file: "product: [12, 17]"}, products, "[12 17]"},
		{"a list with commas", sources{environ: []string{"EINLASS_PRODUCT= 12 ,17,"}}, products, "[12 17]"},
		{"zeros in front stay", sources{file: "club: 0073"}, club, "0073"},
		{"a secret of digits stays as it is", sources{file: "pretix_token: 0123456789012345678901234567890"}, token, "0123456789012345678901234567890"},
		{"a secret in a file", sources{environ: []string{"EINLASS_PRETIX_TOKEN_FILE=$DIR/token"}}, token, "from the file"},
		{"a secret in a file, said in the file", sources{file: "pretix_token_file: $DIR/token"}, token, "from the file"},
		{"a secret in a file, said by flag", sources{args: []string{"--pretix-token-file=$DIR/token"}}, token, "from the file"},
		{"two secrets, a line each", sources{environ: []string{"EINLASS_JWT_SECRET_FILE=$DIR/two"}},
			func(c Config) any { return len(c.Ticket.Secrets) }, 2},
		{"a secret overrules the file that a lower source names", sources{file: "pretix_token_file: $DIR/token", environ: []string{"EINLASS_PRETIX_TOKEN=direct"}}, token, "direct"},
		{"database with password in a file", sources{environ: []string{"EINLASS_DATABASE_FILE=$DIR/database"}},
			func(c Config) any { return c.Database.Reveal() }, "postgres://u:p@h/d"},
		{"other people's variables", sources{environ: []string{"EINLASS_SERVICE_HOST=10.0.0.1", "EINLASS_PORT=tcp://10.0.0.1:80", "EINLASS_PORT_80_TCP=x", "EINLASS_TEST_X=1", "PATH=/bin"}}, doors, 30 * time.Minute},
		{"addresses lose their slash", sources{args: []string{"--base-url=https://A.example/, https://b.example:8443"}},
			func(c Config) any { return fmt.Sprint(c.BaseURLs) }, "[https://a.example https://b.example:8443]"},
		{"an address is a network of one", sources{args: []string{"--trusted-proxies=10.1.2.3/8,::1"}},
			func(c Config) any { return fmt.Sprint(c.TrustedProxies) }, fmt.Sprint([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")})},
	}
	for _, c := range cases {
		t.Run(c.story, func(t *testing.T) {
			l := c.given.read(t, map[string]string{
				"token": "from the file\n", "two": "0123456789abcdef\nfedcba9876543210\n", "database": "postgres://u:p@h/d\r\n",
			})
			if len(l.complaints) > 0 {
				t.Fatal(l.complaints)
			}
			if diff := cmp.Diff(c.want, c.got(l.Config)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestComplaints(t *testing.T) {
	cases := []struct {
		story string
		given sources
		want  []string // a part of each complaint, in order
	}{
		{"misspelt variable", sources{environ: []string{"EINLASS_PRETIX_ULR=https://x.example"}}, []string{"EINLASS_PRETIX_ULR (environment): is no option; did you mean EINLASS_PRETIX_URL?"}},
		{"variable in lower case", sources{environ: []string{"EINLASS_club=x"}}, []string{"did you mean EINLASS_CLUB?"}},
		{"misspelt flag", sources{args: []string{"--dors=1m"}}, []string{"--dors (command line): is no option; did you mean --doors?"}},
		{"flag with underscore", sources{args: []string{"--base_url=https://x.example"}}, []string{"did you mean --base-url?"}},
		{"flag nobody could mean", sources{args: []string{"--frobnicate=1"}}, []string{"`einlass help options` lists them all"}},
		{"misspelt key", sources{file: "clup: X"}, []string{"clup (einlass.yaml line 1): is no option; did you mean club?"}},
		{"keys in groups", sources{file: "club: X\npretix:\n  url: https://x.example\n"}, []string{"pretix (einlass.yaml line 2): is no option"}},
		{"the same key twice", sources{file: "doors: 1m\ndoors: 2m\n"}, []string{"doors"}},
		{"the same flag twice", sources{args: []string{"--doors=1m", "--doors=2m"}}, []string{"--doors (command line): stands beside --doors"}},
		{"config in the file", sources{file: "config: other.yaml"}, []string{"cannot stand in the file itself"}},
		{"no such file", sources{args: []string{"--config=$DIR/missing.yaml"}}, []string{"cannot be read: no such file or directory"}},
		{"not YAML", sources{file: "club: [\n"}, []string{"is not YAML"}},
		{"only a word", sources{file: "topsecret"}, []string{"is not a list of `key: value` lines"}},
		{"a list where one value counts", sources{file: "club: [a, b]"}, []string{"is a list, but only one value can count"}},
		{"a flag without value", sources{args: []string{"--club", "--doors=1m"}}, []string{"--club (command line): needs a value"}},
		{"a secret twice", sources{environ: []string{"EINLASS_BBB_SECRET=a", "EINLASS_BBB_SECRET_FILE=$DIR/x"}}, []string{"EINLASS_BBB_SECRET_FILE (environment): stands beside EINLASS_BBB_SECRET"}},
		{"no such secret file", sources{environ: []string{"EINLASS_BBB_SECRET_FILE=$DIR/missing"}}, []string{"EINLASS_BBB_SECRET_FILE (environment): the file cannot be read"}},
		{"an empty secret file", sources{environ: []string{"EINLASS_BBB_SECRET_FILE=$DIR/empty"}}, []string{"is empty"}},
		{"a file for what is no secret", sources{environ: []string{"EINLASS_CLUB_FILE=$DIR/empty"}}, []string{"EINLASS_CLUB_FILE (environment): is no option"}},
		{"a number without unit", sources{args: []string{"--doors=30"}}, []string{`"30" has no unit`}},
		{"not a duration", sources{args: []string{"--doors=soon"}}, []string{`"soon" is not a duration`}},
		{"below zero", sources{args: []string{"--doors=-5m"}}, []string{"is not between 0s and 24h0m0s"}},
		{"too short a secret", sources{environ: []string{"EINLASS_JWT_SECRET=0123456789abcdef,short"}}, []string{"secret number 2 has 5 bytes, at least 16 are needed"}},
		{"a token with a line break", sources{environ: []string{"EINLASS_PRETIX_TOKEN=a\nb"}}, []string{"holds a line break"}},
		{"participants over http", sources{args: []string{"--base-url=http://einlass.example"}}, []string{"is http"}},
		{"an address with a path", sources{args: []string{"--base-url=https://x.example/einlass"}}, []string{"has a path"}},
		{"an address without scheme", sources{args: []string{"--pretix-url=pretix.eu"}}, []string{`"pretix.eu" does not begin with https://`}},
		{"listen without port", sources{args: []string{"--listen=localhost"}}, []string{"is not an address with a port"}},
		{"proxy by name", sources{args: []string{"--trusted-proxies=proxy.example"}}, []string{`"proxy.example" is neither`}},
		{"a zone that does not exist", sources{args: []string{"--timezone=Europe/Fjord"}}, []string{"is not a time zone"}},
		{"a hash that does not exist", sources{args: []string{"--bbb-hash=md5"}}, []string{"is none of sha1, sha256, sha384, sha512"}},
		{"a language that the door does not speak", sources{args: []string{"--scan-language=deutsch"}}, []string{"is neither en nor de"}},
		{"a regional spelling without a region", sources{args: []string{"--scan-language=de-"}}, []string{"is neither en nor de"}},
		{"a database of another kind", sources{args: []string{"--database=mysql://root:hunter2@h/d"}}, []string{"begins neither with sqlite: nor with postgres://"}},
		{"ticket path on a room's", sources{args: []string{"--ticket-path=/r/x"}}, []string{"hides the pages below /r"}},
		{"ticket path with a parameter", sources{args: []string{"--ticket-path=/t/:id"}}, []string{"holds more than letters"}},
		{"product by name", sources{args: []string{"--product=Teilnahme"}}, []string{"only numbers"}},
		{"everything at once, in the order of the table", sources{
			file: "clup: X", environ: []string{"EINLASS_RATE_OPEN=0", "EINLASS_X=1"}, args: []string{"--nope", "--lease=1"},
		}, []string{"--nope", "EINLASS_X", "clup", "--lease", "EINLASS_RATE_OPEN"}},
	}
	for _, c := range cases {
		t.Run(c.story, func(t *testing.T) {
			l := c.given.read(t, map[string]string{"empty": "\n"})
			if len(l.complaints) != len(c.want) {
				t.Fatalf("got %d complaints, want %d\n%v", len(l.complaints), len(c.want), l.complaints)
			}
			for i, want := range c.want {
				if got := (complaints{l.complaints[i]}).Error(); !strings.Contains(got, want) {
					t.Errorf("complaint %d\n got %s\nwant %s", i, got, want)
				}
			}
		})
	}
}

func TestComplaintShowsAnExampleOfItsSource(t *testing.T) {
	for example, given := range map[string]sources{
		"\n      for example: --doors=45m":                          {args: []string{"--doors=1"}},
		"\n      for example: EINLASS_DOORS=45m":                    {environ: []string{"EINLASS_DOORS=1"}},
		"\n      for example: doors: 45m":                           {file: "doors: 1"},
		"for example: EINLASS_BBB_SECRET_FILE=/run/secrets/bbb_sec": {environ: []string{"EINLASS_BBB_SECRET_FILE=/none"}},
	} {
		if got := given.read(t, nil).complaints.Error(); !strings.Contains(got, example) {
			t.Errorf("got %s\nwant %q in it", got, example)
		}
	}
}

// complete is a configuration with which the bridge can be served.
func complete() []string {
	return []string{
		"EINLASS_PRETIX_URL=https://tickets.example", "EINLASS_PRETIX_TOKEN=hush-token", "EINLASS_PRETIX_ORGANIZER=fjord",
		"EINLASS_PRETIX_EVENT=kurse", "EINLASS_JWT_SECRET=hush-hush-hush-jwt", "EINLASS_BBB_URL=https://bbb.example",
		"EINLASS_BBB_SECRET=hush-bbb", "EINLASS_BASE_URL=https://einlass.example", "EINLASS_DATABASE=postgres://me:hush-db@db.example/einlass",
	}
}

func TestCheck(t *testing.T) {
	cases := []struct {
		story   string
		environ []string
		want    []string // keys
	}{
		{"complete", complete(), nil},
		{"nothing at all", nil, []string{"pretix_url"}},
		{"scanning alone", []string{"EINLASS_SCAN_URL=http://192.168.1.5:7000", "EINLASS_PRETIX_URL=https://tickets.example"}, nil},
		{"scanning without pretix", []string{"EINLASS_SCAN_URL=http://192.168.1.5:7000"}, []string{"pretix_url"}},
		{"scanning, and a bridge begun", []string{"EINLASS_SCAN_URL=http://192.168.1.5:7000", "EINLASS_PRETIX_URL=https://tickets.example", "EINLASS_BBB_URL=https://bbb.example"},
			[]string{"pretix_token", "pretix_organizer", "pretix_event", "jwt_secret", "bbb_secret", "base_url"}},
		{"both", append(complete(), "EINLASS_SCAN_URL=http://192.168.1.5:7000"), nil},
		{"pretix alone", []string{"EINLASS_PRETIX_URL=https://tickets.example"}, []string{"pretix_token", "pretix_organizer", "pretix_event", "jwt_secret", "bbb_url", "bbb_secret", "base_url"}},
		{"all but pretix' address", complete()[1:], []string{"pretix_url"}},
		{"what is wrong is not missing too", append(complete()[1:], "EINLASS_PRETIX_URL=tickets.example"), nil},
		{"pretix over http", append(complete()[1:], "EINLASS_PRETIX_URL=http://tickets.example"), []string{"EINLASS_PRETIX_URL"}},
		{"pretix over http, on purpose", append(complete()[1:], "EINLASS_PRETIX_URL=http://tickets.example", "EINLASS_PRETIX_ALLOW_HTTP=on"), nil},
		{"pretix on this machine", append(complete()[1:], "EINLASS_PRETIX_URL=http://127.0.0.1:8345"), nil},
		{"BBB over http", append(complete(), "EINLASS_BBB_URL=http://bbb.example")[1:], []string{"pretix_url", "EINLASS_BBB_URL"}},
	}
	for _, c := range cases {
		var got []string
		for _, one := range (sources{environ: lastOfEach(c.environ)}).read(t, nil).check() {
			got = append(got, one.option)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.story, diff)
		}
	}
}

// lastOfEach drops variables that are set again later.
func lastOfEach(environ []string) []string {
	last := map[string]int{}
	for i, v := range environ {
		name, _, _ := strings.Cut(v, "=")
		last[name] = i
	}
	var out []string
	for i, v := range environ {
		if name, _, _ := strings.Cut(v, "="); last[name] == i {
			out = append(out, v)
		}
	}
	return out
}

func TestPrintConfig(t *testing.T) {
	var out, complained bytes.Buffer
	env := environment{Stdout: &out, Stderr: &complained, Environ: complete()}
	if code := run(t.Context(), env, []string{"serve", "--print-config", "--doors=45m"}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, complained.String())
	}
	for _, want := range []string{
		"pretix_token        …  ", "environment, EINLASS_PRETIX_TOKEN\n", "checkin_list        (not set)", "command line, --doors\n",
		"postgres://…@db.example/einlass", "grace               30m", "  default\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	for _, o := range allOptions() {
		if !strings.Contains(out.String(), "\n"+o.key+" ") {
			t.Errorf("option %s is missing", o.key)
		}
	}
	if strings.Contains(out.String(), "hush") {
		t.Errorf("a secret is shown:\n%s", out.String())
	}
}

// A secret must stay unseen however it was given, also when something is wrong with it.
func TestSecretsStayUnseen(t *testing.T) {
	for story, given := range map[string]sources{
		"short":                    {environ: append(complete(), "EINLASS_JWT_SECRET=hush")},
		"with a line break":        {environ: append(complete(), "EINLASS_BBB_SECRET=hush\nhush")},
		"by flag, given twice":     {environ: complete(), args: []string{"--bbb-secret=hush1", "--bbb-secret=hush2"}},
		"behind a misspelt flag":   {environ: complete(), args: []string{"--bbb-secrt", "hush"}},
		"behind a misspelt one, =": {environ: complete(), args: []string{"--bbb-secrt=hush"}},
		"in a misspelt variable":   {environ: append(complete(), "EINLASS_BBB_SECRETT=hush")},
		"in a database of no kind": {environ: append(complete(), "EINLASS_DATABASE=host=db password=hush")},
		"alone as the database":    {environ: append(complete(), "EINLASS_DATABASE=hush")},
		"in a broken database":     {environ: append(complete(), "EINLASS_DATABASE=postgres://me:hush%@db/x")},
		"in an address":            {environ: append(complete(), "EINLASS_BASE_URL=https://me:hush@x.example")},
		"in a broken file":         {file: "pretix_token: hush: hush", environ: complete()[2:]},
		"in a file of one word":    {file: "hush", environ: complete()},
		"as a list in the file":    {file: "bbb_secret: [hush, hush]", environ: complete()},
	} {
		given.environ = lastOfEach(given.environ)
		l := given.read(t, nil)
		var out bytes.Buffer
		if err := l.print(&out); err != nil {
			t.Fatal(err)
		}
		problems := append(l.complaints, l.check()...)
		if len(problems) == 0 && len(l.rest) == 0 {
			t.Errorf("%s: no complaint", story)
		}
		shown := fmt.Sprintf("%s %v %+v %#v", out.String(), problems, l.Config, l.Config)
		if strings.Contains(shown, "hush") {
			t.Errorf("%s: the secret is shown in\n%s", story, shown)
		}
	}
}

func TestComplaintsAreAnErrorOnlyWhenThereAreSome(t *testing.T) {
	if err := (complaints{}).orNil(); err != nil {
		t.Errorf("no complaints are the error %v", err)
	}
	if _, ok := errors.AsType[complaints](complaints{{option: "x"}}.orNil()); !ok {
		t.Error("a complaint is no error of its type")
	}
}
