package runner

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/steps"
)

// ErrUndefined is a step that nobody has registered.
var ErrUndefined = errors.New("undefined step")

// tie finds the one definition that answers a step.
func tie(st step, argument steps.Argument, registry *steps.Registry) (steps.Match, *source.Error) {
	matches, err := registry.Find(st.text, argument)
	if err != nil {
		return steps.Match{}, st.place.Errorf("%s %s: %w", st.keyword, shortened(st.text), err)
	}
	var allowed []steps.Match
	var keywords, forms []string
	for _, m := range matches {
		d := m.Definition
		keywords = append(keywords, string(d.Keyword))
		if d.Allows(st.kind) {
			allowed = append(allowed, m)
			forms = append(forms, fmt.Sprintf("%s (%s:%d)", d.Form(), d.File, d.Line))
		}
	}
	switch {
	case len(matches) == 0:
		return steps.Match{}, st.place.Errorf("%w: %s %s", ErrUndefined, st.keyword, shortened(st.text)).Advise(
			suggestion(st, registry))
	case len(allowed) == 0:
		or := strings.Join(keywords, " or ")
		return steps.Match{}, st.place.Errorf("wrong keyword: %s %s: the step stands under %s, but is one for %s",
			st.keyword, st.text, st.kind, or).Advise("begin the step with " + or +
			"; And and But take the keyword of the step before them")
	case len(allowed) > 1:
		return steps.Match{}, st.place.Errorf("ambiguous step: %s", st.text).Advise("it has the form of: " +
			strings.Join(forms, "; "))
	}
	return allowed[0], nil
}

// suggestion names the phrase that is nearest to a step nobody knows.
func suggestion(st step, registry *steps.Registry) string {
	const listed = "`kafkaspec steps` lists all steps"
	if len(st.text) > longText { // the distance to every phrase would take minutes
		return listed
	}
	for _, text := range tidied(st.text) {
		if text != st.text && answers(registry, text) {
			return "did you mean: " + st.keyword + " " + text + foreign(st.text)
		}
	}
	form := registry.Nearest(st.text)
	if form == "" {
		return listed + foreign(st.text)
	}
	if form != st.keyword+" "+st.text {
		return "did you mean: " + form + foreign(st.text)
	}
	return "write values in place of the names in braces, such as \"orders\" for {topic}"
}

// foreign names the first character outside of quotes that nobody sees, or that looks like another one.
func foreign(text string) string {
	quoted := false
	for _, r := range text {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted && (r > unicode.MaxASCII || unicode.IsControl(r)) && !strings.ContainsRune(typographic, r) {
			return fmt.Sprintf("; it has the character %U, which is invisible or looks like another one", r)
		}
	}
	return ""
}

// typographic are quotes as word processors write them.
const typographic = "“”„«»‘’"

// longText is more than any phrase has; a step of that length holds data.
const longText = 2_000

// tidied are texts that somebody may have meant who wrote one with other quotes, doubled blanks or tabs, characters
// without a form, or a full stop.
func tidied(text string) []string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	plain := strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".")
	double := strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", `"`, "’", `"`, "'", `"`, "`", `"`)
	return []string{plain, double.Replace(plain)}
}

// answers says whether a definition has the form of the text, its values right or wrong.
func answers(registry *steps.Registry, text string) bool {
	matches, err := registry.Find(text, steps.Argument{})
	return len(matches) > 0 || err != nil
}

var placeholder = regexp.MustCompile(`<([^<>]+)>`)

// placeInOutline adds to problems in a row of an outline which row it is, where the row made the step's text, and says
// so where the text has a placeholder without a column.
func (s *scenario) placeInOutline(st step, found ...*source.Error) source.Errors {
	if s.row == nil || len(found) == 0 {
		return found
	}
	for _, m := range placeholder.FindAllStringSubmatch(st.text, -1) {
		if _, ok := s.values[m[1]]; !ok && strings.Contains(st.written, m[0]) {
			var columns []string
			for column := range s.values {
				columns = append(columns, "<"+column+">")
			}
			slices.Sort(columns)
			return source.Errors{st.place.Errorf("%s has no column in the examples: %s %s", m[0], st.keyword, st.written).Advise(
				"add the column, or use one of " + strings.Join(columns, ", "))}
		}
	}
	if st.text != st.written {
		for _, p := range found {
			p.Err = fmt.Errorf("%w (with the examples of line %d)", p.Err, s.line)
		}
	}
	return found
}
