package record

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Unseen is an error where the pattern wants something of a field or a header that none of the records has, and names
// the nearest that there is: that no record is like the pattern says nothing then. What is wanted to be absent, or to
// be there with whatever value, is about just that, and no slip.
func (p Pattern) Unseen(records []Record) error {
	views := viewsOf(records)
	if p.value != nil && p.value.tree != nil {
		documents := func(yield func(any) bool) {
			for i := range views {
				if document, ok := views[i].document(); ok && !yield(document) {
					return
				}
			}
		}
		if err := p.value.tree.unseen(columnValue, documents); err != nil {
			return err
		}
	}
	for _, h := range p.headers {
		has := func(r Record) bool {
			return slices.ContainsFunc(r.Headers, func(got Header) bool { return got.Key == h.key })
		}
		if h.want.matcher.isOfPresence() || slices.ContainsFunc(records, has) {
			continue
		}
		known := map[string]any{}
		for _, r := range records {
			for _, got := range r.Headers {
				known[got.Key] = nil
			}
		}
		return unseen("header", columnHeaders, h.key, known)
	}
	return nil
}

// unseen looks for a field below n that none of the documents has.
func (n *node) unseen(path string, documents func(yield func(any) bool)) error {
	for _, f := range n.fields {
		if f.node.matcher.isOfPresence() {
			continue
		}
		inner := func(yield func(any) bool) {
			for document := range documents {
				if v, ok := lookup(document, f.name); ok && !yield(v) {
					return
				}
			}
		}
		found := false
		for range inner {
			found = true
			break
		}
		if !found {
			known := map[string]any{}
			for document := range documents {
				if object, ok := document.(map[string]any); ok {
					for name := range object {
						known[name] = nil
					}
				}
			}
			return unseen("field", path, f.name, known)
		}
		if err := f.node.unseen(inside(path, f.name), inner); err != nil {
			return err
		}
	}
	return nil
}

func unseen(what, path, name string, known map[string]any) error {
	names := sortedNames(known)
	hint := fmt.Sprintf("they have none there: expect %s of it to say so", matchAny)
	if near := nearest.Word(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %s?", inside(path, near))
	} else if len(names) > 0 {
		hint = "there are: " + listed(names)
	}
	return fmt.Errorf("no record has the %s %s; %s", what, inside(path, name), hint)
}

// inside is the column of a field of an object, or of a header.
func inside(path, name string) string { return path + "." + strings.ReplaceAll(name, ".", `\.`) }

// isOfPresence says that the matcher only asks whether something is there.
func (m *matcher) isOfPresence() bool {
	return m != nil && (m.text == matchAbsent || m.text == matchAny)
}
