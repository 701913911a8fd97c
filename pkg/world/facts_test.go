package world

import (
	"errors"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

func count(w *World, kind journal.Kind) int {
	return len(w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == kind }))
}

// TestManyFactsAreCutOff makes sure that an application which says the same for hours does not fill the memory, and
// that a step which judges what it says has all of it.
func TestManyFactsAreCutOff(t *testing.T) {
	request := &journal.Request{API: "Produce"}
	for _, test := range []struct {
		needs             Needs
		attempts, commits int
	}{
		{Needs{}, firstSeen, firstSeen},
		{Needs{Attempts: true}, 3 * firstSeen, firstSeen},
		{Needs{Members: true}, firstSeen, 3 * firstSeen},
	} {
		w := &World{Journal: journal.New(), options: Options{Needs: test.needs}}
		for range 3 * firstSeen {
			w.observe(journal.Fact{Kind: journal.ProduceAttempt, App: "a", Topic: "t", Request: request,
				Detail: &journal.Attempt{}})
			w.observe(journal.Fact{Kind: journal.GroupCommit, App: "a", Topic: "t", Request: request,
				Detail: &journal.Commit{}})
		}
		w.observe(journal.Fact{Kind: journal.ProduceAttempt, App: "b", Topic: "t", Request: request,
			Detail: &journal.Attempt{}})
		if got := count(w, journal.ProduceAttempt); got != test.attempts+1 {
			t.Errorf("%+v: got %d attempts, want %d of a and 1 of b", test.needs, got, test.attempts)
		}
		if got := count(w, journal.GroupCommit); got != test.commits {
			t.Errorf("%+v: got %d commits, want %d", test.needs, got, test.commits)
		}
		cut := 0
		for _, kept := range []int{test.attempts, test.commits} {
			if kept == firstSeen {
				cut++
			}
		}
		if got := count(w, journal.Note); got != cut {
			t.Errorf("%+v: got %d notes about what is left out, want %d", test.needs, got, cut)
		}
	}
}

// TestFirstReadIsKept makes sure that where an application begins to read is known without a group too.
func TestFirstReadIsKept(t *testing.T) {
	w := &World{Journal: journal.New()}
	for offset := range int64(5) {
		for _, partition := range []int32{0, 1} {
			w.observe(journal.Fact{Kind: journal.Fetched, App: "a", Topic: "t", Partition: partition, Offset: 7 + offset,
				Request: &journal.Request{API: "Fetch"}, Detail: &journal.Fetch{}})
		}
	}
	reads := w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == journal.Fetched })
	if len(reads) != 2 || reads[0].Offset != 7 || reads[1].Offset != 7 {
		t.Errorf("got %v, want the first read of each partition, at offset 7", reads)
	}
}

func TestWhoGoesThroughTheWire(t *testing.T) {
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(t.Context(), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		needs         Needs
		direct, wired bool
		refused       bool
	}{
		"usually":                      {wired: true},
		"speed is measured":            {needs: Needs{Speed: true}},
		"speed is measured, and wired": {needs: Needs{Speed: true, Wired: true}, wired: true},
		"wire: false":                  {direct: true},
		"wire: false, and wired":       {needs: Needs{Wired: true}, direct: true, refused: true},
	} {
		w := &World{Journal: journal.New(), options: Options{Needs: test.needs}, Session: session}
		env := app.Env{Name: "a", Bootstrap: session.Bootstrap()}
		err := (&Application{Name: "a", world: w, Definition: app.Definition{Direct: test.direct}}).wire(&env)
		if _, refused := errors.AsType[*outcome.NotApplicable](err); refused != test.refused || (err != nil) != refused {
			t.Errorf("%s: got %v, want not applicable: %t", name, err, test.refused)
		}
		if wired := env.Bootstrap[0] != session.Bootstrap()[0]; wired != test.wired {
			t.Errorf("%s: got through the wire: %t, want %t", name, wired, test.wired)
		}
		if err := w.closeWire(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := session.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
