package profile

import (
	"regexp"
	"strings"
)

// text is a value of the profile after ${NAME} was replaced from the environment. A variable that is not set is no
// mistake before something needs the value: a profile may describe clusters this machine knows no password for.
type text struct {
	value   string
	line    int
	missing []string // variables that are not set
	used    []string // values that came from the environment
}

var variable = regexp.MustCompile(`\$\$\{|\$\{([^}\n]*)\}?`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand replaces ${NAME} by the environment's value and $${ by ${.
func (d *reader) expand(raw string, line int) text {
	t := text{line: line}
	t.value = variable.ReplaceAllStringFunc(raw, func(match string) string {
		if match == "$${" {
			return "${"
		}
		name, closed := strings.CutSuffix(strings.TrimPrefix(match, "${"), "}")
		if !closed || !variableName.MatchString(name) {
			d.problem(line, "got %q, want the name of an environment variable as in ${KAFKA_PASSWORD}; write $${ for the "+
				"characters themselves", match)
			return ""
		}
		value, set := d.lookup(name)
		if !set {
			t.missing = append(t.missing, name)
			return ""
		}
		if value != "" {
			t.used = append(t.used, value)
		}
		return value
	})
	return t
}
