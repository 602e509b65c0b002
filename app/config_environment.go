package main

import (
	"slices"
	"strings"
)

// readEnvironment picks the EINLASS_… variables. An empty one counts as not set: compose files write ${X:-}.
func (l *loader) readEnvironment(environ []string) []given {
	var source []given
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		as, value, _ := strings.Cut(variable, "=")
		key, ours := strings.CutPrefix(as, envPrefix)
		if !ours || value == "" || foreign(key) {
			continue
		}
		o, filed, known := l.table.lookup(strings.ToLower(key))
		if !known || key != strings.ToUpper(key) {
			l.complaints = append(l.complaints, complaint{
				option: as, source: sourceEnvironment, wrong: l.table.suggestion(as, inEnvironment),
			})
			continue
		}
		source = append(source, given{key: o.key, filed: filed, value: value, as: as, source: sourceEnvironment})
	}
	return source
}

// foreign tells variables that begin with EINLASS_ and are not ours to complain about. Kubernetes and container links
// tell every neighbour where a service named "einlass" is; tests have switches of their own.
func foreign(key string) bool {
	switch key {
	case "PORT", "NAME", "CHECK_CASES", "TRUTH":
		return true
	}
	for _, prefix := range []string{"SERVICE_", "PORT_", "ENV_", "TEST_"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
