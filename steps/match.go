package steps

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// Match is a step's text tied to the definition that answers it.
type Match struct {
	Definition *Definition
	Values     []phrase.Value
	Guard      Guard
	text       string
	argument   Argument
}

// Guard is the time an expectation is given.
type Guard struct {
	Once   string        // application that must have caught up first; empty for none
	Within time.Duration // look again until it holds, at most this long; 0: the default
	For    time.Duration // it must hold all this time; 0: not asked for
}

// longestGuard is far more than any scenario may take.
const longestGuard = 24 * time.Hour

var (
	onceGuard = regexp.MustCompile(`^once ("(?:[^"\\]|\\.)*") has caught up, (.+)$`)
	timeGuard = regexp.MustCompile(`^(within|for) (-?\d\S*) (.+)$`)
)

// Find ties text to definitions. More than one answer means the step is ambiguous, none that it is undefined.
// Keywords are not looked at: see Definition.Allows. The error is a bad value in text that has the form of a phrase.
func (r *Registry) Find(text string, argument Argument) ([]Match, error) {
	if matches, err := r.find(text, text, Guard{}, argument); len(matches) > 0 || err != nil {
		return matches, err
	}
	guard, rest, err := r.splitGuard(text)
	if err != nil || rest == text {
		return nil, err
	}
	matches, err := r.find(text, rest, guard, argument)
	if len(matches) > 0 || err != nil {
		return matches, err
	}
	return nil, r.misguarded(rest)
}

// Unguarded is a step's text without the guards before it, whether they are good or not.
func Unguarded(text string) string {
	if m := onceGuard.FindStringSubmatch(text); m != nil {
		text = m[2]
	}
	if m := timeGuard.FindStringSubmatch(text); m != nil {
		text = m[3]
	}
	return text
}

// misguarded says why no step answers a text that has a guard before it, where it is the guard that is wrong.
func (r *Registry) misguarded(rest string) error {
	if m := timeGuard.FindStringSubmatch(rest); m != nil {
		return fmt.Errorf("got %s %s behind another guard, want one of within and for", m[1], m[2])
	}
	if matches, err := r.find(rest, rest, Guard{}, Argument{}); len(matches) > 0 || err != nil {
		return errors.New("within, for and once go before expectations, and this step does something; remove the guard")
	}
	return nil
}

func (r *Registry) find(whole, text string, guard Guard, argument Argument) ([]Match, error) {
	var matches []Match
	var firstErr error
	for _, d := range r.definitions {
		if !d.Phrase.Matches(text) {
			continue
		}
		values, err := d.Phrase.Read(text)
		if d = d.with(values); guard != (Guard{}) && !d.Awaited {
			continue
		}
		if err != nil {
			firstErr = err
			continue
		}
		matches = append(matches, Match{Definition: d, Values: values, Guard: guard, text: whole, argument: argument})
	}
	if len(matches) > 0 {
		return matches, nil
	}
	return nil, firstErr
}

func (r *Registry) splitGuard(text string) (Guard, string, error) {
	var g Guard
	rest := text
	if m := onceGuard.FindStringSubmatch(rest); m != nil {
		if _, err := r.params["app"].Parse(m[1]); err != nil {
			return g, text, err
		}
		g.Once, rest = phrase.Unquote(m[1]), m[2]
	}
	if m := timeGuard.FindStringSubmatch(rest); m != nil {
		d, err := units.Period.Parse(m[2])
		if err != nil {
			return g, text, fmt.Errorf("after %q: %w", m[1], err)
		}
		if d > longestGuard {
			return g, text, fmt.Errorf("after %q: got %q, want at most %s", m[1], m[2], longestGuard)
		}
		if m[1] == "within" {
			g.Within = d
		} else {
			g.For = d
		}
		rest = m[3]
	}
	return g, rest, nil
}

// Allows says whether the step may stand under a keyword.
func (d *Definition) Allows(k Keyword) bool {
	return d.Keyword == Any || k == Any || d.Keyword == k
}

// Check reads the table or doc string as the handler will, with the variables known so far, and looks its names up, so
// that a slip is found before anything is started.
func (m Match) Check(s world.Surroundings, vars record.Vars) error {
	if _, err := m.decode(vars); err != nil {
		return err
	}
	if _, err := m.expanded(vars); err != nil {
		return err
	}
	for _, check := range m.Definition.checks {
		if err := check(s, m); err != nil {
			return err
		}
	}
	return nil
}

// Doubt returns what the cluster would refuse of the step's values, as far as that is known: see Doubted.
func (m Match) Doubt(s world.Surroundings) error {
	var errs []error
	for _, doubt := range m.Definition.doubts {
		errs = append(errs, doubt(s, m))
	}
	return errors.Join(errs...)
}

// Names returns the values given for a parameter type, such as every {topic} of the step.
func (m Match) Names(param string) []string {
	names := namesIn(m.Values, param)
	if param == "app" && m.Guard.Once != "" {
		names = append(names, m.Guard.Once)
	}
	return names
}

func namesIn(values []phrase.Value, param string) (names []string) {
	for _, v := range values {
		if v.Param == param {
			names = append(names, v.Text)
		}
		names = append(names, namesIn(v.Inner, param)...)
	}
	return names
}

// Run carries the step out in the world of ctx, waiting as its guard says.
func (m Match) Run(ctx context.Context) error {
	w := world.FromContext(ctx)
	look, err := m.Look(ctx, w)
	if err != nil {
		return err
	}
	if !m.Definition.Awaited {
		return look(ctx)
	}
	if m.Guard.Once != "" {
		a, err := w.Application(m.Guard.Once)
		if err == nil {
			err = a.AwaitCaughtUp(ctx)
		}
		if err != nil {
			return err
		}
	}
	if m.Guard.For > 0 {
		return w.HoldsFor(ctx, m.Guard.For, m.text, look)
	}
	if m.Guard.Within > 0 {
		return w.Within(ctx, m.Guard.Within, m.text, look)
	}
	return w.Until(ctx, 0, m.text, look)
}

func (m Match) call(ctx context.Context, argument reflect.Value) error {
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for i, v := range m.Values {
		value := v.Value
		if find := m.Definition.finds[i]; find != nil {
			found, err := find(ctx, value)
			if err != nil {
				return err
			}
			value = found
		}
		in = append(in, reflect.ValueOf(value))
	}
	if argument.IsValid() {
		in = append(in, argument)
	}
	err, _ := m.Definition.handler.Call(in)[0].Interface().(error)
	return err
}

// Form is the phrase with its keyword, as the catalogue shows it.
func (d *Definition) Form() string { return Variant{Text: d.Phrase.String(), Definition: d}.form() }

func (v Variant) form() string {
	return strings.TrimPrefix(string(v.Definition.Keyword)+" ", "Step ") + v.Text
}

// mostLookups is how many texts Nearest looks up: each costs milliseconds, and nobody reads the advice on thousands.
const mostLookups = 150

// Nearest is the form of the phrase whose wording is nearest to that of a text; "" where none is near, and for all
// behind the first 150 texts. It is not safe for concurrent use.
func (r *Registry) Nearest(text string) string {
	r.forms.Do(func() {
		r.byWording = map[string]string{}
		for _, d := range r.definitions {
			for _, v := range d.Variants() {
				wording := r.wording(v.Text)
				if _, known := r.byWording[wording]; !known {
					r.listed = append(r.listed, wording)
					r.byWording[wording] = v.form()
				}
			}
		}
	})
	if r.lookups++; r.lookups > mostLookups {
		return ""
	}
	wording := r.wording(text)
	for _, listed := range r.listed { // one that lacks the first word, as in: application "shipping" has failed
		if _, rest, _ := strings.Cut(listed, " "); rest == wording && strings.HasPrefix(rest, "#") {
			return r.byWording[listed]
		}
	}
	return r.byWording[nearest.Word(wording, r.listed)]
}

// wording reduces a phrase or a step's text to its fixed words, so that the two can be compared: values and parameters
// become one mark.
func (r *Registry) wording(text string) string {
	r.wordings.Do(func() {
		for _, p := range r.params {
			if p.Inner != nil { // a value with values of its own
				r.nested = append(r.nested, regexp.MustCompile("^"+p.Pattern))
			}
		}
	})
	for _, pattern := range r.nested {
		text = pattern.ReplaceAllString(text, "#")
	}
	text, _ = Typed(text)
	return strings.ToLower(strings.NewReplacer("(", "", ")", "").Replace(text))
}

// Typed takes the values out of a step's text, or of what is typed of it so far: each becomes the mark # in its words.
func Typed(text string) (words string, values []string) {
	return valueLike.ReplaceAllString(text, "#"), valueLike.FindAllString(text, -1)
}

var valueLike = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\{\w+\}|\b\d[\w.%]*|\b[A-Z]+(?:_[A-Z]+)+\b`)
