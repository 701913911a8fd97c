package record

import (
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Source says where a table or a text stands. Every error starts with it.
type Source struct {
	File string
	// Line is the line of a table's first row. For a doc string it is the line of its opening quotes, so that its own
	// first line is Line+1; for a whole file it is 0.
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

// didYouMean lists what is known, the nearest first.
func didYouMean(word string, known []string) string {
	if len(known) == 0 {
		return "none is known here"
	}
	if near := nearest.Word(word, known); near != "" {
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
