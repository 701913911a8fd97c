package verdict

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// mostNames bounds the names of other fields that are kept to tell which one was meant.
const mostNames = 100

// namedField looks whether any record of a topic has the field that a step names. Where none has it, the name is likely
// a slip, and nothing is said of the application.
type namedField struct {
	topic, name string
	looked      bool
	there       bool
	others      map[string]bool // the names that stand in its place
}

func newNamedField(topic, name string) namedField {
	return namedField{topic: topic, name: name, there: holdsText(name) && !strings.HasPrefix(name, "headers."),
		others: map[string]bool{}}
}

// see takes a record of the topic.
func (s *namedField) see(r *record.Record) {
	s.looked = true
	if s.there {
		return
	}
	if name, isHeader := strings.CutPrefix(s.name, "headers."); isHeader {
		_, s.there = header(r, name)
		for _, h := range r.Headers {
			s.other("headers." + h.Key)
		}
		return
	}
	path, isColumn := strings.CutPrefix(s.name, "value.")
	above := ""
	if isColumn {
		above = "value."
	}
	document := []byte(r.Value)
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if json.Unmarshal(document, &object) != nil {
			return
		}
		next, there := object[name]
		if !there {
			for other := range object {
				s.other(above + other)
			}
			return
		}
		document, above = next, above+name+"."
	}
	s.there = true
}

func (s *namedField) other(name string) {
	if len(s.others) < mostNames {
		s.others[name] = true
	}
}

// none is true where records were seen, and none of them has it.
func (s *namedField) none() bool { return s.looked && !s.there }

// String says that no record has it, and what may be meant.
func (s *namedField) String() string {
	kind := "field"
	if strings.HasPrefix(s.name, "headers.") {
		kind = "header"
	}
	text := fmt.Sprintf("no record of %s has the %s %s", s.topic, kind, s.name)
	known := slices.Sorted(maps.Keys(s.others))
	switch near := nearest.Word(s.name, known); {
	case near != "":
		return fmt.Sprintf("%s; did you mean %s?", text, near)
	case len(known) > 0:
		return fmt.Sprintf("%s; there are %s", text, words.Quoted(known[:min(len(known), 10)]))
	case kind == "field":
		return text + "; the values are not JSON objects"
	}
	return text
}

// unjudged is the result where no record has it.
func (s *namedField) unjudged(judge string) Result {
	var nothing collector
	return nothing.pronounce(judge, 0, s.String())
}
