package api_test

import (
	"os"
	"strings"
	"testing"
)

// TestExampleRequests sends examples/scan.http as an editor would.
func TestExampleRequests(t *testing.T) {
	text, err := os.ReadFile("../../examples/scan.http")
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(t)
	head, rest, _ := strings.Cut(string(text), "\n### ")
	values := map[string]string{}
	for line := range strings.Lines(head) {
		if name, value, found := strings.Cut(strings.TrimPrefix(line, "@"), " = "); found && strings.HasPrefix(line, "@") {
			values[name] = strings.TrimSpace(value)
		}
	}
	values["proxy"], values["invitation"], values["ticket"] = "", newInvitation(t, p), "secretvalid00000000000000"
	types := []string{"VALID", "USED", "VALID"} // of the checks
	for request := range strings.SplitSeq(rest, "\n### ") {
		for name, value := range values {
			request = strings.ReplaceAll(request, "{{"+name+"}}", value)
		}
		head, body, _ := strings.Cut(strings.TrimRight(request, "\n"), "\n\n")
		lines := strings.Split(head, "\n")
		method, path, _ := strings.Cut(lines[1], " ")
		r := client{proxy: p}.request(method, path, body)
		for _, line := range lines[2:] {
			name, value, _ := strings.Cut(line, ": ")
			r.Header.Set(name, value)
		}
		a := p.do(r)
		if a.status != 200 || strings.Contains(request, "{{") {
			t.Fatalf("%s: %d %s", lines[0], a.status, a.body)
		}
		if strings.Contains(path, "initialize") {
			values["device"], _ = a.object(t)["api_token"].(string)
		}
		if strings.HasSuffix(path, "/check/") {
			expectType(t, a.object(t), types[0])
			types = types[1:]
		}
	}
	if len(types) != 0 {
		t.Errorf("%d checks were not sent", len(types))
	}
}
