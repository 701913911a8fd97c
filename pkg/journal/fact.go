package journal

import (
	"maps"
	"strconv"
	"time"
)

// Kind says what happened. The values of kinds that applications log equal the
// msg of their log lines, so an application's event needs no translation.
type Kind string

// The kinds of facts. Applications may log others; they are kept as they are.
const (
	Sent         Kind = "sent"          // a record was handed to a producer
	Acknowledged Kind = "acknowledged"  // the broker confirmed a record
	Refused      Kind = "refused"       // the broker refused a record before appending it
	Unknown      Kind = "unknown"       // a send ended without an answer: appended or not
	Delivered    Kind = "delivered"     // a consumer got a record
	Processing   Kind = "processing"    // an application begins to work on a record
	Processed    Kind = "processed"     // an application finished a record
	DeadLettered Kind = "dead-lettered" // an application set a record aside, safely
	Committed    Kind = "committed"     // a group committed; Offset is the next one to read
	Assigned     Kind = "assigned"
	Revoked      Kind = "revoked"
	Lost         Kind = "lost" // partitions taken away without a chance to commit
	FaultFired   Kind = "fault-fired"
	Alert        Kind = "alert"
	Cleared      Kind = "cleared"   // an alert is over
	Status       Kind = "status"    // an application's opinion of a partition
	Metrics      Kind = "metrics"   // where an application serves its numbers
	Listening    Kind = "listening" // where an application can be asked over HTTP
	Warning      Kind = "warning"
	LogLine      Kind = "log" // a line no pattern matched; the last ones are kept, and those that a step searches for
	Started      Kind = "started"
	Ready        Kind = "ready"
	Exited       Kind = "exited"
	Killed       Kind = "killed"
	Paused       Kind = "paused"
	Resumed      Kind = "resumed"
	Retried      Kind = "retrying"
	Done         Kind = "done"
	Progress     Kind = "progress"
	Note         Kind = "note"
)

// The kinds of facts that the wire sees. Who says so are the client and the cluster, whatever the application logs.
const (
	ProduceAttempt Kind = "produce-attempt" // a batch for a partition was sent, and how that ended
	Fetched        Kind = "fetch"           // records of a partition were asked for
	TopicMade      Kind = "topic-made"      // an application has made a topic, with so many partitions (Count)
	TopicDeleted   Kind = "topic-deleted"   // an application has deleted a topic
	AskedFor       Kind = "asked-for"       // an application asks where a topic or a group is; none is kept
	Transacted     Kind = "transaction"     // a step of a transaction
	SaidOfGroup    Kind = "group-member"    // anything a member says; membership.News tells what it means
	GroupJoin      Kind = "group-join"      // a member asks to join
	GroupAssigned  Kind = "group-assigned"  // the group tells a member what it is to own
	GroupRevoked   Kind = "group-revoked"   // a member says that it has given up partitions
	GroupLost      Kind = "group-lost"      // the group tells a member that it is none any more
	GroupLeft      Kind = "group-left"      // a member leaves
	GroupHeartbeat Kind = "group-heartbeat" // a member lives; only the first after something happened in the group
	GroupCommit    Kind = "group-commit"    // an offset commit, and its answer
	GroupOffset    Kind = "group-offset"    // the group tells an application what it has committed
	GroupPosition  Kind = "group-position"  // where an application begins to read a partition it was given
	ShareAcquired  Kind = "share-acquired"  // a member of a share group is given records
	// a member of a share group says what becomes of records it was given
	ShareAcknowledged Kind = "share-acknowledged"
	ShareClosed       Kind = "share-closed"    // a member of a share group ends its session: all it holds is given back
	ClientSoftware    Kind = "client-software" // how a client introduces itself (KIP-511)
	APIVersion        Kind = "api-version"     // the first request of an API in a version
	Connected         Kind = "connection"      // a connection was opened, could not be opened, or was closed
)

// ForeignName is the text of a fact about a topic that an application made, or a group that it asked for, under a name
// that is none of the scenario.
const ForeignName = "a name of its own"

// The texts of notes about an application whose security is not that of the addresses it was given.
const (
	SpokeTLS  = "it speaks TLS where it was told PLAINTEXT: the wire closes such a connection"
	SpokeSASL = "it wants to authenticate (SASL) where it was told PLAINTEXT"
)

// Where facts come from.
const (
	SourceLog       = "log"       // a line an application wrote
	SourceBroker    = "broker"    // asked of the cluster
	SourceKafkaspec = "kafkaspec" // done or seen by kafkaspec itself
	SourceWire      = "wire"      // seen between an application and the cluster
)

// Fact is one thing that happened. Topic and Group are logical names.
type Fact struct {
	Seq       int64         `json:"seq"` // 1, 2, 3 …, given by Add
	At        time.Duration `json:"at"`  // since the journal began, monotonic, given by Add
	Kind      Kind          `json:"kind"`
	Source    string        `json:"source,omitzero"`
	App       string        `json:"app,omitzero"`
	Group     string        `json:"group,omitzero"`
	Topic     string        `json:"topic,omitzero"` // empty: Partition and Offset mean nothing
	Partition int32         `json:"partition"`      // -1 = none
	Offset    int64         `json:"offset"`         // -1 = none
	Key       string        `json:"key,omitzero"`   // bytes, not necessarily UTF-8
	Count     int64         `json:"count,omitzero"`
	Error     string        `json:"error,omitzero"` // of a request: Kafka's name of the error, or "no answer"
	Text      string        `json:"text,omitzero"`
	Request   *Request      `json:"request,omitzero"` // that it was seen in; nil where it was not seen on the wire
	Detail    Detail        `json:"detail,omitzero"`  // whatever else is known; only read once added
}

// Fields are what a log pattern found, by name; nil for a fact that is no event of a log.
func (f *Fact) Fields() LogEvent {
	event, _ := f.Detail.(LogEvent)
	return event
}

// Event makes the fact of an event an application logged. The fields topic, partition, offset, key, count, group and
// error fill the fact's own; all of them stay in its LogEvent too, so nothing that does not parse is lost.
func Event(app, kind string, fields map[string]string) Fact {
	return Fact{
		Kind: Kind(kind), Source: SourceLog, App: app,
		Group: fields["group"], Topic: fields["topic"],
		Partition: int32(number(fields["partition"], 32, -1)),
		Offset:    number(fields["offset"], 64, -1),
		Key:       fields["key"],
		Count:     number(fields["count"], 64, 0),
		Error:     fields["error"],
		Detail:    LogEvent(maps.Clone(fields)),
	}
}

func number(text string, bits int, otherwise int64) int64 {
	n, err := strconv.ParseInt(text, 10, bits)
	if err != nil {
		return otherwise
	}
	return n
}
