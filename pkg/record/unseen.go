package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Known is what is known of records beside those that there are.
type Known struct {
	Values  []Declared // of their values
	Headers []string   // that they may have
}

// Declared is what a schema says of a value: which fields it may have, be they there or not.
type Declared interface {
	// Field is what is declared of the value of a field, and whether the schema names the field.
	Field(name string) (inner Declared, named bool)
	// Element is what is declared of the elements of a list.
	Element() Declared
	// Names are the fields that the schema names.
	Names() []string
}

// Unseen is an error where the pattern wants something of a field or a header that none of the records has, and that
// is not known either, and names the nearest that there is: that no record is like the pattern says nothing then. What
// is wanted to be absent, or to be there with whatever value, is looked at by NeverThere and Unheard.
func (p Pattern) Unseen(records []Record, known Known) error {
	wanted := func(n *node) bool { return !n.isMatcher(matchAny) && !n.isMatcher(matchAbsent) }
	return p.unseen(wanted, "expect "+matchAny+" of it to say so", records, known)
}

// NeverThere is an error where the pattern wants a field or a header to be absent that none of the records has, and
// that is not known either: a misspelt one is absent everywhere.
func (p Pattern) NeverThere(records []Record, known Known) error {
	return p.unseen(func(n *node) bool { return n.isMatcher(matchAbsent) }, shownElsewhere, records, known)
}

// Unheard is an error where the pattern wants a field or a header to be there, with whatever value, that none of the
// records has: that no record is like it shows nothing, as it may be misspelt.
func (p Pattern) Unheard(records []Record, known Known) error {
	return p.unseen(func(n *node) bool { return n.isMatcher(matchAny) }, shownElsewhere, records, known)
}

const shownElsewhere = "send one that has it, to whatever topic of the scenario, so that it could have been there"

func (n *node) isMatcher(text string) bool { return n.matches != nil && n.text == text }

// unseen looks for what the pattern says of fields and headers that none of the records has, as far as its leaves are
// wanted. Instead is what to do where no other name is near.
func (p Pattern) unseen(wanted func(*node) bool, instead string, records []Record, also Known) error {
	var keys, values, headers []any
	for i := range records {
		if key, ok := parseJSON(records[i].Key); ok {
			keys = append(keys, key)
		}
		if value, ok := parseJSON(records[i].Value); ok {
			values = append(values, value)
		}
		for _, h := range records[i].Headers {
			value, _ := parseJSON(h.Value)
			headers = append(headers, map[string]any{h.Key: value})
		}
	}
	s := search{wanted, "field", instead}
	for _, name := range also.Headers {
		headers = append(headers, map[string]any{name: nil})
	}
	for _, c := range []struct {
		column    string
		documents []any
		declared  []Declared
	}{{columnKey, keys, nil}, {columnValue, values, also.Values}} {
		if n := p.part(c.column); n.isJSON() {
			if err := s.below(n, c.column, c.documents, c.declared); err != nil {
				return err
			}
		}
	}
	named := &node{}
	for _, h := range p.headers {
		named.fields = append(named.fields, nodeField{h.name, h.want})
	}
	s.what = "header"
	return s.below(named, columnHeaders, headers, nil)
}

// Partition is the partition that the pattern wants, where it names one.
func (p Pattern) Partition() (number int64, named bool) {
	want := p.part(columnPartition)
	if want == nil || want.matches != nil {
		return 0, false
	}
	value, ok := want.value.(json.Number)
	if !ok {
		return 0, false
	}
	number, err := value.Int64()
	return number, err == nil
}

// search looks for fields, or headers, that no document has.
type search struct {
	wanted  func(*node) bool // leaves that are looked at
	what    string           // they are
	instead string           // of them, where no other name is near
}

// looksAt is true where a leaf at or below n is wanted.
func (s search) looksAt(n *node) bool {
	below := func(f nodeField) bool { return s.looksAt(f.node) }
	return slices.ContainsFunc(n.fields, below) || slices.ContainsFunc(n.elements, s.looksAt) ||
		len(n.fields) == 0 && len(n.elements) == 0 && s.wanted(n)
}

// below looks for a field below n that none of the documents has, and that is not declared.
func (s search) below(n *node, path string, documents []any, declared []Declared) error {
	for _, e := range n.elements {
		var all []any
		for _, document := range documents {
			list, _ := document.([]any)
			all = append(all, list...)
		}
		var each []Declared
		for _, d := range declared {
			each = append(each, d.Element())
		}
		if err := s.below(e, path, all, each); err != nil {
			return err
		}
	}
	for _, f := range n.fields {
		if !s.looksAt(f.node) {
			continue
		}
		inner, within, there := seenAt(f.name, documents, declared)
		if !there {
			return s.missed(path, f.name, namesAt(documents, declared))
		}
		if err := s.below(f.node, inside(path, f.name), inner, within); err != nil {
			return err
		}
	}
	return nil
}

// seenAt are the values of a field, what is declared of it, and whether there is such a field.
func seenAt(name string, documents []any, declared []Declared) (inner []any, within []Declared, there bool) {
	for _, document := range documents {
		if v, ok := lookup(document, name); ok {
			inner, there = append(inner, v), true
		}
	}
	for _, d := range declared {
		of, named := d.Field(name)
		within, there = append(within, of), there || named
	}
	return inner, within, there
}

// namesAt are all fields that documents have or that are declared.
func namesAt(documents []any, declared []Declared) []string {
	known := map[string]any{}
	for _, document := range documents {
		object, _ := document.(map[string]any)
		maps.Copy(known, object)
	}
	for _, d := range declared {
		for _, name := range d.Names() {
			known[name] = nil
		}
	}
	return sortedNames(known)
}

func (s search) missed(path, name string, names []string) error {
	hint := s.instead
	if near := nearest.Word(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %s?", inside(path, near))
	} else if len(names) > 0 {
		hint = "there are " + listed(names) + "; " + hint
	}
	return fmt.Errorf("no record has the %s %s; %s", s.what, inside(path, name), hint)
}

// inside is the column of a field of an object, or of a header.
func inside(path, name string) string { return path + "." + strings.ReplaceAll(name, ".", `\.`) }
