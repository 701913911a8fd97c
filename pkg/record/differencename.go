package record

import (
	"fmt"
	"slices"
	"strconv"
)

// where gives a pattern's place in its file.
func (d *Difference) where(p int) string {
	if d.want[p].source.File == "" {
		return ""
	}
	return "  (" + d.want[p].source.String() + ")"
}

// ordinal names a pattern: "expected record 2 (line 14)".
func (d *Difference) ordinal(p int) string {
	text := "expected record " + strconv.Itoa(p+1)
	if line := d.want[p].source.Line; line > 0 {
		text += fmt.Sprintf(" (line %d)", line)
	}
	return text
}

// name gives a record's place, or its number where it has none.
func (d *Difference) name(r int) string {
	if place := d.got[r].place(); place != "" {
		return place
	}
	return "record " + strconv.Itoa(r+1)
}

func (d *Difference) show(r int) string {
	return d.showAs(r, d.got[r])
}

// showAs shows a record, with other headers than it has.
func (d *Difference) showAs(r int, rec Record) string {
	if rec.place() == "" {
		return d.name(r) + ": " + rec.Show()
	}
	return rec.Show()
}

// asks is true of a header that is to be shown: as a rule one that some pattern names.
func (d *Difference) asks(header string) bool {
	return d.AllHeaders || slices.ContainsFunc(d.want, func(p Pattern) bool {
		return slices.ContainsFunc(p.headers, func(h part) bool { return h.name == header })
	})
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if n == 0 {
		return "no " + noun + "s"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
