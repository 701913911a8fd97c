package retryproducer

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// settings is what can be set; readSettings has the names and defaults.
type settings struct {
	topic         string // physical; the first output topic, or the setting
	letters       string // physical; the topic's name and _dlq, or the setting
	events        int64
	users         int64
	round         int64     // events made at a time: a batch for each of their partitions
	oversizeEvery int64     // every so many events one is larger than the topic takes; 0 is never
	start         time.Time // timestamp of the first event; each next one is a millisecond later

	// of one batch, the first included. Where the outcome may be that it was written, there is no limit
	attempts        int
	first, maxDelay time.Duration
	factor          float64
	jitter          float64 // 0 to 1: how much a delay may differ from what it should be
	random          *rand.Rand
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	topic, letters, start := s.String("topic", ""), s.String("dead-letter-topic", ""), s.String("start", "")
	set := settings{
		events:        s.Int("events", 1000),
		users:         s.Int("users", 10),
		round:         s.Int("round", 100),
		oversizeEvery: s.Int("oversize-every", 0),
		attempts:      int(s.Int("attempts", 10)),
		first:         s.Duration("first-delay", 100*time.Millisecond),
		factor:        s.Float("factor", 2),
		maxDelay:      s.Duration("max-delay", 10*time.Second),
		jitter:        s.Percent("jitter", 0.2),
	}
	seed := s.Int("seed", 1)
	if err := s.Err(); err != nil {
		return set, err
	}
	set.random = rand.New(rand.NewPCG(uint64(seed), 0))
	if set.events < 0 || set.users <= 0 || set.round <= 0 || set.oversizeEvery < 0 || set.attempts <= 0 {
		return set, fmt.Errorf("got events %d, users %d, round %d, oversize-every %d, attempts %d, want none negative, and "+
			"users, round and attempts above zero",
			set.events, set.users, set.round, set.oversizeEvery, set.attempts)
	}
	if set.first <= 0 || set.factor < 1 || set.maxDelay < set.first || set.jitter > 1 {
		return set, fmt.Errorf("got first-delay %v, factor %g, max-delay %v, jitter %g, want a delay above zero that does "+
			"not shrink, and a jitter up to 100%%",
			set.first, set.factor, set.maxDelay, set.jitter)
	}
	set.start = time.Now().Truncate(time.Millisecond)
	if start != "" {
		var err error
		if set.start, err = time.Parse(time.RFC3339, start); err != nil {
			return set, fmt.Errorf("setting start: got %q, want a time such as 2026-01-05T10:00:00Z", start)
		}
	}
	return set, set.nameTopics(env, topic, letters)
}

// nameTopics finds the physical names. Dead letters of "events" go to "events_dlq" unless the setting says otherwise.
func (set *settings) nameTopics(env app.Env, topic, letters string) error {
	switch {
	case topic != "":
		set.topic = env.Topic(topic)
	case len(env.Outputs) > 0:
		set.topic = env.Outputs[0]
	default:
		return fmt.Errorf("no output topic; name one, or set topic")
	}
	logical := cmp.Or(topic, set.topic)
	for name, physical := range env.Topics {
		if physical == set.topic {
			logical = name
		}
	}
	own := logical + "_dlq"
	if set.letters = env.Topic(cmp.Or(letters, own)); set.letters == own { // not a topic we were told of
		set.letters = set.topic + "_dlq"
	}
	if set.letters == set.topic {
		return fmt.Errorf("dead letters would go to %q itself; set dead-letter-topic to another topic", set.topic)
	}
	return nil
}

// delay is the wait after a batch's attempt number so and so has failed: it grows by the factor up to its limit. The
// random part keeps producers that failed together from coming back together. The sequence is the seed's.
func (set settings) delay(attempt int) time.Duration {
	wait := min(float64(set.first)*math.Pow(set.factor, float64(attempt-1)), float64(set.maxDelay))
	return time.Duration(wait * (1 - set.jitter + 2*set.jitter*set.random.Float64()))
}
