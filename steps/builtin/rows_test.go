package builtin

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/world"
)

func TestCompareRows(t *testing.T) {
	text := func(s string) world.Cell { return world.Cell{Text: s} }
	number := func(s string) world.Cell { return world.Cell{Text: s, Number: true} }
	form := func(s string, f world.Form) world.Cell { return world.Cell{Text: s, Form: f} }
	null := world.Cell{Text: world.Null, Null: true}
	for _, c := range []struct {
		name string
		got  [][]world.Cell
		want [][]string
		says string // empty: the same
	}{
		{"in any order", [][]world.Cell{{text("a")}, {text("b")}}, [][]string{{"b"}, {"a"}}, ""},
		{"NULL", [][]world.Cell{{null}}, [][]string{{"null"}}, ""},
		{"the text null", [][]world.Cell{{text("null")}}, [][]string{{`"null"`}}, ""},
		{"the text null is not NULL", [][]world.Cell{{text("null")}}, [][]string{{"null"}}, `not expected: | "null" |`},
		{"NULL is not the text null", [][]world.Cell{{null}}, [][]string{{`"null"`}}, "not expected: | null |"},
		{"numbers by value", [][]world.Cell{{number("5.10")}, {number("100")}}, [][]string{{"1e2"}, {"5.1"}}, ""},
		{"texts as they are", [][]world.Cell{{text("5.10")}}, [][]string{{"5.1"}}, "not expected: | 5.10 |"},
		{"a number is no quoted text", [][]world.Cell{{number("5")}}, [][]string{{`"5"`}}, "not expected: | 5 |"},
		{"a text and a number alike", [][]world.Cell{{number("5")}, {text("5")}}, [][]string{{"5.0"}, {`"5"`}}, ""},
		{"integers exactly", [][]world.Cell{{number("9007199254740993")}}, [][]string{{"9007199254740992"}},
			"missing: | 9007199254740992 |"},
		{"columns apart", [][]world.Cell{{text("a | b"), text("c")}}, [][]string{{"a", "b | c"}},
			`not expected: | "a | b" | c |`},
		{"JSON by value", [][]world.Cell{{form(`{"a": 1, "b": 2.0}`, world.Document)}}, [][]string{{`{"b":2,"a":1}`}}, ""},
		{"other JSON", [][]world.Cell{{form(`{"a": 1}`, world.Document)}}, [][]string{{`{"a":2}`}}, "not expected"},
		{"JSON's null is not NULL", [][]world.Cell{{form("null", world.Document)}}, [][]string{{"null"}}, "not expected"},
		{"a text is no JSON", [][]world.Cell{{text(`{"a": 1}`)}}, [][]string{{`{"a":1}`}}, "not expected"},
		{"bytes", [][]world.Cell{{form("\x00A", world.Bytes)}, {form("ab", world.Bytes)}}, [][]string{{`\x0041`}, {"ab"}}, ""},
		{"other bytes", [][]world.Cell{{form("\x00A", world.Bytes)}}, [][]string{{`\x0042`}}, `not expected: | \x0041 |`},
		{"bytes that are signs of control", [][]world.Cell{{form("\x05", world.Bytes)}}, [][]string{{"5"}}, `not expected: | \x05 |`},
		{"a UUID", [][]world.Cell{{form("00ab", world.UUID)}}, [][]string{{"00AB"}}, ""},
		{"one too many", [][]world.Cell{{text("a")}, {text("a")}}, [][]string{{"a"}}, "got 2 rows, want exactly 1"},
	} {
		err := compareRows("table t", c.got, c.want)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.says)
		}
	}
}
