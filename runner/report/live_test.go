package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(testenv.Patient{Tests: m}) }

// play tells a Live of two scenarios that overlap, one of which waits for 23 seconds. It must run in a bubble, whose
// clock jumps.
func play(live *Live) {
	r := sample()
	slow, quick := r.Scenarios[0], r.Scenarios[3]
	live.Started(Results{Cluster: r.Cluster, Seed: r.Seed}, map[string]int{slow.File: 1, quick.File: 1})
	live.ScenarioStarted(Scenario{Feature: slow.Feature, Name: slow.Name, File: slow.File, Line: slow.Line})
	live.StepStarted(slow.ID(), slow.Steps[1])
	live.ScenarioStarted(Scenario{Feature: quick.Feature, Rule: quick.Rule, Name: quick.Name, File: quick.File,
		Line: quick.Line})
	live.StepStarted(quick.ID(), quick.Steps[0])
	// Nothing here may fall on a tick of the status line: which of the two came first would be left to chance.
	<-time.After(1013 * time.Millisecond)
	live.StepFinished(quick.ID(), quick.Steps[0])
	live.ScenarioFinished(quick)
	for i := range 220 {
		live.Waiting(slow.ID(), fmt.Sprintf(`"orders_dlq" contains exactly: (%ds of 30s)`, i/10))
		<-time.After(100 * time.Millisecond)
	}
	live.StepFinished(slow.ID(), slow.Steps[1])
	live.ScenarioFinished(slow)
	r.Scenarios = []Scenario{slow, quick}
	live.Finished(r)
}

func TestLiveGolden(t *testing.T) {
	for name, o := range map[string]LiveOptions{
		"live-pretty.txt":          {},
		"live-pretty-verbose.txt":  {Verbose: true},
		"live-pretty-terminal.txt": {Terminal: true, Colour: true, Width: 100},
		"live-progress.txt":        {},
		"live-json.txt":            {},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got bytes.Buffer
				o.Output, o.Redactor = &got, &Redactor{}
				o.Redactor.Hide("s3cret")
				live, err := NewLive(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '.' })[1], o)
				if err != nil {
					t.Fatal(err)
				}
				play(live)
				checkGolden(t, name, got.Bytes())
			})
		})
	}
}

// TestAGreenRunIsALineAFeature has features that end in each way, and one that does not come to its end.
func TestAGreenRunIsALineAFeature(t *testing.T) {
	var got bytes.Buffer
	live, err := NewLive("", LiveOptions{Output: &got})
	if err != nil {
		t.Fatal(err)
	}
	live.Started(Results{Cluster: "none"}, map[string]int{"a": 3, "b": 2, "c": 1, "d": 2, "e": 2, "f": 9, "g": 1, "h": 1})
	end := func(file string, ends ...Status) {
		for i, status := range ends {
			s := Scenario{Feature: strings.ToUpper(file), File: file, Line: i, Name: "one\x1b[1m", Status: status,
				Duration: 2 * time.Second, Steps: []Step{{Notes: []string{"a note"}}}}
			live.ScenarioStarted(s)
			live.ScenarioFinished(s)
		}
	}
	end("a", Passed, Passed, Passed)
	end("b", Passed, NotApplicable)
	end("c", Passed)
	end("d", NotApplicable, NotApplicable)
	end("e", Passed, Failed)
	end("f", Passed, Passed)
	end("g", Failed)
	live.Finished(Results{Cluster: "none"})
	checkGolden(t, "live-folded.txt", got.Bytes())
}

func TestLiveJSONIsOneObjectALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		live, err := NewLive("json", LiveOptions{Output: &text})
		if err != nil {
			t.Fatal(err)
		}
		play(live)
		for line := range strings.Lines(text.String()) {
			var e event
			if err := json.Unmarshal([]byte(line), &e); err != nil || e.Event == "" || e.Time.IsZero() {
				t.Errorf("got %q (%v), want an object with event and time", line, err)
			}
		}
	})
}

// Scenarios end, wait and start at once; the race detector judges.
func TestLiveFromManyScenarios(t *testing.T) {
	for _, format := range Formats {
		live, err := NewLive(format, LiveOptions{Output: &bytes.Buffer{}, Terminal: true})
		if err != nil {
			t.Fatal(err)
		}
		live.Started(Results{}, map[string]int{"a.feature": 100})
		var scenarios sync.WaitGroup
		for i := range 100 {
			scenarios.Go(func() {
				s := Scenario{File: "a.feature", Line: i, Status: Passed}
				live.ScenarioStarted(s)
				live.StepStarted(s.ID(), Step{})
				live.Waiting(s.ID(), "something")
				live.StepFinished(s.ID(), Step{})
				live.ScenarioFinished(s)
			})
		}
		scenarios.Wait()
		live.Finished(Results{})
	}
}

func TestNewLiveRefusesUnknownFormat(t *testing.T) {
	if _, err := NewLive("html", LiveOptions{}); err == nil ||
		err.Error() != `got format "html", want one of pretty, progress, json` {
		t.Errorf("got %v", err)
	}
}

func TestOptionsForAFile(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if o := OptionsFor(file); o.Terminal || o.Colour {
		t.Errorf("got %+v, want a file to be no terminal", o)
	}
	if o := OptionsFor(&bytes.Buffer{}); o.Terminal || o.Colour {
		t.Errorf("got %+v, want a buffer to be no terminal", o)
	}
}
