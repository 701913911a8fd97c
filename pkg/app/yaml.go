package app

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// unreadable is the first line with a byte that YAML does not allow, 0 when there is none: yaml itself does not say
// where.
func unreadable(text []byte) int {
	line := 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '\n':
			line++
		case r == utf8.RuneError && size == 1, r < ' ' && r != '\t' && r != '\r', r == 0x7f:
			return line
		}
		text = text[size:]
	}
	return 0
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntaxError puts yaml's "yaml: line 3: …" into the form file:line.
func syntaxError(name string, err error) error {
	match := yamlLine.FindStringSubmatch(err.Error())
	if match == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	line, rest := match[1], err.Error()[len(match[0]):]
	if line == "" {
		line = "1"
	}
	hint := "check indentation, quotes and colons"
	if strings.Contains(rest, "cannot start any token") {
		hint = "indent with spaces, not tabs, and quote values that start with @, ` or %"
	}
	return fmt.Errorf("%s:%s: %s; %s", name, line, rest, hint)
}

func describe(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if node.Tag == "!!null" {
		return "nothing"
	}
	return fmt.Sprintf("%q", node.Value)
}
