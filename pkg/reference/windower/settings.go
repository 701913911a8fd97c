package windower

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// settings is what can be set, beside what stateful.Defaults reads; readSettings has the names and defaults.
type settings struct {
	size      int64  // of a window; this and what follows in milliseconds, as Kafka's timestamps are
	grace     int64  // how long after its end a window still takes events
	idleAfter int64  // how far the fastest partition may be ahead of one without events before that one is idle
	field     string // of the JSON value: the number to sum
	windows   string // topics, physical names
	late      string
	changelog string
	loop      stateful.Options
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	size, grace, idle := s.Duration("size", 5*time.Minute), s.Duration("grace", time.Minute),
		s.Duration("idle-after", time.Hour)
	set := settings{size: size.Milliseconds(), grace: grace.Milliseconds(), idleAfter: idle.Milliseconds(),
		field: s.String("field", "amount")}
	windows, late, changelog := s.String("windows-topic", ""), s.String("late-topic", ""), s.String("changelog-topic", "")
	loop, err := stateful.Defaults(env)
	if err := cmp.Or(s.Err(), err); err != nil {
		return set, err
	}
	set.loop = loop
	switch {
	case len(env.Inputs) != 1:
		return set, fmt.Errorf("got %d input topics, want one; windows are of one topic", len(env.Inputs))
	case size < time.Millisecond || size%time.Millisecond != 0:
		return set, fmt.Errorf("setting size: got %v, want whole milliseconds, at least one: event times have no others",
			size)
	case set.field == "":
		return set, errors.New("setting field: got an empty name, want the name of a number in the JSON value")
	}
	// The topics of "readings" are "readings_windows" and so on unless a setting says otherwise; both are logical names.
	set.windows = topics.Beside(env, env.Inputs[0], "_windows", windows)
	set.late = topics.Beside(env, env.Inputs[0], "_late", late)
	set.changelog = topics.Beside(env, env.Inputs[0], "_changelog", changelog)
	for _, topic := range []string{set.windows, set.late, set.changelog} {
		if topic == env.Inputs[0] {
			return set, fmt.Errorf("topic %q would be read and written; set windows-topic, late-topic and changelog-topic to "+
				"others", topic)
		}
	}
	return set, nil
}
