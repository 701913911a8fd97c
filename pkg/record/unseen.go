package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Unseen is an error where the pattern wants something of a field or a header that none of the records has, and names
// the nearest that there is: that no record is like the pattern says nothing then. What is wanted to be absent, or to
// be there with whatever value, is about just that, and no slip.
func (p Pattern) Unseen(records []Record) error {
	var documents, headers []any
	for i := range records {
		if document, ok := parseJSON(records[i].Value); ok {
			documents = append(documents, document)
		}
		for _, h := range records[i].Headers {
			headers = append(headers, map[string]any{h.Key: nil})
		}
	}
	if value := p.part(columnValue); value.isJSON() {
		if err := value.unseen("field", columnValue, documents); err != nil {
			return err
		}
	}
	wanted := &node{}
	for _, h := range p.headers {
		wanted.fields = append(wanted.fields, nodeField{h.name, &node{text: h.want.text, matches: h.want.matches}})
	}
	return wanted.unseen("header", columnHeaders, headers)
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

// unseen looks for a field below n that none of the documents has.
func (n *node) unseen(what, path string, documents []any) error {
	for _, f := range n.fields {
		if f.node.matches != nil && (f.node.text == matchAbsent || f.node.text == matchAny) {
			continue
		}
		var inner []any
		known := map[string]any{}
		for _, document := range documents {
			if v, ok := lookup(document, f.name); ok {
				inner = append(inner, v)
			}
			object, _ := document.(map[string]any)
			maps.Copy(known, object)
		}
		if inner == nil {
			return unseen(what, path, f.name, known)
		}
		if err := f.node.unseen(what, inside(path, f.name), inner); err != nil {
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
