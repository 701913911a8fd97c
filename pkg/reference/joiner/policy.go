package joiner

import (
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// Policy is what the application decides. The rest of the package only carries it out. Partitions ask it side by side.
type Policy struct {
	// Users is the users' topic, by its physical name. It is not changed.
	Users string
	// User is whose record it is, by its key: the user's id. It is not changed.
	User func(key []byte) []byte
	// Due tells whether a payment's time has come. Both are ms of event time: its own, and the partition's clock.
	Due func(at, now int64) bool
	// InForce finds the version that a payment of that time is joined with, out of the user's, the oldest first.
	InForce func(versions []Version, at int64) (Version, bool)
	// Buffer is how many payments of a partition may wait.
	Buffer int
	// Repartition allows topics with different numbers of partitions: payments are brought to where their users are.
	Repartition bool
	// Partitioner places payments that are brought to where their users are; it must be that of the users.
	Partitioner kgo.Partitioner
	// Wrap puts something around the task of a partition, which stands between it and the loop.
	Wrap func(stateful.Task) stateful.Task
}

func (set *settings) defaultPolicy() Policy {
	return Policy{
		Users:       set.users,
		User:        func(key []byte) []byte { return key },
		Due:         func(at, now int64) bool { return at+set.wait <= now },
		InForce:     inForce,
		Buffer:      set.buffer,
		Repartition: set.repartition,
		Partitioner: kgo.StickyKeyPartitioner(nil),
		Wrap:        func(right stateful.Task) stateful.Task { return right },
	}
}
