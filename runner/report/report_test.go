package report

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func checkGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); if the new text is right, run make golden\n%s", path, diff)
	}
}

// sample has a scenario of every status, the awkward characters included.
func sample() Results {
	failing := Step{Keyword: "Then", Text: `"orders_dlq" contains exactly:`, Line: 19, Status: Failed,
		Duration: 1200 * time.Millisecond,
		Error:    "got 0 records, want 1"}
	return Results{
		Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600)), Duration: 75 * time.Second,
		Cluster: "embedded (kfake), 1 broker", Kafkaspec: "0.1.0", Go: "go1.26.0", Cores: 2, Seed: 42,
		Scenarios: []Scenario{
			{Feature: "Dead letters", Name: "A poison pill is set aside", File: "features/dlq.feature", Line: 12, Status: Failed,
				Duration: 1320 * time.Millisecond, Tags: []string{"@dlq"}, Seed: 7,
				Steps: []Step{{Keyword: "Given", Text: `topic "orders" with 3 partitions`, Line: 13, Status: Passed}, failing,
					{Keyword: "And", Text: `"orders" is empty`, Line: 23, Status: Skipped}},
				Failure: &Failure{Step: `Then "orders_dlq" contains exactly:`, File: "features/dlq.feature", Line: 19,
					Message: "got 0 records, want 1:\n  missing: {key: u1, value: <a>&\"b\"}\n\nclosest: none",
					AppLines: []AppLines{{App: "shipping", State: "exited(1)", Lines: []string{
						"\x1b[31mlevel=ERROR\x1b[0m msg=\"cannot reach the broker\" password=s3cret",
						"nul:\x00 bell:\x07 broken:\xff ]]> end"}},
						{App: "billing", State: "running"}},
					Timeline: "+0.1s sent orders/0@0\n+0.2s exited shipping", Cluster: "embedded (kfake), 1 broker", Seed: 7,
					Rerun: "kafkaspec run features/dlq.feature:12 --seed 7"}},
			{Feature: "Dead letters", Name: "Rates", File: "features/dlq.feature", Line: 31, Status: Passed,
				Duration: 10 * time.Millisecond,
				Row:      map[string]string{"rate": "2%", "name": "Rates"}, Seed: 8},
			{Feature: "Dead letters", Name: "Rates", File: "features/dlq.feature", Line: 32, Status: Passed,
				Duration: 20 * time.Millisecond,
				Row:      map[string]string{"rate": "2%"}, Seed: 9},
			{Feature: "Producer", Rule: "Placement", Name: "One million", File: "features/producer.feature", Line: 5,
				Status:   Passed,
				Duration: 12340 * time.Millisecond, Seed: 10, Steps: []Step{{Keyword: "Then",
					Text: `"events" received at least 100k records/s`,
					Line: 9, Status: Passed, Notes: []string{"512k records/s on embedded (kfake), 1 broker"}},
					{Keyword: "And", Text: "again", Line: 10, Status: Passed,
						Notes: []string{"512k records/s on embedded (kfake), 1 broker"}}}},
			{Feature: "Producer", Name: "A broker is stopped", File: "features/producer.feature", Line: 15,
				Status: NotApplicable,
				Failure: &Failure{File: "features/producer.feature", Line: 16,
					Message: "not applicable: embedded (kfake) cannot stop a broker"}},
			{Feature: "Producer", Name: "Nothing drained", File: "features/producer.feature", Line: 25, Status: Inconclusive,
				Duration: time.Second,
				Failure: &Failure{Step: "Then every record is there", File: "features/producer.feature", Line: 27,
					Message: "could not read \"events\": broker closed the connection", Cluster: "embedded (kfake), 1 broker",
					Seed: 11}},
			{Feature: "Producer", Name: "Cut short", File: "features/producer.feature", Line: 35, Status: Interrupted,
				Failure: &Failure{File: "features/producer.feature", Line: 36, Message: "interrupted", Seed: 12}},
		},
	}
}

func TestWritersGolden(t *testing.T) {
	for name, write := range map[string]Writer{
		"junit.xml":          JUnit,
		"results.json":       JSON,
		"ctrf.json":          CTRF,
		"cucumber.ndjson":    Cucumber,
		"console.txt":        Console(ConsoleOptions{}),
		"console-short.txt":  Console(ConsoleOptions{Short: true}),
		"console-colour.txt": Console(ConsoleOptions{Colour: true}),
		"empty.xml":          func(w io.Writer, _ Results) error { return JUnit(w, Results{}) },
		"empty.txt": func(w io.Writer, _ Results) error {
			return Console(ConsoleOptions{})(w,
				Results{Cluster: "none"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := Redact(hiding("s3cret"), write)(&got, sample()); err != nil {
				t.Fatal(err)
			}
			checkGolden(t, name, got.Bytes())
		})
	}
}

func TestJSONReadsBack(t *testing.T) {
	var text bytes.Buffer
	want := sample()
	// JSON keeps text as UTF-8; bytes that are none do not survive it.
	want.Scenarios[0].Failure.AppLines[0].Lines[1] = "plain"
	want.Started = want.Started.UTC()
	if err := JSON(&text, want); err != nil {
		t.Fatal(err)
	}
	got, err := Read(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestJUnitCountsAndStaysWellFormed(t *testing.T) {
	r := sample()
	var every strings.Builder
	for c := range rune(0x10000) {
		every.WriteRune(c)
	}
	r.Scenarios[0].Name = every.String()
	r.Scenarios[0].Failure.Message = every.String()
	var text bytes.Buffer
	if err := JUnit(&text, r); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(text.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 7 || got.Failures != 1 || got.Errors != 2 || got.Suites[1].Skipped != 1 {
		t.Errorf("got %+v, want 7 tests, 1 failure, 2 errors, and 1 skipped in the second suite", got.junitCounts)
	}
	if strings.ContainsRune(text.String(), '\uFFFD') {
		t.Error("got a replacement character, want what XML does not allow to be left out")
	}
}

func TestRedactReachesEveryText(t *testing.T) {
	const secret = `pa"ss/wörd`
	r := sample()
	s := &r.Scenarios[0]
	r.Cluster, s.Feature, s.Rule, s.Name, s.File = secret, secret, secret, secret, secret
	s.Tags, s.Row = []string{secret}, map[string]string{secret: secret}
	s.Steps[0] = Step{Text: secret, Error: `quoted: "pa\"ss/wörd"`, Notes: []string{"url: pa%22ss%2Fw%C3%B6rd"}}
	*s.Failure = Failure{Step: secret, File: secret, Message: "cGEic3Mvd8O2cmQ=", Timeline: secret, Cluster: secret,
		Rerun:    secret,
		AppLines: []AppLines{{App: secret, State: secret, Lines: []string{secret}}}}
	for name, write := range map[string]Writer{"JUnit": JUnit, "JSON": JSON, "CTRF": CTRF, "Cucumber": Cucumber,
		"Console": Console(ConsoleOptions{}), "Annotations": Annotations(""), "Summary": Summary(1 << 20)} {
		var text bytes.Buffer
		if err := Redact(hiding("", secret, "pa"), write)(&text, r); err != nil {
			t.Fatal(err)
		}
		for _, leak := range []string{"wörd", "w%C3", "cGEic", "ss/w"} {
			if strings.Contains(text.String(), leak) {
				t.Errorf("%s: got %q in the output, want every form of the secret hidden", name, leak)
			}
		}
	}
	if s.Feature != secret || s.Failure.AppLines[0].Lines[0] != secret {
		t.Error("got the results themselves changed, want a copy")
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain\ttext\n", "plain\ttext\n"},
		{"\x1b[1;31mred\x1b[0m", "red"},
		{"\x1b]0;title\x07after", "after"},
		{"a\rb\x00c\xffd\ufffee", "abcde"},
		{"ünïcode 🚀", "ünïcode 🚀"},
		{"csi \u009b31m and \u202eback\u2066\u200f", "csi 31m and back"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("clean(%q): got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestConsoleShowsHintsThatTheMessageLacks(t *testing.T) {
	s := Scenario{File: "a.feature", Line: 2, Failure: &Failure{File: "a.feature", Line: 4, Message: "got 1\nlost: look",
		Hints: []Hint{{Text: "lost: look", Fact: 3}, {Text: "it was killed\x1b[31m", Fact: 7, At: 1381 * time.Millisecond},
			{Text: "::error::nothing was written"}}}}
	const want = "a.feature:4\n  got 1\n  lost: look\nlook at first:\n  1.381s  it was killed\n" +
		"  | ::error::nothing was written\nseed:    0\n"
	if got := FailureText(s); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	s.Failure.Hints = s.Failure.Hints[:1]
	if got := FailureText(s); strings.Contains(got, "look at first") {
		t.Errorf("got\n%swant nothing twice", got)
	}
}
