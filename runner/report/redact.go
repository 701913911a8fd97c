package report

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// Redactor hides secrets in whatever is written. It may learn of more secrets while it is used. The nil Redactor and
// the zero one hide nothing.
type Redactor struct {
	mu      sync.Mutex
	secrets []string // whose parts give something away
	values  []string // hidden as a whole, and where they were cut
	current atomic.Pointer[matcher]
}

// hidden stands wherever a secret stood.
const hidden = "***"

// Hide hides these texts from now on, in every form they take in an output, and six or more characters in a row of
// them: what cuts or wraps a text need not know of secrets. Empty texts are ignored.
func (d *Redactor) Hide(secrets ...string) { d.add(secrets, nil) }

// HideWhole hides these texts from now on, in every form, and what is left of them where a text was cut, which "…"
// shows. Their parts may be ordinary words and are seen.
func (d *Redactor) HideWhole(values ...string) { d.add(nil, values) }

func (d *Redactor) add(secrets, values []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := len(d.secrets) + len(d.values)
	d.secrets, d.values = newTexts(d.secrets, secrets), newTexts(d.values, values)
	if len(d.secrets)+len(d.values) > known {
		d.current.Store(newMatcher(d.secrets, d.values))
	}
}

func newTexts(known, more []string) []string {
	for _, text := range more {
		if strings.TrimSpace(text) != "" && !slices.Contains(known, text) {
			known = append(known, text)
		}
	}
	return known
}

// Text is the text without the secrets.
func (d *Redactor) Text(text string) string {
	if d == nil {
		return text
	}
	m := d.current.Load()
	if m == nil {
		return text
	}
	return m.replace(text)
}

// matcher finds secrets by pieces of them, windows, so that it finds what is left of one that was cut.
type matcher struct {
	secret, value pieces
	forms         []string          // of the values, in full
	short         *strings.Replacer // forms that are shorter than a window
}

// pieces are windows by their length.
type pieces struct {
	windows [hexWindow + 1]map[string]bool
	sizes   []int // of those there are
	begins  [256]bool
}

func newMatcher(secrets, values []string) *matcher {
	m := &matcher{}
	var short []string
	take := func(texts []string, into *pieces) {
		for _, text := range texts {
			for _, f := range formsOf(text) {
				if len(f.text) < f.window {
					short = append(short, f.text)
				}
				into.add(f)
			}
		}
	}
	take(secrets, &m.secret)
	take(values, &m.value)
	for _, value := range values {
		for _, f := range formsOf(value) {
			m.forms = append(m.forms, f.text)
		}
	}
	slices.SortFunc(short, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(short))
	for _, text := range short {
		pairs = append(pairs, text, hidden)
	}
	m.short = strings.NewReplacer(pairs...)
	return m
}

func (p *pieces) add(f form) {
	for i := 0; i+f.window <= len(f.text); i++ {
		if p.windows[f.window] == nil {
			p.windows[f.window] = map[string]bool{}
			p.sizes = append(p.sizes, f.window)
		}
		p.windows[f.window][f.text[i:i+f.window]] = true
		p.begins[f.text[i]] = true
	}
}

// span is a part of a text.
type span struct{ from, to int }

// find lists the longest parts of a text that are made of windows only.
func (p *pieces) find(text string) (found []span) {
	for i := range len(text) {
		end := 0
		if p.begins[text[i]] {
			for _, size := range p.sizes {
				if i+size <= len(text) && p.windows[size][text[i:i+size]] {
					end = max(end, i+size)
				}
			}
		}
		switch last := len(found) - 1; {
		case end == 0:
		case last >= 0 && i <= found[last].to:
			found[last].to = max(found[last].to, end)
		default:
			found = append(found, span{i, end})
		}
	}
	return found
}

func (m *matcher) replace(text string) string {
	found := m.secret.find(text)
	for _, s := range m.value.find(text) {
		if m.whole(text[s.from:s.to]) || wasCut(text, s) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	end := 0
	for _, s := range found {
		s = atCharacters(text, s)
		if s.to <= end {
			continue
		}
		if s.from > end || end == 0 {
			b.WriteString(m.short.Replace(text[end:max(s.from, end)]))
			b.WriteString(hidden)
		}
		end = s.to
	}
	b.WriteString(m.short.Replace(text[end:]))
	return b.String()
}

func (m *matcher) whole(part string) bool {
	return slices.ContainsFunc(m.forms, func(form string) bool { return strings.Contains(part, form) })
}

// wasCut says whether what stands beside a part shows that there was more of it.
func wasCut(text string, s span) bool {
	before := strings.TrimRight(text[:s.from], `"'\`)
	after := strings.TrimLeft(text[s.to:], `"'\`)
	for _, mark := range []string{"…", "..."} {
		if strings.HasSuffix(before, mark) || strings.HasPrefix(after, mark) {
			return true
		}
	}
	return false
}

// atCharacters widens a part so that it neither begins nor ends within a character.
func atCharacters(text string, s span) span {
	for s.from > 0 && !utf8.RuneStart(text[s.from]) {
		s.from--
	}
	for s.to < len(text) && !utf8.RuneStart(text[s.to]) {
		s.to++
	}
	return s
}

// literal is a string of JSON.
var literal = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// JSON is a text of JSON values without the secrets in their strings.
func (d *Redactor) JSON(text string) string {
	if d == nil || d.current.Load() == nil {
		return text
	}
	return literal.ReplaceAllStringFunc(text, func(quoted string) string {
		var plain string
		if json.Unmarshal([]byte(quoted), &plain) != nil {
			return d.Text(quoted)
		}
		safe := d.Text(plain)
		if safe == plain {
			return quoted
		}
		again, _ := json.Marshal(safe) // a text can be encoded
		return string(again)
	})
}

// Writer passes on what is written without the secrets. A secret must not be spread over two writes.
func (d *Redactor) Writer(w io.Writer) io.Writer { return redactingWriter{d, w} }

type redactingWriter struct {
	redactor *Redactor
	next     io.Writer
}

// Write implements io.Writer.
func (w redactingWriter) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.next, w.redactor.Text(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Error is an error whose text has no secret in it. errors.Is and errors.As see what they saw before; whoever shows
// what errors.As found must hide the secrets in it.
func (d *Redactor) Error(err error) error {
	if err == nil || d.Text(err.Error()) == err.Error() {
		return err
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok && //nolint:errorlint // the join itself, not what it wraps
		err.Error() == errors.Join(joined.Unwrap()...).Error() {
		var all []error
		for _, one := range joined.Unwrap() {
			all = append(all, d.Error(one))
		}
		return errors.Join(all...)
	}
	return &redactedError{d.Text(err.Error()), err}
}

type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }

func (e *redactedError) Unwrap() error { return e.err }

// Redact wraps a writer so that it never sees the secrets.
func Redact(d *Redactor, write Writer) Writer {
	return func(w io.Writer, r Results) error { return write(w, redacted(d, r)) }
}

// redacted is a copy of a value, a part of Results, with the secrets hidden in all its texts.
func redacted[T any](d *Redactor, value T) T {
	if d == nil {
		return value
	}
	return d.copied(reflect.ValueOf(&value).Elem()).Interface().(T)
}

func (d *Redactor) copied(value reflect.Value) reflect.Value {
	result := reflect.New(value.Type()).Elem()
	result.Set(value)
	switch {
	case value.Type() == reflect.TypeFor[Status](), value.Type() == reflect.TypeFor[time.Time]():
	case value.Kind() == reflect.String:
		result.SetString(d.Text(value.String()))
	case value.Kind() == reflect.Struct:
		for i := range value.NumField() {
			result.Field(i).Set(d.copied(value.Field(i)))
		}
	case value.Kind() == reflect.Pointer && !value.IsNil():
		result.Set(reflect.New(value.Type().Elem()))
		result.Elem().Set(d.copied(value.Elem()))
	case value.Kind() == reflect.Slice && !value.IsNil():
		result.Set(reflect.MakeSlice(value.Type(), value.Len(), value.Len()))
		for i := range value.Len() {
			result.Index(i).Set(d.copied(value.Index(i)))
		}
	case value.Kind() == reflect.Map && !value.IsNil():
		result.Set(reflect.MakeMap(value.Type()))
		for key, one := range value.Seq2() {
			result.SetMapIndex(d.copied(key), d.copied(one))
		}
	}
	return result
}
