package report

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
)

// How long an annotation may be, in characters. GitHub drops a summary of more than 1 MiB as a whole.
const (
	annotationLength = 4000
	summaryReserve   = 200 // bytes for the line that says what was left out
)

// Annotations writes a workflow command for each scenario that did not pass, by which GitHub Actions marks its line.
// Below is the folder of the run within the repository, "" for its root.
//
// Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, and its toolkit's escapes.
func Annotations(below string) Writer {
	return func(w io.Writer, r Results) error {
		var b strings.Builder
		for _, s := range r.NotPassed() {
			f := s.Failure
			if f == nil || s.Status == Interrupted {
				continue
			}
			file := f.File
			if !path.IsAbs(file) {
				file = path.Join(below, file)
			}
			fmt.Fprintf(&b, "::error file=%s,line=%d,title=%s::%s\n", property(file), f.Line, property(heading(s)),
				commandText(shorten(clean(f.Step+"\n"+f.Message), annotationLength)))
		}
		_, err := io.WriteString(w, b.String())
		return err
	}
}

var (
	commandEscapes  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func commandText(text string) string { return commandEscapes.Replace(strings.TrimSpace(clean(text))) }

func property(text string) string { return propertyEscapes.Replace(clean(text)) }

// Summary writes Markdown for the summary of a job: what did not pass, and each feature, in at most so many bytes.
func Summary(most int) Writer {
	return func(w io.Writer, r Results) error {
		t := &tables{most: most - summaryReserve}
		t.write("## kafkaspec: " + markdown(strings.TrimSpace(lastLine(summary(r, false)))) + "\n")
		if rows := r.NotPassed(); len(rows) > 0 {
			t.write("\n| | scenario | where | why |\n| --- | --- | --- | --- |\n")
			for _, s := range rows {
				word, why := "not started", r.NotStartedWhy
				if s.Failure != nil {
					word, why = inWords(s.Status), firstLine(s.Failure.Message)
				}
				t.row(word, heading(s), fmt.Sprintf("%s:%d", s.File, s.Line), why)
			}
		}
		if len(r.Scenarios) > 0 {
			t.write("\n| feature | passed | not passed | not applicable | time |\n| --- | --- | --- | --- | --- |\n")
			features(r, func(name string, passed, other, lacking int, took string) {
				t.row(name, fmt.Sprint(passed), fmt.Sprint(other), fmt.Sprint(lacking), took)
			})
		}
		if t.left > 0 {
			fmt.Fprintf(&t.text, "\n%s left out; the report has all.\n", words.Counted(t.left, "line"))
		}
		_, err := io.WriteString(w, t.text.String())
		return err
	}
}

// features calls row for each feature, in the order of files.
func features(r Results, row func(name string, passed, other, lacking int, took string)) {
	for at := 0; at < len(r.Scenarios); {
		first := r.Scenarios[at]
		passed, other, lacking, spent := 0, 0, 0, time.Duration(0)
		for ; at < len(r.Scenarios) && r.Scenarios[at].File == first.File; at++ {
			spent += r.Scenarios[at].Duration
			switch r.Scenarios[at].Status {
			case Passed:
				passed++
			case NotApplicable:
				lacking++
			default:
				other++
			}
		}
		row(first.Feature, passed, other, lacking, took(spent))
	}
}

// tables are Markdown of a length that is not exceeded.
type tables struct {
	text strings.Builder
	most int
	left int // lines there was no room for
}

func (t *tables) write(line string) {
	if t.left > 0 || t.text.Len()+len(line) > t.most {
		t.left++
		return
	}
	t.text.WriteString(line)
}

func (t *tables) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = markdown(shorten(cell, 500))
	}
	t.write("| " + strings.Join(cells, " | ") + " |\n")
}

// markdown is a text as it stands, in one line: whatever could mean something within a line of Markdown, or
// in HTML, is escaped.
func markdown(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(clean(text)), " ") {
		switch {
		case r == '|' || r == '\\': // which tables take otherwise than the rest
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		case r < 0x80 && strings.ContainsRune("#$&*.:<>@[]_`{}~", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return lines[len(lines)-1]
}
