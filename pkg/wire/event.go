package wire

import "time"

// Event is something an application did, or that happened to it, as the wire saw it. Requests make their events when
// the answer is known, before the application gets it. A request about several partitions makes one event for each.
type Event struct {
	App         string // the application the listener belongs to
	Broker      int32  // node id, -1 while it is not known (bootstrap connections)
	Connection  uint64 // counts from 1 in each Proxy
	API         string // empty when the event is not about a request
	Version     int16
	Correlation int32
	ClientID    string    // as the client names itself
	Sent        time.Time // when the whole request had come; of an event without a request, when it happened
	Answered    time.Time // when the whole answer had come, or the connection ended
	Outcome     Outcome
	Fault       string // the rules that disturbed the request, empty when none did
	Detail      Detail
}

// Outcome is how a request ended.
type Outcome string

// How a request ends. Codes in details are what the application got; of a request that was cut by a rule after the
// broker acted they are what it did not get, of any other that was not answered they are 0.
const (
	Answered   Outcome = "answered"   // the broker answered
	Unanswered Outcome = "unanswered" // the request wants no answer (acks=0)
	Cut        Outcome = "cut"        // the connection ended first, or its answer was withheld: the broker may have acted
	// the wire answered, the broker never got it; or the wire cut the connection before it did
	Refused    Outcome = "refused"
	Unreadable Outcome = "unreadable" // an answer came and was passed on, but could not be decoded
)

// Detail is one of *ProduceAttempt, *FetchAttempt, *Commit, *Transaction, *Membership, *ClientSoftware,
// *ConnectionChange,
// *FaultFired and *Note. Topics and groups have their logical names; transactional ids, members and software as they
//
//	are.
type Detail interface{ detail() }

// ProduceAttempt is the batch a Produce request carries for one partition. Every retry is an attempt of its own.
type ProduceAttempt struct {
	Topic           string
	Partition       int32
	Acks            int16 // -1 all
	TransactionalID string
	ProducerID      int64 // -1: not idempotent
	ProducerEpoch   int16
	FirstSequence   int32 // -1: not idempotent
	Records         int32 // -1 when it cannot be told without decompressing (message formats before 2)
	Bytes           int   // of the batch, as compressed
	Codec           string
	Code            int16
	BaseOffset      int64 // the offset of its first record; -1 when there is none
}

// FetchAttempt is what a Fetch asked and got of one partition. With fetch sessions (KIP-227) a request names only
// partitions whose position changed, and an answer only those with news: a partition in neither makes no event.
type FetchAttempt struct {
	Topic            string
	Partition        int32
	Position         int64 // the offset asked for; -1 when the request does not repeat it
	Code             int16
	HighWatermark    int64 // -1 when the answer is silent about the partition
	LastStableOffset int64
	Bytes            int   // of the batches that came
	FirstOffset      int64 // of the first batch; -1 when no records came
	LastOffset       int64 // of the last batch
	ReadCommitted    bool
}

// Commit is the commit of one partition by OffsetCommit or TxnOffsetCommit.
type Commit struct {
	Group, Member   string
	Generation      int32 // member epoch in groups of the new protocol; -1 outside a group
	Topic           string
	Partition       int32
	Offset          int64
	TransactionalID string // of TxnOffsetCommit
	ProducerID      int64  // of TxnOffsetCommit, else -1
	ProducerEpoch   int16
	Code            int16
}

// Transaction is InitProducerId, AddPartitionsToTxn, AddOffsetsToTxn or EndTxn.
type Transaction struct {
	TransactionalID string // empty for the InitProducerId of an idempotent producer
	ProducerID      int64
	ProducerEpoch   int16
	Partitions      []TopicPartitions // of AddPartitionsToTxn
	Group           string            // of AddOffsetsToTxn
	Commit          bool              // of EndTxn
	Code            int16             // of AddPartitionsToTxn: the first that is not 0
}

// TopicPartitions are partitions of one topic.
type TopicPartitions struct {
	Topic      string
	Partitions []int32
}

// Membership is JoinGroup, SyncGroup, Heartbeat, LeaveGroup (one event for each leaving member) or
// ConsumerGroupHeartbeat. Slices that are nil were not told; empty ones say that there is none.
type Membership struct {
	Group, Member string
	InstanceID    string            // of a static member
	Generation    int32             // of the answer when it tells one; the member epoch in the new protocol
	ProtocolType  string            // "consumer", "connect"…
	Protocol      string            // the assignor, as chosen by the group or asked for by the member
	Leader        bool              // this member makes the assignment
	Members       int               // how many the leader is told of
	Subscribed    []string          // topics asked for
	Owned         []TopicPartitions // what the member says it still holds
	Assigned      []TopicPartitions // what the group gives it
	Leaving       bool              // LeaveGroup, or a heartbeat with epoch -1 or -2
	Code          int16
}

// ClientSoftware is how a client introduces itself in ApiVersions (KIP-511).
type ClientSoftware struct {
	Name, Version string
	Code          int16
}

// ConnectionChange is a connection opened to a broker, failed to open, or closed.
type ConnectionChange struct {
	Open    bool
	Address string // of the broker
	Error   string // why it could not be opened
}

// FaultFired is a rule that had its effect; Event.Fault tells the rule.
type FaultFired struct {
	Handle *Handle
	Action string
	Number int               // which effect of this rule it is, from 1
	Group  string            // of the request; empty when it names none
	Topics []TopicPartitions // what of the request the rule selects; partitions are empty where it names topics only
}

// Note is something the wire could not read, and passed on as it was.
type Note struct{ Text string }

func (*ProduceAttempt) detail()   {}
func (*FetchAttempt) detail()     {}
func (*Commit) detail()           {}
func (*Transaction) detail()      {}
func (*Membership) detail()       {}
func (*ClientSoftware) detail()   {}
func (*ConnectionChange) detail() {}
func (*FaultFired) detail()       {}
func (*Note) detail()             {}
