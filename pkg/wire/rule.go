package wire

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Selection is a set of requests of the Kafka protocol. An empty name stands for all.
type Selection struct {
	App             string
	API             string // as the protocol writes it: Produce, JoinGroup…
	Topic           string // requests that name the topic
	Group           string
	TransactionalID string
	Partition       int32         // -1: any
	Broker          int32         // node id; -1: any
	After           int           // how many requests are let go first
	Times           int           // how many requests; 0: until removed
	Rate            float64       // the share of requests, drawn with the seed; 0: all
	For             time.Duration // how long from Add on; 0: until removed
}

// Every selects every request of an API ("" for all), to be narrowed by its fields.
func Every(api string) Selection { return Selection{API: api, Partition: -1, Broker: anyBroker} }

// Rule selects requests and says what happens to them. Names are physical.
type Rule struct {
	Selection
	Action Action
}

// On is a rule for every request of an API ("" for all), to be narrowed by its fields.
func On(api string, action Action) Rule { return Rule{Every(api), action} }

// String tells the rule in words.
func (r Rule) String() string {
	var b strings.Builder
	if r.Times > 0 {
		fmt.Fprintf(&b, "the next %d ", r.Times)
	}
	if r.Rate > 0 {
		fmt.Fprintf(&b, "%g%% of ", r.Rate*100)
	}
	if r.API == "" {
		b.WriteString("all requests")
	} else {
		b.WriteString(r.API + " requests")
	}
	for _, part := range []struct{ word, name string }{
		{"from", r.App}, {"to topic", r.Topic}, {"of group", r.Group}, {"of transactional id", r.TransactionalID},
	} {
		if part.name != "" {
			fmt.Fprintf(&b, " %s %q", part.word, part.name)
		}
	}
	if r.Partition >= 0 {
		fmt.Fprintf(&b, " partition %d", r.Partition)
	}
	if r.Broker >= 0 {
		fmt.Fprintf(&b, " at broker %d", r.Broker)
	}
	if r.After > 0 {
		fmt.Fprintf(&b, " after the first %d", r.After)
	}
	if r.For > 0 {
		fmt.Fprintf(&b, " for %v", r.For)
	}
	return b.String() + ": " + r.Action.String()
}

// Err tells what in the rule cannot be, before there is a wire to add it to.
func (r Rule) Err() error {
	_, err := r.valid()
	return err
}

// key is that of the API, -1 for all.
func (r Rule) valid() (key kmsg.Key, err error) {
	if err := r.Action.valid(); err != nil {
		return 0, err
	}
	switch {
	case r.Partition < -1 || r.Broker < -1:
		return 0, fmt.Errorf("got partition %d, broker %d, want -1 for any", r.Partition, r.Broker)
	case r.Times < 0 || r.After < 0 || r.For < 0:
		return 0, fmt.Errorf("got times %d, after %d, for %v, want 0 for no limit", r.Times, r.After, r.For)
	case r.Rate < 0 || r.Rate > 1:
		return 0, fmt.Errorf("got rate %g, want a share between 0 and 1", r.Rate)
	case r.Action.kind == isolate && (r.API != "" || r.narrow() || r.After > 0 || r.Times > 0 || r.Rate > 0):
		return 0, errors.New("got a rule that isolates some requests, want one for an application or a broker; use CutBefore")
	case r.API == "":
		return -1, nil
	}
	if key, err = APINamed(r.API); err != nil {
		return 0, err
	}
	if r.Action.rejects() && !refusable(key) {
		return 0, fmt.Errorf("got %s, whose answers have no place for an error, want another API, or to cut the connection "+
			"instead", r.API)
	}
	return key, nil
}

// narrow tells whether the rule looks into requests, not only at what they are.
func (r Rule) narrow() bool {
	return r.Topic != "" || r.Group != "" || r.TransactionalID != "" || r.Partition >= 0
}

// selectsPart tells whether the rule is about some partitions of a request, not the whole of it.
func (r Rule) selectsPart() bool { return r.Topic != "" || r.Partition >= 0 }

// selects tells whether the rule is about a partition, or about some of a topic that is named without any.
func (r Rule) selects(p partitionKey) bool {
	return (r.Topic == "" || r.Topic == p.topic) && (r.Partition < 0 || r.Partition == p.partition) ||
		p.partition < 0 && r.Topic == p.topic
}
