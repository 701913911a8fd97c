package dlqconsumer

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Failure is why a record was not processed.
type Failure struct {
	Class     string // decode, simulated, transient, retries-exhausted
	Message   string
	Transient bool // another attempt may succeed
}

// process decodes a record, and fails the records chosen to fail. A tombstone has nothing to decode.
func (set *settings) process(r *kgo.Record, attempt int) *Failure {
	if set.Decode == "json" && r.Value != nil && !json.Valid(r.Value) {
		var value any
		err := json.Unmarshal(r.Value, &value)
		return &Failure{Class: "decode", Message: fmt.Sprintf("not JSON: %v", err)}
	}
	if attempt <= set.FailTransient && set.chosen("transient", r, set.TransientRate) {
		return &Failure{Class: "transient", Message: fmt.Sprintf("simulated transient failure %d of %d", attempt,
			set.FailTransient), Transient: true}
	}
	if set.chosen("permanent", r, set.FailRate) {
		return &Failure{Class: "simulated", Message: fmt.Sprintf("simulated failure, fail-rate %g%%, fail-seed %d",
			100*set.FailRate, set.FailSeed)}
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
	_, _ = fmt.Fprintf(h, "%s/%d/%s/%d/%d", what, set.FailSeed, set.diceNames[r.Topic], r.Partition, r.Offset)
	// FNV leaves the upper bits of similar inputs alike; the finalizer of MurmurHash3 spreads them.
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return float64(x)/math.MaxUint64 < rate
}
