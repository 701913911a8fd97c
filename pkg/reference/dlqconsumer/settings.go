package dlqconsumer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// settings is what can be set; readSettings has the names and defaults.
type settings struct {
	letterTopics  map[string]string // input topic to dead-letter topic, both physical
	sourceNames   map[string]string // input topic to what dlq-source-topic says
	diceNames     map[string]string // input topic to the name by which the dice know it, the same on every cluster
	decode        string            // json, or none for records of any bytes
	failRate      float64           // 0 to 1: share of the records that fail for good, chosen by failSeed
	transientRate float64           // 0 to 1: share of the records whose first failTransient attempts fail
	failSeed      int64
	failTransient int
	retries       int // attempts after the first one
	retryBackoff  time.Duration
	retryMost     time.Duration // the backoff does not grow beyond it
	batch         int           // records per round at most
	commitEvery   time.Duration // a round's longest time, except for waiting for acknowledgements

	sessionTimeout, heartbeatInterval time.Duration
	// rebalanceTimeout is how long the group waits for this member to join again. One that was killed while it was joining
	// counts as present for so long.
	rebalanceTimeout time.Duration

	transactional      bool
	transactionalID    string // must differ between the members of a group
	transactionTimeout time.Duration
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	set := settings{
		decode:             s.String("decode", "json"),
		failRate:           s.Percent("fail-rate", 0),
		failSeed:           s.Int("fail-seed", 1),
		failTransient:      int(s.Int("fail-transient", 0)),
		transientRate:      s.Percent("transient-rate", 1),
		retries:            int(s.Int("retries", 5)),
		retryBackoff:       s.Duration("retry-backoff", 100*time.Millisecond),
		retryMost:          s.Duration("retry-backoff-max", 10*time.Second),
		batch:              int(s.Int("batch", 2000)),
		commitEvery:        s.Duration("commit-every", 100*time.Millisecond),
		sessionTimeout:     s.Duration("session-timeout", 45*time.Second),
		transactional:      s.Bool("transactional", false),
		transactionalID:    s.String("transactional-id", env.Group+"-"+env.Name),
		transactionTimeout: s.Duration("transaction-timeout", 40*time.Second),
	}
	// as Kafka's defaults are, 45 s, 3 s and a minute
	set.heartbeatInterval = s.Duration("heartbeat-interval", set.sessionTimeout/15)
	set.rebalanceTimeout = s.Duration("rebalance-timeout", min(2*set.sessionTimeout, time.Minute))
	letters, source := s.String("dead-letter-topic", ""), s.String("source-name", "")
	if err := s.Err(); err != nil {
		return set, err
	}
	set.nameTopics(env, letters, source)
	return set, set.check(env)
}

// nameTopics finds the names that go with each input topic. Dead letters of "orders" go to "orders_dlq" unless the
// setting says otherwise; both are logical names here.
func (set *settings) nameTopics(env app.Env, letters, source string) {
	set.letterTopics, set.sourceNames, set.diceNames = map[string]string{}, map[string]string{}, map[string]string{}
	for _, input := range env.Inputs {
		logical := input
		for name, physical := range env.Topics {
			if physical == input {
				logical = name
			}
		}
		// as a process knows it
		set.diceNames[input] = strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(logical))
		set.sourceNames[input] = cmp.Or(source, input)
		own := logical + "_dlq"
		set.letterTopics[input] = env.Topic(cmp.Or(letters, own))
		if set.letterTopics[input] == own { // not a topic we were told of: named after the topic as the cluster knows it
			set.letterTopics[input] = input + "_dlq"
		}
	}
}

func (set *settings) check(env app.Env) error {
	switch {
	case len(env.Inputs) == 0:
		return fmt.Errorf("no input topic; name at least one to read")
	case env.Group == "":
		return fmt.Errorf("no group; name the consumer group to join")
	case set.decode != "json" && set.decode != "none":
		return fmt.Errorf("setting decode: got %q, want json or none", set.decode)
	case set.retries < 0 || set.batch <= 0 || set.commitEvery <= 0:
		return fmt.Errorf("got retries %d, batch %d, commit-every %v, want none negative and the last two above zero",
			set.retries, set.batch, set.commitEvery)
	}
	for input, letters := range set.letterTopics {
		if slices.Contains(env.Inputs, letters) {
			return fmt.Errorf("dead letters of %q would go to %q, which is read as well; set dead-letter-topic to another topic",
				input, letters)
		}
	}
	return nil
}

// topics returns all topics the application reads or writes.
func (set *settings) topics() []string {
	var all []string
	for input, letters := range set.letterTopics {
		all = append(all, input, letters)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// backoff is the wait after a failed attempt, counted from 1: it doubles each time. It has no random part, which many
// clients of one overloaded service would need, because here each record waits on its own.
func (set *settings) backoff(attempt int) time.Duration {
	wait := set.retryBackoff
	for range attempt - 1 {
		if wait >= set.retryMost {
			break
		}
		wait *= 2
	}
	return min(wait, set.retryMost)
}

// source returns the name by which a dead letter of this record says where it comes from.
func (set *settings) source(r *kgo.Record) string { return set.sourceNames[r.Topic] }
