package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// table is all that was measured.
type table struct {
	Taken   time.Time `json:"taken"`
	Took    string    `json:"took"`
	Machine string    `json:"machine"`
	Quick   bool      `json:"quick"`
	Repeat  int       `json:"repeat"`
	Figures []*figure `json:"figures"`
	Notes   []note    `json:"notes,omitempty"`
	LeftOut []string  `json:"left_out"`
}

// note is what a reader of a section must know.
type note struct {
	Section string `json:"section"`
	Text    string `json:"text"`
}

// figure is one cell of what was compared: what, by whom.
type figure struct {
	Section string    `json:"section"`
	What    string    `json:"what"`
	Who     string    `json:"who"`
	Unit    string    `json:"unit"`
	Values  []float64 `json:"values"`
}

func (f *figure) sorted() []float64 { return slices.Sorted(slices.Values(f.Values)) }

func (f *figure) middle() float64 {
	values := f.sorted()
	return values[len(values)/2]
}

// add puts a value where those of the same thing are.
func (t *table) add(section, what, who, unit string, value float64) {
	for _, f := range t.Figures {
		if f.Section == section && f.What == what && f.Who == who && f.Unit == unit {
			f.Values = append(f.Values, value)
			return
		}
	}
	t.Figures = append(t.Figures, &figure{section, what, who, unit, []float64{value}})
}

// note says something of a section, below its name.
func (t *table) note(section, format string, arguments ...any) {
	t.Notes = append(t.Notes, note{section, fmt.Sprintf(format, arguments...)})
}

// leaveOut says what is not in the table, and why. What has the same first line is told once: below it may stand a
// command, which has another topic each turn.
func (t *table) leaveOut(format string, arguments ...any) {
	text := fmt.Sprintf(format, arguments...)
	if !slices.ContainsFunc(t.LeftOut, func(told string) bool { return firstLine(told) == firstLine(text) }) {
		t.LeftOut = append(t.LeftOut, text)
		fmt.Fprintln(os.Stderr, "left out:", text)
	}
}

func (t table) write(file string, form func(table, io.Writer) error) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return form(t, f)
}

func (t table) json(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(t)
}

// ours is the name that the others are held against.
const ours = "kafkaspec"

// markdown writes a table for each section. The last column is the middle value over that of kafkaspec for the same
// thing.
func (t table) markdown(out io.Writer) error {
	w := bufio.NewWriter(out)
	form := func(format string, arguments ...any) { _, _ = fmt.Fprintf(w, format, arguments...) }
	form("Taken %s on %s, in %s.\n", t.Taken.Format("2006-01-02 15:04 MST"), t.Machine, t.Took)
	if t.Quick {
		form("\nA quick run, one turn with few records: it shows that everything works, and its figures say nothing.\n")
	}
	section := ""
	for _, f := range t.Figures {
		if f.Section != section {
			section = f.Section
			form("\n### %s\n", section)
			for _, n := range t.Notes {
				if n.Section == section {
					form("\n%s\n", n.Text)
				}
			}
			form("\n| what | by | unit | min | median | max | median / kafkaspec |\n| --- | --- | --- | ---: | ---: | ---: | " +
				"---: |\n")
		}
		values := f.sorted()
		form("| %s | %s | %s | %s | %s | %s | %s |\n", f.What, f.Who, f.Unit, short(values[0]), short(f.middle()),
			short(values[len(values)-1]), t.ratio(f))
	}
	if len(t.LeftOut) > 0 {
		form("\nLeft out:\n\n")
	}
	for _, text := range t.LeftOut {
		first, below, more := strings.Cut(strings.TrimSpace(text), "\n")
		form("- %s\n", first)
		if more { // a block of code that belongs to the item
			form("\n      %s\n\n", strings.ReplaceAll(below, "\n", "\n      "))
		}
	}
	return w.Flush()
}

func (t table) ratio(f *figure) string {
	for _, base := range t.Figures {
		if base.Section == f.Section && base.What == f.What && base.Unit == f.Unit && base.Who == ours && base != f &&
			base.middle() != 0 {
			return fmt.Sprintf("%.2f", f.middle()/base.middle())
		}
	}
	return ""
}

// short shows three digits or so.
func short(v float64) string {
	switch {
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// machine describes this one, with how busy it is.
func machine() string {
	model, load := "unknown processor", "unknown"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = strings.Join(strings.Fields(string(text))[:2], " and ")
	}
	return fmt.Sprintf("%s, %d cores, %s/%s, %s, load over 1 and 5 minutes %s", model, runtime.NumCPU(), runtime.GOOS,
		runtime.GOARCH, runtime.Version(), load)
}
