package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readFile reads the configuration file, if one is named. Values are taken as they are written, not as YAML understands
// them: 007 stays 007, off stays off, and a secret of digits only stays a secret.
func (l *loader) readFile(path string) []given {
	if path == "" {
		return nil
	}
	root, err := parseFile(path)
	if err != nil {
		l.complaints = append(l.complaints, complaint{option: path, source: "file", wrong: err.Error(), cure: "log_level: info"})
		return nil
	}
	var source []given
	for i := 0; root != nil && i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		g, wrong := l.fromFile(key.Value, value)
		g.as, g.source = key.Value, fmt.Sprintf("%s line %d", filepath.Base(path), key.Line)
		switch {
		case wrong != "":
			l.complaints = append(l.complaints, complaint{option: g.as, source: g.source, wrong: wrong})
		case g.key != "":
			source = append(source, g)
		}
	}
	return source
}

// parseFile returns the file's mapping, nil for an empty file. YAML's own errors may quote what the file holds; only
// their line is passed on.
func parseFile(path string) (*yaml.Node, error) {
	content, err := os.ReadFile(path)
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, fmt.Errorf("cannot be read: %w", pathError.Err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, errors.New("is not YAML" + lineOf(err))
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, errors.New("is not a list of `key: value` lines")
	}
	return root, nil
}

// lineOf extracts ", line 7" from an error of the YAML parser.
func lineOf(err error) string {
	_, after, found := strings.Cut(err.Error(), "line ")
	if !found {
		return ""
	}
	digits, _, _ := strings.Cut(after, ":")
	return ", line " + digits
}

// fromFile reads one entry; an entry without a value counts as not set.
func (l *loader) fromFile(key string, value *yaml.Node) (g given, wrong string) {
	o, filed, known := l.table.lookup(key)
	if !known {
		return given{}, l.table.suggestion(key, inFile)
	}
	if key == "config" {
		return given{}, "cannot stand in the file itself"
	}
	text, empty, err := nodeText(value, o.list && !filed)
	if err != nil {
		return given{}, err.Error()
	}
	if empty {
		return given{}, ""
	}
	return given{key: o.key, filed: filed, value: text}, ""
}

// nodeText returns a value as it is written, a list joined by commas.
func nodeText(node *yaml.Node, list bool) (text string, empty bool, err error) {
	switch {
	case node.Kind == yaml.AliasNode:
		return nodeText(node.Alias, list)
	case node.Kind == yaml.ScalarNode:
		return node.Value, node.Tag == "!!null", nil
	case node.Kind != yaml.SequenceNode:
		return "", false, errors.New("holds further keys, but is one value")
	case !list:
		return "", false, errors.New("is a list, but only one value can count")
	}
	var parts []string
	for _, item := range node.Content {
		if item.Kind != yaml.ScalarNode {
			return "", false, errors.New("is a list of more than plain values")
		}
		parts = append(parts, item.Value)
	}
	return strings.Join(parts, ","), false, nil
}
