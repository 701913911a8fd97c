package report

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/progress"
)

// far tells a Live of a scenario that sends for so long.
func far(t *testing.T, o LiveOptions, long time.Duration) string {
	var got bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		o.Output, o.Redactor = &got, hiding("s3cret")
		live, err := NewLive("pretty", o)
		if err != nil {
			t.Fatal(err)
		}
		s := Scenario{Name: "One million", File: "a.feature", Line: 3}
		live.Started(Results{}, map[string]int{s.File: 1})
		live.ScenarioStarted(s)
		live.StepStarted(s.ID(), Step{Keyword: "When", Text: "1M records are sent"})
		for i := range int64(10) {
			live.Done(s.ID(), progress.Done{What: `sending to "s3cret"`, Unit: "records", Done: i * 100_000, Total: 1_000_000})
			<-time.After(long / 10)
		}
		live.StepFinished(s.ID(), Step{})
		live.ScenarioFinished(s)
		live.Finished(Results{})
	})
	return got.String()
}

func TestLiveShowsHowFarAStepIs(t *testing.T) {
	got := far(t, LiveOptions{Terminal: true, Width: 120}, 10*time.Second+7*time.Millisecond)
	for _, want := range []string{`0/1  One million  sending to "***" [####`, "  30% 300k of 1M records, ", "k/s"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if strings.Contains(got, "s3cret") {
		t.Errorf("got %q, want no secret", got)
	}
	if got = far(t, LiveOptions{}, time.Second); strings.Contains(got, "sending") {
		t.Errorf("got %q, want nothing of it away from a terminal", got)
	}
}

// column is a terminal of 70 columns.
type column struct{ bytes.Buffer }

func (*column) Terminal() (int, bool) { return 70, true }

func TestRedactorPassesTheTerminalOn(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	w := hiding("s3cret").Writer(hiding("other").Writer(&column{}))
	if o := OptionsFor(w); !o.Terminal || o.Width != 70 || o.Colour {
		t.Errorf("got %+v, want a terminal of 70 columns without colours", o)
	}
	if o := OptionsFor(hiding("s3cret").Writer(&bytes.Buffer{})); o.Terminal {
		t.Errorf("got %+v, want no terminal", o)
	}
}
