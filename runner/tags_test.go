package runner

import (
	"strings"
	"testing"
)

func TestTagExpressions(t *testing.T) {
	tests := []struct {
		expression string
		tags       string
		want       bool
	}{
		{"", "", true},
		{"@a", "@a", true},
		{"@a", "@b", false},
		{"not @a", "@b", true},
		{"not not @a", "@a", true},
		{"@a and @b", "@a", false},
		{"@a and @b", "@a @b", true},
		{"@a or @b and @c", "@a", true}, // and binds more tightly
		{"(@a or @b) and @c", "@a", false},
		{"(@a or @b) and not (@c or @d)", "@b", true},
		{"(@a or @b) and not (@c or @d)", "@b @d", false},
	}
	for _, test := range tests {
		e, err := parseTags(test.expression)
		if err != nil {
			t.Errorf("%q: %v", test.expression, err)
			continue
		}
		tags := map[string]bool{}
		for _, tag := range strings.Fields(test.tags) {
			tags[tag] = true
		}
		if got := e(tags); got != test.want {
			t.Errorf("%q on %q: got %v, want %v", test.expression, test.tags, got, test.want)
		}
	}
}

func TestTagExpressionsRefused(t *testing.T) {
	for _, expression := range []string{"a", "@a &&  @b", "@a,@b", "@a @b", "@a and", "not", "(@a", "@a)", "@", "~@a",
		"@a or or @b", "()"} {
		if _, err := parseTags(expression); err == nil || !strings.Contains(err.Error(), "write it as in") {
			t.Errorf("%q: got error %v, want it refused with an example", expression, err)
		}
	}
}
