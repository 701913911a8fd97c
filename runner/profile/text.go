package profile

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

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
	fallback *string // in place of a value that there is not
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

// profileFolder stands for the folder of the profile.
const profileFolder = "profile.folder"

// expand replaces ${NAME} by the environment's value, ${NAME:-other} by other where that is not set, and $${ by ${.
// What an application is told, ${topic.orders}, is left for later: see fill.
func (d *reader) expand(raw string, line int) text {
	t := text{line: line}
	var parts []part
	end := 0
	for _, at := range variable.FindAllStringIndex(raw, -1) {
		place := line + strings.Count(raw[:at[0]], "\n")
		parts = append(parts, part{literal: raw[end:at[0]]}, d.hole(raw[at[0]:at[1]], place, &t))
		end = at[1]
	}
	parts = append(parts, part{literal: raw[end:]})
	for _, p := range parts {
		if p.name != "" {
			t.parts = parts
		}
		t.value += p.literal
	}
	d.secrets = append(d.secrets, access.SecretsIn(t.value)...)
	return t
}

// hole reads one ${NAME}.
func (d *reader) hole(match string, line int, t *text) part {
	if match == "$${" {
		return part{literal: "${"}
	}
	inner, closed := strings.CutSuffix(strings.TrimPrefix(match, "${"), "}")
	name, fallback, falls := strings.Cut(inner, ":-")
	switch {
	case closed && name == profileFolder:
		return part{literal: d.folder()}
	case closed && d.told && app.CheckValueName(name) == nil:
		p := part{name: name}
		if falls {
			p.fallback = &fallback
		}
		return p
	case !closed || !variableName.MatchString(name):
		d.problem(line, "got %q; %s, or write $${ for the characters themselves", match, d.wanted(name, closed))
		return part{}
	}
	value, set := d.lookup(name)
	switch {
	case !set && falls:
		return part{literal: fallback}
	case !set:
		t.missing = append(t.missing, name)
		return part{}
	}
	if value != "" {
		t.used = append(t.used, value)
	}
	if secretName.MatchString(name) && len(value) >= shortestSecret {
		d.secrets = append(d.secrets, value)
	}
	return part{literal: value}
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

// fill is the text for an application that is told env.
func (t text) fill(env app.Env) (string, error) {
	if t.parts == nil {
		return t.value, nil
	}
	var filled strings.Builder
	for _, p := range t.parts {
		filled.WriteString(p.literal)
		if p.name == "" {
			continue
		}
		value, err := env.Value(p.name)
		if err != nil && (p.fallback == nil || !errors.Is(err, app.ErrNoValue)) {
			return "", fmt.Errorf("${%s} %w", p.name, err)
		}
		if err != nil {
			value = *p.fallback
		}
		filled.WriteString(value)
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
	}
	return names
}
