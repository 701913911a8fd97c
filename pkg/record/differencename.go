package record

import (
	"fmt"
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
	if d.got[r].place() == "" {
		return d.name(r) + ": " + d.got[r].Show()
	}
	return d.got[r].Show()
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
