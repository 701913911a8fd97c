package report

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/internal/typeschema"
)

const resultsSchema = "../../docs/schema/results.schema.json"

// TestResultsSchema holds the published schema against the Go types, and results against the schema.
func TestResultsSchema(t *testing.T) {
	words := make([]any, 0, len(labels))
	for _, status := range append(statuses[:len(statuses):len(statuses)], Skipped) {
		words = append(words, status)
	}
	s := &typeschema.Schema{Special: map[reflect.Type]typeschema.Object{reflect.TypeFor[Status](): {"enum": words}}}
	got, err := s.Document("results.json of kafkaspec", "One run, as `kafkaspec run --report` writes it. Names that end "+
		"with _ns are nanoseconds. The comments of package runner/report say what each field means.",
		s.Of(reflect.TypeFor[Results]()))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(resultsSchema, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(resultsSchema)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs from the types (-want +got); run make golden\n%s", resultsSchema, diff)
	}
	validate, err := typeschema.Compile(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]Results{"sample": sample(), "hostile": hostileResults(), "none": {}} {
		var text bytes.Buffer
		if err := JSON(&text, r); err != nil {
			t.Fatal(err)
		}
		if err := validate(text.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wrong := strings.Replace(text.String(), `"seed"`, `"sed"`, 1)
		if validate([]byte(wrong)) == nil {
			t.Errorf("%s: got no error, want a field that there is not to be refused", name)
		}
	}
}
