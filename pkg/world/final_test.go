package world

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// TestFinalKindsEndTheStep has each kind of finding come up within a step that may take long: those that waiting cannot
// heal end it at the first look, the others are looked at again.
func TestFinalKindsEndTheStep(t *testing.T) {
	t.Parallel()
	for _, k := range verdict.Kinds() {
		w := &World{Journal: journal.New(), options: Options{Await: time.Minute}}
		looks := 0
		began := time.Now()
		err := w.Until(t.Context(), 30*time.Second, "it to hold", func(context.Context) error {
			if looks++; looks > 1 {
				return nil
			}
			return Judged(verdict.Result{Judge: "orders", Outcome: verdict.Fail, Total: 1,
				Findings: []verdict.Finding{{Kind: k.Name, Topic: "orders", Count: 1}},
				Kinds:    []verdict.KindTotal{{Kind: k.Name, Findings: 1, Records: 1}}})
		})
		found := &verdict.Error{}
		switch {
		case k.Heals && (err != nil || looks != 2):
			t.Errorf("%s: got %v after %d looks, want it to be looked at again", k.Name, err, looks)
		case !k.Heals && (!errors.As(err, &found) || looks != 1):
			t.Errorf("%s: got %v after %d looks, want it to end the step at once", k.Name, err, looks)
		case !k.Heals && time.Since(began) > time.Second:
			t.Errorf("%s: got an end after %s, want it within a second", k.Name, time.Since(began))
		}
	}
}
