package report

import (
	"encoding/base64"
	"io"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Redactor hides secrets in whatever is written. The nil Redactor hides nothing.
type Redactor struct{ replacer *strings.Replacer }

// hidden stands wherever a secret stood.
const hidden = "***"

// NewRedactor hides these texts and the forms they take when quoted, put into a URL or encoded as base64.
// Empty texts are ignored; longer ones win over shorter ones they contain.
func NewRedactor(secrets []string) *Redactor {
	var forms []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		quoted := strconv.Quote(secret)
		forms = append(forms, secret, quoted[1:len(quoted)-1], url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	if len(forms) == 0 {
		return nil
	}
	slices.Sort(forms)
	forms = slices.Compact(forms)
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, hidden)
	}
	return &Redactor{strings.NewReplacer(pairs...)}
}

// Text is the text without the secrets.
func (d *Redactor) Text(text string) string {
	if d == nil {
		return text
	}
	return d.replacer.Replace(text)
}

// Redact wraps a writer so that it never sees the secrets.
func Redact(secrets []string, write Writer) Writer {
	d := NewRedactor(secrets)
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
	case value.Kind() == reflect.String:
		result.SetString(d.Text(value.String()))
	case value.Kind() == reflect.Struct && value.Type() != reflect.TypeFor[time.Time]():
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
