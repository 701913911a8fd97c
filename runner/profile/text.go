package profile

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/holes"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// text is a value of the profile after ${NAME} was replaced from the environment. A variable that is not set is no
// mistake before something needs the value: a profile may describe clusters this machine knows no password for.
type text struct {
	value   string
	line    int
	missing []string // variables that are not set
	used    []string // values that came from the environment
	parts   []part   // of a text that depends on the scenario, in order; else nil
}

// part is a piece of a text: what stands there, or a name that app.Env.Value knows, such as "topic.orders".
type part struct {
	literal  string
	name     string
	fallback *text // in place of a value that there is not
}

// secretName is the name of a variable or setting that holds a secret.
var secretName = regexp.MustCompile(`(?i)(?:pass|passphrase|password|passwd|pwd|secret|token|credentials?|` +
	`(?:api|access|private)[_.-]?key)$`)

// privateKey is one in PEM, which is a secret whatever the name of the variable that holds it. Its breaks may be \n.
var privateKey = regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.+?(?:-----END|$)`)

// secretHolder is what has secrets in it, and must not be shown where it has the wrong shape.
var secretHolder = regexp.MustCompile(`^(?:sasl|env) of `)

// shortestSecret keeps a value from being taken for a secret by its name alone: TOKEN=none.
const shortestSecret = 6

// mostWithin is how many ${…} may stand within each other.
const mostWithin = 100

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// profileFolder stands for the folder of the profile.
const profileFolder = "profile.folder"

// expand replaces ${NAME} by the environment's value, ${NAME:-other} by other where that is not set, and $${ by ${.
// Other may have ${…} in it. What an application is told, ${topic.orders}, is left for later: see fill.
func (d *reader) expand(raw string, line int) text {
	t := text{line: line}
	var parts []part
	_ = holes.Each(raw, func(literal string) { // whose only errors are those of the function below
		parts = append(parts, part{literal: literal})
		line += strings.Count(literal, "\n")
	}, func(text string) (string, error) {
		hole, rest, closed := holes.Cut(text)
		parts = append(parts, d.hole(hole, closed, line, &t)...)
		return rest, nil
	})
	for _, p := range parts {
		if p.name != "" {
			t.parts = parts
		}
		t.value += p.literal
	}
	d.secrets = append(d.secrets, access.SecretsIn(t.value)...)
	d.secrets = append(d.secrets, privateKey.FindAllString(t.value, -1)...)
	return t
}

// hole reads one ${NAME}.
func (d *reader) hole(match string, closed bool, line int, t *text) []part {
	if deep := strings.Count(match, holes.Begins); deep > mostWithin {
		d.problem(line, "got %d values within each other, want at most %d", deep, mostWithin)
		return nil
	}
	inner := holes.Name(match)
	name, other, falls := strings.Cut(inner, ":-")
	switch {
	case closed && name == profileFolder:
		return []part{{literal: d.folder()}}
	case closed && d.told && app.CheckValueName(name) == nil:
		p := part{name: name}
		if falls {
			p.fallback = d.other(other, line, t)
		}
		return []part{p}
	case !closed || !variableName.MatchString(name):
		d.problem(line, "got %q; %s, or write $${ for the characters themselves", match, d.wanted(name, closed))
		return nil
	}
	value, set := d.lookup(name)
	switch {
	case !set && falls:
		fallback := d.other(other, line, t)
		if fallback.parts == nil {
			return []part{{literal: fallback.value}}
		}
		return fallback.parts
	case !set:
		t.missing = append(t.missing, name)
		return nil
	}
	if value != "" {
		t.used = append(t.used, value)
	}
	if secretName.MatchString(name) && len(value) >= shortestSecret {
		d.secrets = append(d.secrets, value)
	}
	return []part{{literal: value}}
}

// other reads what stands behind :- in a ${…} of t.
func (d *reader) other(raw string, line int, t *text) *text {
	other := d.expand(raw, line)
	t.missing, t.used = append(t.missing, other.missing...), append(t.used, other.used...)
	return &other
}

// wanted says what may stand in ${…}.
func (d *reader) wanted(name string, closed bool) string {
	if closed && strings.Contains(name, ".") {
		if !d.told {
			return "which only an application can be told: in its command, dir, env, files, ready or stop"
		}
		if err := app.CheckValueName(name); err != nil {
			return err.Error()
		}
	}
	return "want the name of an environment variable as in ${KAFKA_PASSWORD}"
}

// folder is the profile's, so that programs can be named from any working folder.
func (d *reader) folder() string {
	folder, err := filepath.Abs(filepath.Dir(d.file))
	if err != nil {
		return filepath.Dir(d.file)
	}
	return folder
}

// fill is the text for an application that is told values.
func (t text) fill(value func(name string) (string, error)) (string, error) {
	if t.parts == nil {
		return t.value, nil
	}
	var filled strings.Builder
	for _, p := range t.parts {
		filled.WriteString(p.literal)
		if p.name == "" {
			continue
		}
		told, err := value(p.name)
		if err != nil && (p.fallback == nil || !errors.Is(err, app.ErrNoValue)) {
			return "", fmt.Errorf("${%s} %w", p.name, err)
		}
		if err != nil {
			if told, err = p.fallback.fill(value); err != nil {
				return "", err
			}
		}
		filled.WriteString(told)
	}
	return filled.String(), nil
}

// names are those of what the application must be told.
func (t text) names() []string {
	var names []string
	for _, p := range t.parts {
		if p.name != "" {
			names = append(names, p.name)
		}
		if p.fallback != nil {
			names = append(names, p.fallback.names()...)
		}
	}
	return names
}
