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

// Unexpected is what a scenario whose steps all passed must fail for nevertheless: applications that ended by
// themselves, and dead letters, of which no step speaks, what applications have left running, and faults that had no
// effect.
func (w Scenario) Unexpected(ctx context.Context) error {
	errs := []error{w.endedUnasked(), w.unfired(), w.unfiredAtGate(), w.unmetAtDatabase(), w.atServices()}
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
