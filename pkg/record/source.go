package record

import (
	"fmt"
	"strings"
)

// Source says where a table or a text stands. Every error starts with it.
type Source struct {
	File string
	// Line is the line of a table's first row. For a doc string it is the line of its opening quotes, so that its own first
	// line is Line+1; for a whole file it is 0.
	Line int
	// Lines gives the line of each row of a table whose rows do not follow each other (comments between them). Optional.
	Lines []int
}

func (s Source) row(i int) Source {
	line := s.Line + i
	if i < len(s.Lines) {
		line = s.Lines[i]
	}
	return Source{File: s.File, Line: line}
}

// inside gives the place of a line of a text, counted from 1.
func (s Source) inside(line int) Source { return Source{File: s.File, Line: s.Line + line} }

func (s Source) String() string {
	file := s.File
	if file == "" {
		file = "input"
	}
	return fmt.Sprintf("%s:%d", file, s.Line)
}

func (s Source) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %w", s, fmt.Errorf(format, args...))
}

// nearest gives the known word closest to a mistyped one, or "" when none is close.
func nearest(word string, known []string) string {
	best, bestDistance := "", max(len(word)/2, 1)+1
	for _, candidate := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// didYouMean lists what is known, the nearest first.
func didYouMean(word string, known []string) string {
	if len(known) == 0 {
		return "none is known here"
	}
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q? known: %s", near, listed(known))
	}
	return "known: " + listed(known)
}

// listed keeps a list in an error to a length somebody reads.
func listed(words []string) string {
	const most = 12
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}

// distance is the Levenshtein distance with a swap of neighbours counted as one (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return max(len(x), len(y)) // not a typing mistake any more
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}
