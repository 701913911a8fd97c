package world

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// deadLetters is how a topic of dead letters is told by its name.
var deadLetters = regexp.MustCompile(`(?i)(^|[._-])(dlq|dlt|dead[._-]?letters?)$`)

// Unexpected is what a scenario whose steps all passed must fail for nevertheless: applications that died, and dead
// letters, of which no step speaks, and faults that had no effect.
func (w Scenario) Unexpected(ctx context.Context) error {
	errs := []error{w.crashed(), w.unfired(), w.unfiredAtGate(), w.unmetAtDatabase()}
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
	if err != nil || count == 0 {
		return err
	}
	return fmt.Errorf("%q holds %s and no step speaks of them; the first: %s; if they are meant, say so: "+
		"Then %q contains exactly %s", name, words.Counted(count, "dead letter"), first.ShowHere(), name,
		words.Counted(count, "record"))
}

// crashed lists the applications that ended badly although no step speaks of their end.
func (w *World) crashed() error {
	var errs []error
	for _, name := range w.order {
		a := w.applications[name]
		if a.Running == nil || w.options.Needs.Ended[name] || a.stopped {
			continue
		}
		select {
		case <-a.Running.Done():
			if a.Running.Wait(context.Background()) != nil {
				errs = append(errs, w.Named(fmt.Errorf("application %q %v, and no step speaks of its end", name,
					a.Running.State())))
			}
		default:
		}
	}
	return errors.Join(errs...)
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
