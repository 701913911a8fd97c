package dlqconsumer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// settings is what can be set.
type settings struct {
	LetterTopic   string  `setting:"dead-letter-topic"` // logical; the input's name and _dlq where it is not set
	SourceName    string  `setting:"source-name"`       // what dlq-source-topic says; the input, where it is not set
	Decode        string  `setting:"decode=json"`       // json, or none for records of any bytes
	FailRate      float64 `setting:"fail-rate=0%"`      // share of the records that fail for good, chosen by FailSeed
	TransientRate float64 `setting:"transient-rate=100%"`
	FailSeed      int64   `setting:"fail-seed=1"`
	FailTransient int     `setting:"fail-transient=0"` // so many first attempts fail, of the share TransientRate

	Retries      int           `setting:"retries=5"` // attempts after the first one
	RetryBackoff time.Duration `setting:"retry-backoff=100ms"`
	RetryMost    time.Duration `setting:"retry-backoff-max=10s"` // the backoff does not grow beyond it
	Batch        int           `setting:"batch=2000"`            // records per round at most
	CommitEvery  time.Duration `setting:"commit-every=100ms"`    // a round's longest time, but for acknowledgements

	group.Member

	Transactional      bool          `setting:"transactional=false"`
	TransactionalID    string        // setting transactional-id; must differ between the members of a group
	TransactionTimeout time.Duration `setting:"transaction-timeout=40s"`

	letterTopics map[string]string // input topic to dead-letter topic, both physical
	sourceNames  map[string]string // input topic to what dlq-source-topic says
	diceNames    map[string]string // input topic to the name by which the dice know it, the same on every cluster
}

func readSettings(env app.Env) (set settings, err error) {
	env.Settings.Read(&set)
	set.Member = group.ReadMember(env)
	set.TransactionalID = env.Settings.String("transactional-id", env.Group+"-"+env.Name)
	if err := cmp.Or(env.Settings.Err(), group.Check(env)); err != nil {
		return set, err
	}
	set.letterTopics, set.sourceNames, set.diceNames = map[string]string{}, map[string]string{}, map[string]string{}
	for _, input := range env.Inputs {
		set.letterTopics[input] = topics.Beside(env, input, "_dlq", set.LetterTopic)
		set.sourceNames[input] = cmp.Or(set.SourceName, input)
		// A process knows logical names in this form only.
		set.diceNames[input] = strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(topics.Logical(env, input)))
	}
	return set, set.check(env)
}

func (set *settings) check(env app.Env) error {
	switch {
	case set.Decode != "json" && set.Decode != "none":
		return fmt.Errorf("setting decode: got %q, want json or none", set.Decode)
	case set.Retries < 0 || set.Batch <= 0 || set.CommitEvery <= 0:
		return fmt.Errorf("got retries %d, batch %d, commit-every %v, want none negative and the last two above zero",
			set.Retries, set.Batch, set.CommitEvery)
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
	wait := set.RetryBackoff
	for range attempt - 1 {
		if wait >= set.RetryMost {
			break
		}
		wait *= 2
	}
	return min(wait, set.RetryMost)
}
