package dlqconsumer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Failure is why a record was not processed.
type Failure struct {
	Class     string // decode, simulated, transient, retries-exhausted
	Message   string
	Transient bool // another attempt may succeed
}

// Policy is what the application decides about records. The rest of the package only delivers them.
type Policy struct {
	// Process tries once to process a record; attempt counts from 1. It returns nil on success.
	Process func(r *kgo.Record, attempt int) *Failure
	// Backoff is the wait after the attempt-th failed attempt.
	Backoff func(attempt int) time.Duration
	// Retries is how many attempts follow the first one when failures are transient.
	Retries int
	// Letter makes the dead letter of a record that failed after so many attempts in this delivery.
	Letter func(r *kgo.Record, f *Failure, attempts int) *kgo.Record
	// Send hands a dead letter to the client, which calls promise once it knows the outcome. Nil is the client's own.
	Send func(ctx context.Context, letter *kgo.Record, promise func(*kgo.Record, error))
	// Settle ends a round: flush waits for dead letters, commit commits what is safe.
	Settle func(flush, commit func() error) error
}

func (c *consumer) defaultPolicy() Policy {
	return Policy{
		Process: c.settings.process,
		Backoff: c.settings.backoff,
		Retries: c.settings.retries,
		Letter:  c.settings.letter,
		Settle: func(flush, commit func() error) error {
			refused := flush()
			return errors.Join(refused, commit()) // even then: records before the refused one are safe
		},
	}
}

// process decodes a record, and fails the records chosen to fail. A tombstone has nothing to decode.
func (set *settings) process(r *kgo.Record, attempt int) *Failure {
	if set.decode == "json" && r.Value != nil && !json.Valid(r.Value) {
		var value any
		err := json.Unmarshal(r.Value, &value)
		return &Failure{Class: "decode", Message: fmt.Sprintf("not JSON: %v", err)}
	}
	if attempt <= set.failTransient && set.chosen("transient", r, set.transientRate) {
		return &Failure{Class: "transient", Message: fmt.Sprintf("simulated transient failure %d of %d", attempt,
			set.failTransient), Transient: true}
	}
	if set.chosen("permanent", r, set.failRate) {
		return &Failure{Class: "simulated", Message: fmt.Sprintf("simulated failure, fail-rate %g%%, fail-seed %d",
			100*set.failRate, set.failSeed)}
	}
	return nil
}

// chosen rolls the dice for a record. They depend on the seed and on the record's place only, so each run and each
// restart comes to the same decision.
func (set *settings) chosen(what string, r *kgo.Record, rate float64) bool {
	if rate <= 0 {
		return false
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%d/%s/%d/%d", what, set.failSeed, set.diceNames[r.Topic], r.Partition, r.Offset)
	// FNV leaves the upper bits of similar inputs alike; the finalizer of MurmurHash3 spreads them.
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return float64(x)/math.MaxUint64 < rate
}
