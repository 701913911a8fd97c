package report

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/typeschema"
)

// TestCTRF holds what is written against the format, and its counts against its tests.
func TestCTRF(t *testing.T) {
	schema, err := os.ReadFile("testdata/ctrf.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	validate, err := typeschema.Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]Results{"sample": sample(), "hostile": hostileResults(), "none": {},
		"not started": {NotStarted: []NotStarted{{File: "a.feature", Line: 3}}}} {
		var text bytes.Buffer
		if err := CTRF(&text, r); err != nil {
			t.Fatal(err)
		}
		if err := validate(text.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.ContainsAny(text.String(), "\x1b\x00\u202e\ufffd") || strings.Contains(text.String(), `\u00`) {
			t.Errorf("%s: got what a terminal would obey", name)
		}
		var c ctrfReport
		if err := json.Unmarshal(text.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for _, test := range c.Results.Tests {
			counts[test.Status]++
		}
		got := c.Results.Summary
		if got.Passed != counts["passed"] || got.Failed != counts["failed"] || got.Skipped != counts["skipped"] ||
			got.Other != counts["other"] || got.Tests != len(c.Results.Tests) {
			t.Errorf("%s: got %+v, want the counts %v", name, got, counts)
		}
	}
	for status := range labels {
		if ctrfStatuses[status] == "" {
			t.Errorf("%s has no word in the format", status)
		}
	}
}
