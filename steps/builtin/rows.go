package builtin

// Rows: those of a table against the ones that are expected.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// shownRows is how many rows of each kind a mismatch shows.
const shownRows = 5

// compareRows is nil when both have the same rows, in any order.
func compareRows(name string, got [][]world.Cell, want [][]string) error {
	left := slices.Clone(got)
	var missing, more []string
	// what is just as it is written first, so that it is not left without a partner by what is only equal by value
	for _, same := range []func(world.Cell, string) bool{isWritten, isText, isValue} {
		want = slices.DeleteFunc(slices.Clone(want), func(row []string) bool {
			i := slices.IndexFunc(left, func(cells []world.Cell) bool { return slices.EqualFunc(cells, row, same) })
			if i >= 0 {
				left = slices.Delete(left, i, i+1)
			}
			return i >= 0
		})
	}
	for _, row := range want {
		missing = append(missing, line(row))
	}
	for _, cells := range left {
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = shownCell(c)
		}
		more = append(more, line(row))
	}
	if len(missing)+len(more) == 0 {
		return nil
	}
	slices.Sort(more)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: got %s, want exactly %d", name, words.Counted(len(got), "row"),
		len(got)-len(more)+len(missing))
	for _, part := range []struct {
		text string
		rows []string
	}{{"missing", missing}, {"not expected", more}} {
		for i, row := range part.rows {
			if i == shownRows {
				fmt.Fprintf(&b, "\n  … and %d more", len(part.rows)-i)
				break
			}
			fmt.Fprintf(&b, "\n  %s: %s", part.text, row)
		}
	}
	return errors.New(b.String())
}

func line(row []string) string { return "| " + strings.Join(row, " | ") + " |" }

// isWritten tells whether a cell is what is written, and a number where that is one.
func isWritten(got world.Cell, want string) bool {
	_, number := record.CanonicalJSON([]byte(want))
	return isText(got, want) && (got.Null || got.Number == (number && !strings.HasPrefix(want, `"`)))
}

// isText tells whether a cell is what is written: NULL, a quoted text, or a text as it stands.
func isText(got world.Cell, want string) bool {
	if got.Null || want == world.Null {
		return got.Null && want == world.Null
	}
	var quoted string
	if strings.HasPrefix(want, `"`) && !got.Number && json.Unmarshal([]byte(want), &quoted) == nil && got.Text == quoted {
		return true
	}
	return got.Text == want
}

// layouts are how times are written, in UTC where there is no zone.
var layouts = []string{"2006-01-02", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999",
	time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07"}

// isValue compares numbers and times by value, and all else as text.
func isValue(got world.Cell, want string) bool {
	if !got.Time.IsZero() && slices.ContainsFunc(layouts, func(layout string) bool {
		at, err := time.Parse(layout, want)
		return err == nil && at.Equal(got.Time)
	}) {
		return true
	}
	if isForm(got, want) {
		return true
	}
	if !got.Number || strings.HasPrefix(want, `"`) {
		return isText(got, want)
	}
	a, isNumber := record.CanonicalJSON([]byte(got.Text))
	b, wantsNumber := record.CanonicalJSON([]byte(want))
	return isNumber && wantsNumber && bytes.Equal(a, b)
}

// isForm tells whether what is written is a cell in another form than as its text.
func isForm(got world.Cell, want string) bool {
	switch {
	case got.Null || want == world.Null:
	case got.Form == world.Document:
		a, isJSON := record.CanonicalJSON([]byte(got.Text))
		b, wantsJSON := record.CanonicalJSON([]byte(want))
		return isJSON && wantsJSON && bytes.Equal(a, b)
	case got.Form == world.Bytes:
		return strings.EqualFold(want, hexadecimal(got.Text))
	case got.Form == world.UUID:
		return strings.EqualFold(want, got.Text)
	}
	return false
}

// hexadecimal is how PostgreSQL writes bytes.
func hexadecimal(text string) string { return fmt.Sprintf(`\x%x`, text) }

// shownCell is a cell as it would be written in a table.
func shownCell(c world.Cell) string {
	unseen := !utf8.ValidString(c.Text) || strings.ContainsFunc(c.Text, func(r rune) bool {
		return unicode.IsControl(r) && !unicode.IsSpace(r)
	})
	if !c.Null && (c.Form == world.Bytes && unseen || strings.Contains(c.Text, "\x00")) {
		return hexadecimal(c.Text)
	}
	if c.Null || c.Number || c.Text != world.Null && !strings.ContainsAny(c.Text, "|\"\n") {
		return c.Text
	}
	quoted, _ := json.Marshal(c.Text) // a text always encodes
	return string(quoted)
}
