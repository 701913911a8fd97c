package journal

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Detail is what is known of a fact beside its columns: one of the types of this file. Topic, partition, offset and
// group of what it is about are the fact's own. String is one line for a reader, empty where the columns say it all.
//
// What travels as a Detail is written to a journal's file, so a new type has its row in details.
type Detail interface {
	fmt.Stringer
	detail()
}

// details names the types in a journal's file.
var details = map[string]Detail{
	"log": LogEvent(nil), "attempt": new(Attempt), "fetch": new(Fetch), "commit": new(Commit),
	"transaction": new(Transaction), "membership": new(Membership), "client": new(Client),
	"connection": new(Connection), "fault": new(Fault), "share": new(Share), "begin": new(Begin),
	"exchange": new(Exchange), "command": new(Command), "broker": new(Broker),
	"scenario": new(Scenario), "layout": new(Layout), "role": new(Role), "ending": new(Ending),
	"window": new(Window),
}

// LogEvent is what a log pattern found in a line: its named groups, or the attributes of a slog line.
type LogEvent map[string]string

// Request is the request on the wire that a fact was seen in, and how it ended. Facts of one request share it.
type Request struct {
	API         string `json:"api,omitzero"` // of the Kafka protocol: Produce, JoinGroup…
	Version     int16  `json:"version"`
	Correlation int32  `json:"correlation"`
	ClientID    string `json:"clientID,omitzero"` // as the client names itself
	Connection  uint64 `json:"connection"`        // counts from 1 in each scenario
	Broker      int32  `json:"broker"`            // node id, -1 while it is not known (bootstrap connections)
	// Sent is when the whole request had come, Answered when the whole answer had, or the connection ended. Both are
	// in the journal's time, as At is.
	Sent     time.Duration `json:"sent"`
	Answered time.Duration `json:"answered"`
	Outcome  Outcome       `json:"outcome,omitzero"`
	Fault    string        `json:"fault,omitzero"` // the rules that disturbed it, empty when none did
}

// Outcome is how a request ended.
type Outcome string

// How a request ends. Codes in details are what the application got; of a request that was cut by a rule after the
// broker acted they are what it did not get, of any other that was not answered they are 0.
const (
	Answered    Outcome = "answered"   // the broker answered
	Unanswered  Outcome = "unanswered" // the request wants no answer (acks=0)
	Cut         Outcome = "cut"        // the connection ended first, or the answer was withheld: the broker may have acted
	Intercepted Outcome = "refused"    // the broker never got it: the wire answered in its place, or cut the connection
	Unreadable  Outcome = "unreadable" // an answer came and was passed on, but could not be decoded
)

// Attempt is the batch a Produce request carries for one partition. Every retry is an attempt of its own. The fact's
// Offset is that of its first record, -1 when there is none; its Count the number of records, -1 when it cannot be told
// without decompressing (message formats before 2).
type Attempt struct {
	Acks            int16  `json:"acks"` // -1 all
	TransactionalID string `json:"transactionalID,omitzero"`
	ProducerID      int64  `json:"producerID"` // -1: not idempotent
	ProducerEpoch   int16  `json:"producerEpoch"`
	FirstSequence   int32  `json:"firstSequence"` // -1: not idempotent
	Bytes           int    `json:"bytes"`         // of the batch, as compressed
	Codec           string `json:"codec,omitzero"`
	Code            int16  `json:"code"`
	// of the records, in their order; only where a step asks for it
	Contents []Content `json:"contents,omitzero"`
}

// Fetch is what a Fetch request asked and got of one partition. The fact's Offset is the position asked for, -1 when
// the request does not repeat it: with fetch sessions (KIP-227) a request names only partitions whose position changed,
// and an answer only those with news. A partition in neither makes no fact.
type Fetch struct {
	Code             int16 `json:"code"`
	HighWatermark    int64 `json:"highWatermark"` // -1 when the answer is silent about the partition
	LastStableOffset int64 `json:"lastStableOffset"`
	Bytes            int   `json:"bytes"`       // of the batches that came
	FirstOffset      int64 `json:"firstOffset"` // of the first batch; -1 when no records came
	LastOffset       int64 `json:"lastOffset"`  // of the last batch
	ReadCommitted    bool  `json:"readCommitted,omitzero"`
	// of a group-position: how many offsets up to it the application had been given by the read before the assignment,
	// and may still hold
	Held int64 `json:"held,omitzero"`
	// of a group-position: the read before it, which had gone on where the application was before the assignment, was
	// sent before the group had told it where to begin, and was not the beginning
	Anew bool `json:"anew,omitzero"`
	// more consumers of the application read the partition than it has members of groups
	Beside bool `json:"beside,omitzero"`
	// the same by what came by this connection before: unless it is closed while the application goes on
	Repeats uint64 `json:"repeats,omitzero"`
	// of the records that came, aborted ones too; only where a step asks for it
	Contents []ContentAt `json:"contents,omitzero"`
}

// Commit is the commit of one partition by OffsetCommit or TxnOffsetCommit. The fact's Offset is the next one to read.
// One within a transaction counts only if the transaction is committed.
type Commit struct {
	Member          string `json:"member,omitzero"`
	Generation      int32  `json:"generation"`               // or member epoch; -1 outside a group
	TransactionalID string `json:"transactionalID,omitzero"` // of TxnOffsetCommit
	ProducerID      int64  `json:"producerID"`               // of TxnOffsetCommit, else -1
	ProducerEpoch   int16  `json:"producerEpoch"`
	Code            int16  `json:"code"`
}

// Begin is what a group answers to OffsetFetch about one partition. The fact's Offset is what it has committed, where
// the application is to begin; -1 for nothing.
type Begin struct {
	Code int16 `json:"code"`
}

// Transaction is InitProducerId, AddPartitionsToTxn, AddOffsetsToTxn (the fact has the group) or EndTxn.
type Transaction struct {
	TransactionalID string            `json:"transactionalID,omitzero"` // empty for one that is idempotent only
	ProducerID      int64             `json:"producerID"`
	ProducerEpoch   int16             `json:"producerEpoch"`
	Partitions      []TopicPartitions `json:"partitions,omitzero"` // of AddPartitionsToTxn
	Commit          bool              `json:"commit,omitzero"`     // of EndTxn
	Code            int16             `json:"code"`                // of AddPartitionsToTxn: the first that is not 0
}

// TopicPartitions are partitions of one topic.
type TopicPartitions struct {
	Topic      string  `json:"topic,omitzero"`
	Partitions []int32 `json:"partitions"`
}

// The protocol types of groups whose members share partitions out otherwise than consumers.
const (
	ShareProtocol   = "share"   // KIP-932: partitions are read by several members, records are not
	StreamsProtocol = "streams" // KIP-1071: tasks are shared out; Assigned and Owned are what the active ones read
)

// Membership is JoinGroup, SyncGroup, Heartbeat, LeaveGroup (one fact for each leaving member) or the heartbeat of a
// consumer group (KIP-848), a share group or a streams group. Slices that are nil were not told; empty ones say that
// there is none.
type Membership struct {
	Member       string            `json:"member,omitzero"`
	InstanceID   string            `json:"instanceID,omitzero"`   // of a static member
	Generation   int32             `json:"generation"`            // or member epoch; of the answer when it tells one
	ProtocolType string            `json:"protocolType,omitzero"` // "consumer", "connect", "share", "streams"…
	Protocol     string            `json:"protocol,omitzero"`     // the assignor, as chosen or as asked for
	Leader       bool              `json:"leader,omitzero"`       // this member makes the assignment
	Members      int               `json:"members"`               // how many the leader is told of
	Subscribed   []string          `json:"subscribed,omitzero"`   // topics asked for
	Owned        []TopicPartitions `json:"owned,omitzero"`        // what the member says it still holds
	Assigned     []TopicPartitions `json:"assigned,omitzero"`     // what the group gives it
	Revoked      []TopicPartitions `json:"revoked,omitzero"`      // what it has given up since it last said what it holds
	Tasks        []string          `json:"tasks,omitzero"`        // the active ones a streams group gives it: 0_1
	Joining      bool              `json:"joining,omitzero"`      // a heartbeat with epoch 0
	Leaving      bool              `json:"leaving,omitzero"`      // LeaveGroup, or a heartbeat with epoch -1 or -2
	Reason       string            `json:"reason,omitzero"`       // why it joins or leaves, as it says itself (KIP-800)
	Code         int16             `json:"code"`
}

// Client is how a client introduces itself in ApiVersions (KIP-511).
type Client struct {
	Name    string `json:"name,omitzero"`
	Version string `json:"version,omitzero"`
	Code    int16  `json:"code"`
}

// Connection is a connection opened to a broker, failed to open (the fact's Error tells why), or closed.
type Connection struct {
	Open    bool   `json:"open,omitzero"`
	Address string `json:"address,omitzero"` // of the broker
}

// Fault is a rule that had its effect; Request.Fault tells the rule.
type Fault struct {
	Action string            `json:"action,omitzero"`
	Number int               `json:"number"`          // which effect of this rule it is, from 1
	Times  int               `json:"times"`           // how many it is to have; 0: no limit
	Topics []TopicPartitions `json:"topics,omitzero"` // what of the request the rule selects; none of a topic: all
}

func (LogEvent) detail()     {}
func (*Attempt) detail()     {}
func (*Fetch) detail()       {}
func (*Commit) detail()      {}
func (*Begin) detail()       {}
func (*Transaction) detail() {}
func (*Membership) detail()  {}
func (*Client) detail()      {}
func (*Connection) detail()  {}
func (*Fault) detail()       {}

// columns are the fields of an event that are columns of its fact.
var columns = []string{"topic", "partition", "offset", "key", "count", "group", "error"}

func (e LogEvent) String() string {
	var l list
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if !slices.Contains(columns, name) {
			l.add(name, e[name])
		}
	}
	return l.String()
}

// Partitions reads the field partitions: numbers with commas between them. Others are passed over.
func (e LogEvent) Partitions() (numbers []int32) {
	for word := range strings.SplitSeq(e["partitions"], ",") {
		if n, err := strconv.ParseInt(strings.TrimSpace(word), 10, 32); err == nil {
			numbers = append(numbers, int32(n))
		}
	}
	return numbers
}

func (a *Attempt) String() string     { return said(a) }
func (f *Fetch) String() string       { return said(f) }
func (b *Begin) String() string       { return said(b) }
func (t *Transaction) String() string { return said(t) }
func (c *Connection) String() string  { return said(c) }

// said lists what a detail says, by the names of the journal's file: member=m generation=2. What says nothing, zero and
// -1, is left out.
func said(detail any) string {
	var l list
	v := reflect.ValueOf(detail).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		switch value := v.Field(i).Interface().(type) {
		case []TopicPartitions:
			l.add(name, partitionsText(value))
		case []Content, []ContentAt: // they say nothing to a reader
		default:
			if text := fmt.Sprint(value); !v.Field(i).IsZero() && text != "-1" {
				l.add(name, text)
			}
		}
	}
	return l.String()
}

func (c *Client) String() string { return strings.TrimSpace(c.Name + " " + c.Version) }

func (f *Fault) String() string { return f.text("") }

// text is such as "hold (Produce, 1 of 3)"; the API is empty where a connection was hit, not a request.
func (f *Fault) text(api string) string {
	text, partitions := f.Action+" (", ""
	if api != "" {
		text += api + ", "
	}
	if f.Times > 0 {
		text += fmt.Sprintf("%d of %d)", f.Number, f.Times)
	} else {
		text += fmt.Sprintf("number %d)", f.Number)
	}
	if len(f.Topics) > 1 || len(f.Topics) == 1 && len(f.Topics[0].Partitions) > 1 { // else the fact's columns have it
		partitions = " " + partitionsText(f.Topics)
	}
	return text + partitions
}

// partitionsText is such as "orders:0,1 payments:3"; "none" for what was told to be empty, as opposed to not told.
func partitionsText(all []TopicPartitions) string {
	if all == nil {
		return ""
	}
	var words []string
	for _, t := range all {
		if len(t.Partitions) > 0 {
			words = append(words, t.Topic+":"+strings.ReplaceAll(strings.Trim(fmt.Sprint(t.Partitions), "[]"), " ", ","))
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}

// list is what a detail says, as name=value.
type list []string

func (l *list) add(name string, value any) {
	if text := fmt.Sprint(value); text != "" {
		*l = append(*l, name+"="+quote(text))
	}
}

func (l list) String() string { return strings.Join(l, " ") }
