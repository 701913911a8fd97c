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

// Terminal implements progress.Terminal.
func (w redactingWriter) Terminal() (columns int, terminal bool) { return terminalOf(w.next) }

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
