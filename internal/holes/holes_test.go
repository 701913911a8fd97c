package holes_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/holes"
)

func TestEach(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"plain $ { }":         "plain $ { }",
		"${a}":                "<a>",
		"x${a}y${b.c}z":       "x<a>y<b.c>z",
		"$${a} ${b}":          "${a} <b>",
		"$$${a}":              "$${a}",
		"${a:-${b:-c}}d":      "<a:-${b:-c}>d",
		"${}":                 "<>",
		"${a":                 "<a|open>",
		"${a\nb} ${c}":        "<a|open>\nb} <c>",
		"${a:-${b}\n${c}":     "<a:-${b}|open>\n<c>",
		"{\"a\": \"${b}\"}":   "{\"a\": \"<b>\"}",
		"one }\n$${ two ${x}": "one }\n${ two <x>",
	} {
		var b strings.Builder
		err := holes.Each(text, func(s string) { b.WriteString(s) }, func(text string) (string, error) {
			hole, rest, closed := holes.Cut(text)
			b.WriteString("<" + holes.Name(hole))
			if !closed {
				b.WriteString("|open")
			}
			b.WriteString(">")
			return rest, nil
		})
		if got := b.String(); got != want || err != nil {
			t.Errorf("%q: got %q (%v), want %q", text, got, err, want)
		}
	}
	failed := errors.New("no")
	err := holes.Each("a${b}", func(string) {}, func(string) (string, error) { return "", failed })
	if !errors.Is(err, failed) {
		t.Errorf("got %v, want the error of fill", err)
	}
}
