package world

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// deadLetters is how a topic of dead letters is told by its name.
var deadLetters = regexp.MustCompile(`(?i)(^|[._-])(dlq|dlt|dead[._-]?letters?)$`)

// Unexpected is what a scenario whose steps all passed must fail for nevertheless: applications that ended by
// themselves, and dead letters, of which no step speaks, what applications have left running, and faults that had no
// effect.
func (w Scenario) Unexpected(ctx context.Context) error {
	errs := []error{w.seek(ctx), w.endedUnasked(), w.unfired(), w.unfiredAtGate(), w.unmetAtDatabase(), w.atServices(),
		w.unspokenOf()}
	for _, name := range slices.Sorted(maps.Keys(w.topics)) {
		if deadLetters.MatchString(name) && !w.options.Needs.Expected[name] && !w.options.Needs.Letters {
			errs = append(errs, w.unmentioned(ctx, name))
		}
	}
	return errors.Join(errs...)
}

func (w *World) unmentioned(ctx context.Context, name string) error {
	count := int64(0)
	var first record.Record
	err := w.topics[name].Scan(ctx, func(r *record.Record) {
		if count++; count == 1 {
			first = *r
		}
	})
	if err != nil {
		return err
	}
	if count == 0 {
		return w.maybeUnmentioned(ctx, w.topics[name])
	}
	return fmt.Errorf("%q holds %s and no step speaks of them; the first: %s; if they are meant, say so: "+
		"Then %q contains exactly %s", name, words.Counted(count, "dead letter"), first.ShowHere(), name,
		words.Counted(count, "record"))
}

// markersWithin is how long a cluster may take from answering that a transaction has ended until its end is in the log.
const markersWithin = time.Second

// maybeUnmentioned looks for dead letters that nobody can read yet, as their transaction is open. Those of an
// application that died are none: its transaction will be aborted.
func (w *World) maybeUnmentioned(ctx context.Context, t *Topic) error {
	own := w.transaction != nil && w.transaction.topic == t
	if own || !slices.ContainsFunc(w.writers(t.Name), (*Application).EndedWell) {
		return nil
	}
	settled := func(ctx context.Context) error { return Settled(ctx, t) }
	err := w.Until(ctx, markersWithin, fmt.Sprintf("transactions on %q to end", t.Name), settled)
	if err == nil { // what ended meanwhile may have been committed
		if count, counted := t.Count(ctx); count > 0 && counted == nil {
			return w.unmentioned(ctx, t.Name)
		}
		return nil
	}
	return fmt.Errorf("%q may hold dead letters that no step speaks of: %w", t.Name, err)
}

// writers are the applications that were seen to write to a topic in a transaction.
func (w *World) writers(topic string) (writers []*Application) {
	seen := map[string]bool{}
	w.Journal.Select(func(f *journal.Fact) bool {
		if d, ok := f.Detail.(*journal.Attempt); ok && f.Topic == topic && d.TransactionalID != "" && !seen[f.App] {
			seen[f.App] = true
			if a, err := w.Application(f.App); err == nil {
				writers = append(writers, a)
			}
		}
		return false
	})
	return writers
}

const shownLines = 15 // of an application's log in a failure

// AppLog is the end of an application's log, with logical names.
type AppLog struct {
	App, State string
	Lines      []string
}

// AppLogs returns the last log lines of each application that was started, in the order of declaration.
func (w Scenario) AppLogs() []AppLog {
	var logs []AppLog
	for _, name := range w.order {
		if a := w.applications[name]; a.Running != nil {
			logs = append(logs, AppLog{App: name, State: shortState(a.Running.State()), Lines: a.tellingLines(shownLines)})
		}
	}
	return logs
}

// shortState leaves out the error of a failed application, which stands in the message or among its lines.
func shortState(s app.State) string {
	if s.Phase == app.Failed {
		return string(s.Phase)
	}
	return s.String()
}
