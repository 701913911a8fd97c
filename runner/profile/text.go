package profile

import (
	"regexp"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/access"
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

// secretName is the name of a variable or setting that holds a secret.
var secretName = regexp.MustCompile(`(?i)(?:pass|passphrase|password|passwd|pwd|secret|token|credentials?|` +
	`(?:api|access|private)[_.-]?key)$`)

// secretHolder is what has secrets in it, and must not be shown where it has the wrong shape.
var secretHolder = regexp.MustCompile(`^(?:sasl|env) of `)

// shortestSecret keeps a value from being taken for a secret by its name alone: TOKEN=none.
const shortestSecret = 6

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
		if secretName.MatchString(name) && len(value) >= shortestSecret {
			d.secrets = append(d.secrets, value)
		}
		return value
	})
	d.secrets = append(d.secrets, access.SecretsIn(t.value)...)
	return t
}
