package joiner

import (
	"bytes"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Policy is what the application decides. The rest of the package only carries it out. Partitions ask it side by side.
type Policy struct {
	// User is whose record it is, by its key: the user's id. It is not changed.
	User func(key []byte) []byte
	// Version makes a version of a user out of a record; false when the record says nothing of anybody.
	Version func(r *kgo.Record) (Version, bool)
	// Keep tells whether a payment is looked at further when it arrives; known says that its user has been heard of.
	Keep func(r *kgo.Record, known bool) bool
	// Due tells whether a payment's time has come. Both are ms of event time: its own, and the partition's clock.
	Due func(at, now int64) bool
	// InForce finds the version that a payment of that time is joined with, out of the user's, the oldest first.
	InForce func(versions []Version, at int64) (Version, bool)
	// Buffer is how many payments of a partition may wait.
	Buffer int
	// Unmatched is what becomes of a payment without a user; nil for nothing.
	Unmatched func(r *kgo.Record) *kgo.Record
	// Remember tells whether a change goes into the changelog; a nil value takes an entry out of it.
	Remember func(key, value []byte) bool
	// Mismatch is told of partition counts that differ. An error ends the application.
	Mismatch func(users, payments int32) error
	// Place is the partition of the repartition topic, of so many, that a payment goes to; -1 for that of its key.
	Place func(r *kgo.Record, partitions int32) int32
}

func (set *settings) defaultPolicy() Policy {
	return Policy{
		User:      func(key []byte) []byte { return key },
		Version:   version,
		Keep:      func(*kgo.Record, bool) bool { return true },
		Due:       func(at, now int64) bool { return at+set.wait <= now },
		InForce:   inForce,
		Buffer:    set.buffer,
		Unmatched: func(r *kgo.Record) *kgo.Record { return r },
		Remember:  func(_, _ []byte) bool { return true },
		Mismatch: func(users, payments int32) error {
			if set.repartition {
				return nil
			}
			return fmt.Errorf("topic %q has %d partitions, want %d, as many as %q: a user's payments must be on the partition "+
				"of the user; "+
				"create it anew with %d, or set repartition: true", set.payments, payments, users, set.users, users)
		},
		Place: func(*kgo.Record, int32) int32 { return -1 },
	}
}

// version is a copy, as the record shares memory with all that was fetched together with it.
func version(r *kgo.Record) (Version, bool) {
	return Version{At: r.Timestamp.UnixMilli(), Value: bytes.Clone(r.Value), Removed: r.Value == nil}, r.Key != nil
}
