package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// A million repetitions of a scenario are counted, and the first of each outcome kept.
func TestCollectorIsBounded(t *testing.T) {
	testenv.LongOnly(t, "measures memory or time on much input")
	const runs = 1_000_000
	var c Collector
	for i := range runs {
		s := Scenario{Feature: "F", Name: "s", File: "a.feature", Line: 1 + i%50, Repeat: 1 + i/50, Status: Passed,
			Steps: make([]Step, 2)}
		if i%1000 == 0 {
			s.Status = Failed
		}
		if kept := c.Keeps(s); !kept && s.Repeat == 1 {
			t.Fatalf("got the first run of a scenario left out: %+v", s)
		}
		c.Add(s)
	}
	var r Results
	c.Fill(&r)
	if most := 50 + mostRepeats + mostProblemed; len(r.Scenarios) > most || len(r.More) > 50 {
		t.Errorf("got %d kept and %d counted, want at most %d and 50", len(r.Scenarios), len(r.More), most)
	}
	if r.Total() != runs || r.Count(Failed) != runs/1000 || r.Count(Passed) != runs-runs/1000 {
		t.Errorf("got %d: %d failed, %d passed", r.Total(), r.Count(Failed), r.Count(Passed))
	}
	kept := 0
	for _, s := range r.Scenarios {
		if s.Line == 1 && s.Status == Failed {
			if kept++; s.Repeat != 1+20*(kept-1) {
				t.Errorf("got repetition %d kept, want the first ones", s.Repeat)
			}
		}
	}
	if kept != mostAlike {
		t.Errorf("got %d failures kept, want %d", kept, mostAlike)
	}
}

// What was only counted is in every form.
func TestMoreIsShown(t *testing.T) {
	r := sample()
	r.More = []More{{Feature: "F", Name: "often", File: "b.feature", Line: 2, Steps: 20,
		Counts: map[Status]int{Passed: 7, NotApplicable: 1, Failed: 2}}}
	before := sample()
	if r.Total() != before.Total()+10 || r.Count(Failed) != before.Count(Failed)+2 {
		t.Errorf("got %d and %d", r.Total(), r.Count(Failed))
	}
	for name, want := range map[string]string{
		"console": "b.feature:2  often: and 7 more passed, 2 more failed, 1 more not applicable\n",
		"junit":   `<failure message="2 more failed, and are not kept one by one" type="failed">`,
		"json":    `"not-applicable": 1,`,
	} {
		var text bytes.Buffer
		write := map[string]Writer{"console": Console(ConsoleOptions{}), "junit": JUnit, "json": JSON}[name]
		if err := write(&text, r); err != nil || !strings.Contains(text.String(), want) {
			t.Errorf("%s: got %v and no %q in %s", name, err, want, text.String())
		}
	}
}
