package retryproducer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// settings is what can be set.
type settings struct {
	Topic         string `setting:"topic"`             // the first output topic, where it is not set; physical
	LetterTopic   string `setting:"dead-letter-topic"` // logical; the topic's name and _dlq where it is not set
	Events        int64  `setting:"events=1000"`
	Users         int64  `setting:"users=10"`
	Round         int64  `setting:"round=100"`        // events made at a time: a batch for each of their partitions
	OversizeEvery int64  `setting:"oversize-every=0"` // each so many events one is larger than the topic takes; 0: none
	Start         string `setting:"start"`            // timestamp of the first event, now where it is not set
	Seed          int64  `setting:"seed=1"`

	// Attempts are those of one batch, the first included. Where the outcome may be that it was written, there is no
	// limit.
	Attempts int           `setting:"attempts=10"`
	First    time.Duration `setting:"first-delay=100ms"`
	MaxDelay time.Duration `setting:"max-delay=10s"`
	Factor   float64       `setting:"factor=2"`
	Jitter   float64       `setting:"jitter=20%"` // how much a delay may differ from what it should be, up to 100%

	letters string    // physical
	start   time.Time // of the first event; each next one is a millisecond later
	random  *rand.Rand
}

func readSettings(env app.Env) (set settings, err error) {
	env.Settings.Read(&set)
	if err := env.Settings.Err(); err != nil {
		return set, err
	}
	set.random = rand.New(rand.NewPCG(uint64(set.Seed), 0))
	if set.Events < 0 || set.Users <= 0 || set.Round <= 0 || set.OversizeEvery < 0 || set.Attempts <= 0 {
		return set, fmt.Errorf("got events %d, users %d, round %d, oversize-every %d, attempts %d, want none negative, and "+
			"users, round and attempts above zero",
			set.Events, set.Users, set.Round, set.OversizeEvery, set.Attempts)
	}
	if set.First <= 0 || set.Factor < 1 || set.MaxDelay < set.First || set.Jitter > 1 {
		return set, fmt.Errorf("got first-delay %v, factor %g, max-delay %v, jitter %g, want a delay above zero that does "+
			"not shrink, and a jitter up to 100%%",
			set.First, set.Factor, set.MaxDelay, set.Jitter)
	}
	set.start = time.Now().Truncate(time.Millisecond)
	if set.Start != "" {
		if set.start, err = time.Parse(time.RFC3339, set.Start); err != nil {
			return set, fmt.Errorf("setting start: got %q, want a time such as 2026-01-05T10:00:00Z", set.Start)
		}
	}
	if set.Topic, err = topics.Output(env, set.Topic); err != nil {
		return set, err
	}
	if set.letters = topics.Beside(env, set.Topic, "_dlq", set.LetterTopic); set.letters == set.Topic {
		return set, fmt.Errorf("dead letters would go to %q itself; set dead-letter-topic to another topic", set.Topic)
	}
	return set, nil
}

// delay is the wait after a batch's attempt number so and so has failed: it grows by the factor up to its limit. The
// random part keeps producers that failed together from coming back together. The sequence is the seed's.
func (set settings) delay(attempt int) time.Duration {
	wait := min(float64(set.First)*math.Pow(set.Factor, float64(attempt-1)), float64(set.MaxDelay))
	return time.Duration(wait * (1 - set.Jitter + 2*set.Jitter*set.random.Float64()))
}
