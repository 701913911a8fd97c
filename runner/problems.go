package runner

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in what the user gave: a feature file, a flag, the profile.
type Problem struct {
	File string // empty for flags
	Line int    // 0 where there is none
	Text string
	Hint string // what to do; may be empty
}

func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Text)
	if p.Hint != "" {
		b.WriteString("\n    " + p.Hint)
	}
	return b.String()
}

// InputError is everything that is wrong with the input, found before anything was started. The command answers it with
// exit code 2.
type InputError struct{ Problems []Problem }

func (e *InputError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// inputError wraps problems, sorted by place and without repetitions; nil for none.
func inputError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return &InputError{slices.Compact(problems)}
}
