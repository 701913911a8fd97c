package journal

import (
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/internal/typeschema"
)

var update = flag.Bool("update", false, "rewrite the schema of journals")

const journalSchema = "../../docs/schema/journal.schema.json"

// schemaOfLines is the schema of each line of a journal's file: of its first one, the header, and of facts, whose
// detail goes by its type.
func schemaOfLines() ([]byte, error) {
	s := &typeschema.Schema{}
	head := s.Define("header", func() typeschema.Object { return s.Struct(reflect.TypeFor[header]()) })
	fact := s.Define("fact", func() typeschema.Object {
		object := s.Struct(reflect.TypeFor[Fact]())
		var names []string
		for name := range details {
			names = append(names, name)
		}
		slices.Sort(names)
		var cases []typeschema.Object
		for _, name := range names {
			of := s.Of(reflect.TypeOf(details[name]))
			if name == "log" {
				of["type"] = []string{"object", "null"}
			}
			cases = append(cases, typeschema.Object{
				"if": typeschema.Object{"properties": typeschema.Object{"type": typeschema.Object{"const": name}},
					"required": []string{"type"}},
				"then": typeschema.Object{"properties": typeschema.Object{"detail": of}, "required": []string{"detail"}}})
		}
		properties, _ := object["properties"].(typeschema.Object)
		properties["type"], properties["detail"] = typeschema.Object{"enum": names}, true
		object["allOf"] = cases
		return object
	})
	return s.Document("A line of a journal of kafkaspec", "A journal has one JSON object a line: the first is a header, "+
		"the others are facts in the order of their seq. Times are nanoseconds since the journal began. The comments of "+
		"package pkg/journal say what each field means.", typeschema.Object{"anyOf": []typeschema.Object{head, fact}})
}

// TestJournalSchema holds the published schema against the Go types, and lines against the schema.
func TestJournalSchema(t *testing.T) {
	got, err := schemaOfLines()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(journalSchema, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(journalSchema)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs from the types (-want +got); run make golden\n%s", journalSchema, diff)
	}
	validate, err := typeschema.Compile(want)
	if err != nil {
		t.Fatal(err)
	}
	j := New()
	j.Add(Event("a\xff", "processed", map[string]string{"topic": "\x00\xff", "partition": "1", "offset": "2", "x": "]]>"}))
	for _, like := range details {
		j.Add(Fact{Kind: Note, Source: SourceWire, Request: &Request{API: "Fetch"}, Detail: like})
	}
	var text strings.Builder
	if _, err := j.Save(&text, nil); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		if err := validate([]byte(line)); err != nil {
			t.Errorf("%s%v", line, err)
		}
	}
	for _, wrong := range []string{`{}`, `{"journal":3}`,
		`{"seq":1,"at":1,"kind":"note","partition":-1,"offset":-1,"type":"layout","detail":{"partition":1}}`,
		`{"seq":1,"at":1,"kind":"note","partition":-1,"offset":-1,"type":"other","detail":{}}`} {
		if validate([]byte(wrong)) == nil {
			t.Errorf("%s: got no error, want it refused", wrong)
		}
	}
}
