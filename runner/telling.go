package runner

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// telling is what a journal tells of its scenario.
type telling struct {
	facts  *journal.Journal
	plan   *journal.Scenario
	steps  []*journal.Ending         // in the order in which they ended
	held   map[string][]journal.Held // records that were read last, by the question
	result *journal.Ending
}

// The most that a journal may tell of, so that one that was made up cannot keep a judge busy for ever.
const (
	mostPartitions = 1 << 20
	mostRecords    = 1 << 24 // in one batch, or in one range of a share group
)

// tellingOf finds out whether a journal tells all that it must.
func tellingOf(facts *journal.Journal) (*telling, error) {
	t := &telling{facts: facts, held: map[string][]journal.Held{}}
	for _, f := range facts.Select(nil) {
		if err := plausible(&f); err != nil {
			return nil, fmt.Errorf("the fact with seq %d: %w; the journal is damaged", f.Seq, err)
		}
		if err := t.add(&f); err != nil {
			return nil, fmt.Errorf("the fact with seq %d: %w; the journal is damaged", f.Seq, err)
		}
	}
	switch {
	case t.plan == nil:
		return nil, errors.New("the journal does not tell which scenario it is of; the run ended before it began")
	case t.result == nil:
		return nil, errors.New("the journal does not tell how its scenario ended: it was cut short")
	}
	return t, t.complete()
}

// add takes what a fact tells of the scenario.
func (t *telling) add(f *journal.Fact) error {
	switch d := f.Detail.(type) {
	case *journal.Scenario:
		if t.plan != nil {
			return errors.New("got a second scenario in one journal")
		}
		t.plan = d
	case *journal.Ending:
		switch {
		case t.plan == nil:
			return errors.New("got the end of a step before its scenario")
		case t.result != nil:
			return errors.New("got more behind the end of the scenario")
		case d.Step >= len(t.plan.Steps), d.Step < 0 && f.Kind == journal.Carried:
			return fmt.Errorf("got step %d, and the scenario has %d", d.Step+1, len(t.plan.Steps))
		case f.Kind == journal.Concluded:
			t.result = d
			return nil
		case d.Look != nil && (d.Look.To > f.Seq || d.Look.From < 0 || d.Look.From > d.Look.To):
			return fmt.Errorf("got a look from %d to %d", d.Look.From, d.Look.To)
		}
		t.steps = append(t.steps, d)
		return t.restore(d.Look)
	}
	return nil
}

// restore puts records where they were left out as they had been told before.
func (t *telling) restore(l *journal.Look) error {
	if l == nil {
		return nil
	}
	for i := range l.Answers {
		a := &l.Answers[i]
		of := strconv.Quote(a.Question) + strconv.Quote(a.Of)
		switch before, ok := t.held[of]; {
		case a.Same && !ok:
			return fmt.Errorf("got the same %s of %q as before, and none were told", a.Question, a.Of)
		case a.Same:
			a.Records = before
		case len(a.Records) > 0:
			t.held[of] = a.Records
		}
	}
	return nil
}

// complete is an error where the steps did not end one after the other, up to the last of a scenario that passed.
func (t *telling) complete() error {
	next := 0
	for _, s := range t.steps {
		switch {
		case s.Again == "" && s.Step == next:
			next++
		case s.Again == "" || s.Step >= next:
			return fmt.Errorf("the journal tells of step %d where step %d is next: part of it is missing", s.Step+1, next+1)
		}
	}
	if t.result.Status == passed && next != len(t.plan.Steps) {
		return fmt.Errorf("the scenario passed, and the journal tells of %d steps of %d: part of it is missing", next,
			len(t.plan.Steps))
	}
	return nil
}

// plausible refuses numbers that no cluster tells.
func plausible(f *journal.Fact) error {
	many := false
	switch d := f.Detail.(type) {
	case *journal.Attempt:
		many = f.Count > mostRecords
	case *journal.Share:
		for _, r := range d.Ranges {
			many = many || r.Last < r.First || r.First < 0 || r.Last-r.First > mostRecords
		}
	case *journal.Layout:
		many = d.Partitions < 0 || d.Partitions > mostPartitions
	}
	if many {
		return errors.New("got a number of records, or a partition, that there cannot be")
	}
	return nil
}
