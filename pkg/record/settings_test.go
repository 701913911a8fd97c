package record

import (
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/google/go-cmp/cmp"
)

func TestSettingsFromTable(t *testing.T) {
	got, lines, err := SettingsFromTable(Source{Place: source.Place{File: "orders.feature", Line: 10}}, tableOf(`
		| key             | value        |
		| retry.delay     | 10ms         |
		| attempts        | 3            |
		| retry.max       | 1_000        |
		| share           | 2%           |
		| user            | ${user}      |
		| verbose         | true         |
		| version         | "1.0"        |
		| topics          | ["a", "b"]   |
		| note            | a: b # c     |
		| nothing         |              |
		| dotted\.name    | x            |
		| when            | 2026-03-01   |`), testVars)
	if err != nil {
		t.Fatal(err)
	}
	want := `retry:
  delay: 10ms
  max: 1_000
attempts: 3
share: 2%
user: u1
verbose: true
version: "1.0"
topics:
  - "a"
  - "b"
note: 'a: b # c'
nothing: ""
dotted.name: x
when: "2026-03-01"
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for key, line := range map[string]int{"retry.delay": 11, "retry.max": 13, "dotted.name": 21} {
		if lines[key] != line {
			t.Errorf("%s: got line %d, want %d", key, lines[key], line)
		}
	}
	var back map[string]any
	if err := yaml.Unmarshal(got, &back); err != nil || back["version"] != "1.0" || back["note"] != "a: b # c" {
		t.Errorf("got %v, %v, want the same texts back", back, err)
	}
}

func TestBadSettings(t *testing.T) {
	var b strings.Builder
	for _, table := range []string{
		``,
		`|key|value|`,
		`|a|1|2|`,
		"|a|1|\n|b|",
		"||1|",
		"|a..b|1|",
		"|a|1|\n|a|2|",
		"|a|1|\n|a.b|2|",
		"|a.c|1|\n|a.b|2|\n|a|3|",
		"|a|${usr}|",
	} {
		at := Source{Place: source.Place{File: "orders.feature", Line: 10}}
		_, _, err := SettingsFromTable(at, tableOf(table), testVars)
		if err == nil {
			t.Errorf("got no error for\n%s", table)
			continue
		}
		writeCase(&b, table, err)
	}
	golden(t, "bad-settings", b.String())
}
