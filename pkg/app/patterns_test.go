package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

func TestDefaultPatterns(t *testing.T) {
	type fields = map[string]string
	cases := []struct {
		line string
		want []app.Match
	}{
		{`level=INFO msg=assigned topic=orders partitions=0,1,2`,
			[]app.Match{{Kind: "assigned", Fields: fields{"topic": "orders", "partitions": "0,1,2"}}}},
		{`level=INFO msg=processed topic=orders partition=0 offset=5 key=u1`,
			[]app.Match{{Kind: "processed", Fields: fields{"topic": "orders", "partition": "0", "offset": "5", "key": "u1"}}}},
		{`level=WARN msg=dead-lettered topic=orders partition=0 offset=1 error="invalid character 'o' in \"not json\" msg=processed" attempts=3`,
			[]app.Match{{Kind: "dead-lettered", Fields: fields{"topic": "orders", "partition": "0", "offset": "1",
				"attempts": "3",
				"error":    `invalid character 'o' in "not json" msg=processed`}}}},
		{`time=2026-01-02T03:04:05Z level=INFO msg=committed topic=orders partition=2 offset=7`,
			[]app.Match{{Kind: "committed", Fields: fields{"topic": "orders", "partition": "2", "offset": "7"}}}},
		{`level=INFO msg=processed key="" "odd key"="a\nb" empty=`,
			[]app.Match{{Kind: "processed", Fields: fields{"key": "", "odd key": "a\nb", "empty": ""}}}},
		{`level=INFO msg="processed" key=a=b`, []app.Match{{Kind: "processed", Fields: fields{"key": "a=b"}}}},
		{`level=INFO msg=processed msg=lost key=1 key=2`, []app.Match{{Kind: "processed", Fields: fields{"key": "1"}}}},
		{`2026-01-02 03:04:05 [main]  level=info   msg=lost  topic=a`,
			[]app.Match{{Kind: "lost", Fields: fields{"topic": "a"}}}},
		{`level=INFO msg=retrying error="cut off in the middle \"of`,
			[]app.Match{{Kind: "retrying", Fields: fields{"error": `cut off in the middle \"of`}}}},
		{`level=INFO msg=retrying error="path C:\temp \/ end"`, []app.Match{{Kind: "retrying",
			Fields: fields{"error": "path C:\temp / end"}}}},
		{`level=INFO msg="was processed" topic=a`, nil},
		{`level=INFO msg=processedtoo topic=a`, nil},
		{`level=INFO error="msg=processed"`, nil},
		{`processed topic=a`, nil},
		{`msg=`, nil},
		{`=`, nil},
		{`"`, nil},
		{``, nil},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, app.DefaultPatterns.Match(c.line)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.line, diff)
		}
	}
}

func TestDefaultPatternsReadBackWhatSlogWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, value := rapid.String().Draw(t, "key"), rapid.String().Draw(t, "error")
		var out strings.Builder
		logger(&out).Info("processed", "key", key, "error", value, "offset", 5)
		line := strings.TrimSuffix(out.String(), "\n")
		want := []app.Match{{Kind: "processed", Fields: map[string]string{"key": key, "error": value, "offset": "5"}}}
		if diff := cmp.Diff(want, app.DefaultPatterns.Match(line)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", line, diff)
		}
	})
}

func TestParseTextNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{`"`, `\`, "=", " ", "msg=processed", "a", "\n", "é",
			"\xff"})).Draw(t, "parts")
		app.DefaultPatterns.Match("msg=processed " + strings.Join(parts, ""))
	})
}

func parsePatterns(t *testing.T, text string) (app.Patterns, error) {
	t.Helper()
	var document struct{ Patterns yaml.Node }
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	return app.ParsePatterns(&document.Patterns, "kafkaspec.yaml")
}

func TestParsePatterns(t *testing.T) {
	patterns, err := parsePatterns(t, `
patterns:
  processed: 'handled (?P<key>\S+) at (?P<partition>\d+)/(?P<offset>\d+)(?: in (?P<took>\S+))?'
  warning: ['^WARN', &careful 'careful']
  alert: *careful
`)
	if err != nil {
		t.Fatal(err)
	}
	got := patterns.Match("WARN handled u1 at 0/5 careful")
	want := []app.Match{
		{Kind: "processed", Fields: map[string]string{"key": "u1", "partition": "0", "offset": "5"}},
		{Kind: "warning", Fields: map[string]string{}},
		{Kind: "warning", Fields: map[string]string{}},
		{Kind: "alert", Fields: map[string]string{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matches (-want +got):\n%s", diff)
	}
	if empty, err := parsePatterns(t, "patterns:\n"); empty != nil || err != nil {
		t.Errorf("got %v and %v of no patterns, want nothing", empty, err)
	}
}

// Patterns of one's own stand beside the default ones, and before them where both read a line.
func TestPatternsBesideTheDefaultOnes(t *testing.T) {
	const own = "patterns:\n  processed: 'did (?P<key>\\w+)'\n  shipped: 'sent (?P<parcel>\\S+)'\n"
	beside, err := parsePatterns(t, own)
	noError(t, err)
	alone, err := parsePatterns(t, own+"  defaults: false\n")
	noError(t, err)
	both := []app.Match{{"processed", map[string]string{"key": "u1"}}, {"shipped", map[string]string{"parcel": "p1"}}}
	for _, c := range []struct {
		line         string
		beside, sole []app.Match
	}{
		{"did u1, sent p1", both, both},
		{"msg=processed key=u2", []app.Match{{"processed", map[string]string{"key": "u2"}}}, nil},
		{`msg=processed text="did u3"`, []app.Match{{"processed", map[string]string{"key": "u3"}}},
			[]app.Match{{"processed", map[string]string{"key": "u3"}}}},
	} {
		if diff := cmp.Diff(c.beside, beside.Match(c.line)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.line, diff)
		}
		if diff := cmp.Diff(c.sole, alone.Match(c.line)); diff != "" {
			t.Errorf("%s without the default ones (-want +got):\n%s", c.line, diff)
		}
	}
}

// Two patterns of a kind may overlap: the record that a line is about was processed once.
func TestPatternsThatFindTheSame(t *testing.T) {
	patterns, err := parsePatterns(t, `
patterns:
  processed: ['did (?P<offset>\d+)', '(?P<offset>\d+) of (?P<topic>\w+)', 'done: did (?P<offset>\d+)']
`)
	noError(t, err)
	want := []app.Match{{"processed", map[string]string{"offset": "5"}},
		{"processed", map[string]string{"offset": "5", "topic": "orders"}}}
	if diff := cmp.Diff(want, patterns.Match("done: did 5 of orders")); diff != "" {
		t.Errorf("matches (-want +got):\n%s", diff)
	}
}

func TestParsePatternsErrors(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"expression", "patterns:\n  processed: " +
			"'a(b'\n", `kafkaspec.yaml:2: pattern for "processed": error parsing regexp: missing closing ): ` + "`a(b`"},
		{"look-ahead", "patterns:\n  processed: 'a(?=b)'\n", "the syntax is RE2, which has no look-ahead"},
		{"in a list", "patterns:\n  processed:\n    - fine\n    - '['\n", `kafkaspec.yaml:4: pattern for "processed"`},
		{"matches all", "patterns:\n  processed: '.*'\n", `which matches an empty line`},
		{"empty", "patterns:\n  processed: ''\n", `which matches an empty line`},
		{"nothing", "patterns:\n  " +
			"processed:\n", `kafkaspec.yaml:2: pattern for "processed": got nothing, want a regular expression`},
		{"empty list", "patterns:\n  processed: []\n", `kafkaspec.yaml:2: got an empty list for "processed"`},
		{"list", "patterns: [a]\n", "kafkaspec.yaml:1: got a list, want log patterns as a YAML mapping"},
		{"text", "patterns: a\n", `kafkaspec.yaml:1: got "a", want log patterns`},
		{"slip of a kind", "patterns:\n  proccessed: done\n", `kafkaspec.yaml:2: got log pattern "proccessed"; did you mean ` +
			`"processed"? the kinds that steps read are assigned, `},
		{"slip of a field", "patterns:\n  processed: 'done (?P<tpic>.+)'\n", `kafkaspec.yaml:2: pattern for "processed": got ` +
			`a group named "tpic"; did you mean "topic"?`},
		{"defaults", "patterns:\n  defaults: no\n", `kafkaspec.yaml:2: got "no" for defaults of the log patterns, want true`},
		{"mapping", "patterns:\n  processed: {a: b}\n", "got a mapping, want a regular expression"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := parsePatterns(t, c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to contain %q", err, c.want)
			}
		})
	}
}

// Programs that write JSON lines declare a pattern that names the fields in the order they write them.
func ExampleParsePatterns() {
	var node yaml.Node
	_ = yaml.Unmarshal([]byte(`
processed: '"event":"processed","topic":"(?P<topic>[^"]*)","partition":(?P<partition>\d+),"offset":(?P<offset>\d+)'
`), &node)
	patterns, err := app.ParsePatterns(node.Content[0], "kafkaspec.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, match := range patterns.Match(`{"level":"info","event":"processed","topic":"orders","partition":0,"offset":5}`) {
		fmt.Println(match.Kind, match.Fields)
	}
	// Output: processed map[offset:5 partition:0 topic:orders]
}
