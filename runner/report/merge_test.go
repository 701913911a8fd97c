package report

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
)

// Results whose times cannot be are refused, as they are and in sums; what a run wrote is taken back.
func TestReadRefusesTimesThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(*Results)
		want   string
	}{
		"as it was":      {func(*Results) {}, ""},
		"the run":        {func(r *Results) { r.Duration = -1 }, "the run took -1ns"},
		"an endless run": {func(r *Results) { r.Duration = math.MaxInt64 }, "the run took"},
		"a scenario":     {func(r *Results) { r.Scenarios[0].Duration = -time.Second }, "scenario 1 took -1s"},
		"a sum": {func(r *Results) {
			r.Scenarios[0].Duration, r.Scenarios[1].Duration = longest-1, longest-1
		}, "scenario 2 took"},
		"a step":        {func(r *Results) { r.Scenarios[0].Steps[0].Duration = -1 }, "step 1 of scenario 1 took -1ns"},
		"a step's time": {func(r *Results) { r.Scenarios[0].Steps[0].Began = math.MaxInt64 }, "step 1 of scenario 1"},
		"more runs":     {func(r *Results) { r.More = []More{{Duration: -1}} }, "more runs"},
		"fewer than none": {func(r *Results) { r.More = []More{{Counts: map[Status]int{Failed: -3}}} },
			"-3 more runs"},
	} {
		t.Run(name, func(t *testing.T) {
			r := sample()
			c.damage(&r)
			var text bytes.Buffer
			if err := JSON(&text, r); err != nil {
				t.Fatal(err)
			}
			_, err := Read(text.Bytes())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
