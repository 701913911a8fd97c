package world

// What an application logs of the beginning of its work.

import (
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// notAtWork says why an application could not be stopped in the middle of its work.
func (a *Application) notAtWork(t *Topic, logs bool) error {
	why := fmt.Sprintf("has received no record of %q that it has not committed", t.Name)
	switch begun := a.FactsOf(journal.Processing, t); {
	case len(begun) > 0:
		why = fmt.Sprintf("logged \"processing\" of %s of %q, and no record was seen between that line and \"processed\": "+
			"the time between the two is too short, unless it has no more records to work on; let the work take longer",
			words.Counted(len(begun), "record"), t.Name)
	case logs:
		why = fmt.Sprintf("logged \"processing\" of no record of %q; look at the log pattern of that name", t.Name)
	}
	return fmt.Errorf("%w: application %q %s", verdict.ErrInconclusive, a.Name, why)
}

// saysProcessing is true of an application that logs the beginning of its work on a record.
func (a *Application) saysProcessing() bool {
	own, _ := a.ReadsFor(journal.Processing) // the default ones are read of any application
	return own || len(a.Facts(journal.Processing)) > 0
}

// ReadsFor tells whether the application's log is read for a kind of event: by a pattern of its own, or by a default
// one.
func (a *Application) ReadsFor(kind journal.Kind) (own, byDefault bool) {
	patterns := a.patterns
	if patterns == nil {
		patterns = &journal.Logs{}
		_, patterns.Default = app.DefaultPatterns.Kinds()
	}
	return slices.Contains(patterns.Own, string(kind)), slices.Contains(patterns.Default, string(kind))
}

// inProgress is the last record of a topic that the application says to have begun and not to have finished, in its
// present life; nil for none. Of one that never says what it has finished, a commit does.
func (a *Application) inProgress(t *Topic) (found *work) {
	says := len(a.Facts(journal.Processed))+len(a.Facts(journal.DeadLettered)) > 0
	for _, f := range a.world.Journal.Select(func(f *journal.Fact) bool {
		return f.App == a.Name && (f.Topic == t.Name || f.Kind == journal.Started)
	}) {
		switch f.Kind {
		case journal.Started:
			found = nil
		case journal.Processing:
			found = &work{partition: f.Partition, offset: f.Offset, count: 1, logged: true}
		case journal.Processed, journal.DeadLettered:
			if found != nil && found.partition == f.Partition && found.offset == f.Offset {
				found = nil
			}
		case journal.GroupCommit:
			if !says && found != nil && found.partition == f.Partition && found.offset < f.Offset {
				found = nil
			}
		}
	}
	return found
}
