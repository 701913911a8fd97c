package joiner

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// settings is what can be set beside what all applications of this kind have; readSettings has the names and defaults.
type settings struct {
	users, payments     string // input topics, physical
	enriched, unmatched string // output topics, physical
	changelog           string // physical

	wait    int64 // ms of event time that a payment waits for its user
	buffer  int   // payments of a partition that may wait
	history int64 // ms of event time that old versions of users are kept

	repartition      bool   // bring payments to as many partitions as users have
	repartitionTopic string // physical

	loop stateful.Options
}

func readSettings(env app.Env) (*settings, error) {
	s := env.Settings
	set := &settings{
		users:            env.Topic(s.String("users", "user_events")),
		payments:         env.Topic(s.String("payments", "payment_events")),
		enriched:         env.Topic(s.String("enriched", "enriched_events")),
		unmatched:        env.Topic(s.String("unmatched", "unmatched_payments")),
		changelog:        env.Topic(s.String("changelog-topic", "joins_changelog")),
		wait:             s.Duration("wait", 5*time.Minute).Milliseconds(),
		buffer:           int(min(s.Int("buffer", 100_000), math.MaxInt32)),
		history:          s.Duration("history", time.Hour).Milliseconds(),
		repartition:      s.Bool("repartition", false),
		repartitionTopic: env.Topic(s.String("repartition-topic", "payment_events_by_user")),
	}
	var err error
	set.loop, err = stateful.Defaults(env)
	if serr := s.Err(); serr != nil {
		return nil, serr
	}
	if err != nil {
		return nil, err
	}
	return set, set.check(env)
}

func (set *settings) check(env app.Env) error {
	for _, input := range []string{set.users, set.payments} {
		if !slices.Contains(env.Inputs, input) {
			return fmt.Errorf("got the input topics %v, want %q and %q among them; let the application read both, or set "+
				"users and payments to those it reads",
				env.Inputs, set.users, set.payments)
		}
	}
	topics := []string{set.users, set.payments, set.enriched, set.unmatched, set.changelog}
	if set.repartition {
		topics = append(topics, set.repartitionTopic)
	}
	slices.Sort(topics)
	for i, name := range topics[1:] {
		if name == topics[i] {
			return fmt.Errorf("topic %q has two uses; give users, payments, enriched, unmatched, changelog-topic and "+
				"repartition-topic a topic each", name)
		}
	}
	switch {
	case set.buffer < 1:
		return fmt.Errorf("setting buffer: got %d, want at least 1", set.buffer)
	case set.history < set.wait:
		return fmt.Errorf("setting history: got %v, want at least wait, %v: a payment that waited would find the versions "+
			"of its time forgotten",
			time.Duration(set.history)*time.Millisecond, time.Duration(set.wait)*time.Millisecond)
	}
	return nil
}
