package record

import (
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Source says where a table or a text stands: the line of a table's first row, or that of a doc string's opening
// quotes, or 0 for a whole file.
type Source struct {
	source.Place
	Lines []int // of the rows of a table that do not follow each other, as comments stand between them; optional
}

// Row is the place of a row, or of a line of a text.
func (s Source) Row(i int) source.Place {
	if i < len(s.Lines) {
		return source.Place{File: s.File, Line: s.Lines[i]}
	}
	return source.Place{File: s.File, Line: s.Line + i}
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
