package wire

import (
	"fmt"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Undo turns physical names back into those of the scenario; cluster.Names does.
type Undo interface {
	LogicalTopic(physical string) (string, bool)
	LogicalGroup(physical string) (string, bool)
	Undo(text string) string
}

// observed tells whether requests of this API make events.
func observed(key kmsg.Key) bool {
	switch key {
	case kmsg.Produce, kmsg.Fetch, kmsg.OffsetCommit, kmsg.TxnOffsetCommit, kmsg.OffsetFetch, kmsg.InitProducerID,
		kmsg.AddPartitionsToTxn, kmsg.AddOffsetsToTxn, kmsg.EndTxn, kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat,
		kmsg.LeaveGroup, kmsg.ConsumerGroupHeartbeat, kmsg.ShareGroupHeartbeat, kmsg.StreamsGroupHeartbeat,
		kmsg.ShareFetch, kmsg.ShareAcknowledge, kmsg.ApiVersions, kmsg.CreateTopics, kmsg.DeleteTopics,
		kmsg.Metadata, kmsg.FindCoordinator:
		return true
	}
	return false
}

// observation is what a request said, kept until its answer comes.
type observation interface {
	// facts completes it with the body of the answer; nil when there is none. Who was seen, in which request and with
	// which success, is left to the caller.
	facts(n *naming, answer []byte) ([]journal.Fact, error)
}

// observe reads a request of an observed API. Nothing of the frame is kept.
func observe(r *request, wanted wanted) (observation, error) {
	if r.key == kmsg.Produce {
		return observeProduce(r, wanted)
	}
	// The copy is for the byte slices in it; the buffer of the frame is used again.
	decoded, err := decodeRequest(r.key, r.version, append([]byte(nil), r.frame[r.body:]...))
	if err != nil {
		return nil, err
	}
	if fetch, ok := decoded.(*kmsg.FetchRequest); ok {
		return newFetched(fetch), nil
	}
	return &control{decoded}, nil
}

// control observes the small requests that kmsg decodes whole.
type control struct{ request kmsg.Request }

func (c *control) facts(n *naming, answer []byte) (facts []journal.Fact, err error) {
	var response kmsg.Response
	var code int16
	if answer != nil {
		if response, err = decodeResponse(c.request, answer); err == nil {
			code = codeOf(structure(response), "ErrorCode")
		}
	}
	switch request := c.request.(type) {
	case *kmsg.ApiVersionsRequest:
		facts = []journal.Fact{{Kind: journal.ClientSoftware, Partition: -1, Offset: -1, Detail: &journal.Client{
			Name: request.ClientSoftwareName, Version: request.ClientSoftwareVersion, Code: code}}}
	case *kmsg.CreateTopicsRequest:
		facts = n.createTopics(request, response)
	case *kmsg.DeleteTopicsRequest:
		facts = n.deleteTopics(response)
	case *kmsg.MetadataRequest:
		facts = n.asksFor(request, response)
	case *kmsg.FindCoordinatorRequest:
		facts = n.looksFor(request)
	case *kmsg.OffsetCommitRequest:
		facts = n.commits(request, response, request.Group, journal.Commit{
			Member: request.MemberID, Generation: request.Generation, ProducerID: -1, ProducerEpoch: -1})
	case *kmsg.TxnOffsetCommitRequest:
		facts = n.commits(request, response, request.Group, journal.Commit{
			Member: request.MemberID, Generation: request.Generation, TransactionalID: n.text(&request.TransactionalID),
			ProducerID: request.ProducerID, ProducerEpoch: request.ProducerEpoch})
	case *kmsg.OffsetFetchRequest:
		facts = n.committed(request, response)
	case *kmsg.JoinGroupRequest:
		facts = n.joinGroup(request, response)
	case *kmsg.SyncGroupRequest:
		facts = n.syncGroup(request, response)
	case *kmsg.HeartbeatRequest:
		f, m := n.member(request.Group, request.MemberID, request.InstanceID, request.Generation)
		m.Code = code
		facts = []journal.Fact{f}
	case *kmsg.LeaveGroupRequest:
		facts = n.leaveGroup(request, response)
	case *kmsg.ConsumerGroupHeartbeatRequest:
		facts = n.consumerGroupHeartbeat(request, response)
	case *kmsg.ShareGroupHeartbeatRequest:
		facts = n.shareGroupHeartbeat(request, response)
	case *kmsg.StreamsGroupHeartbeatRequest:
		facts = n.streamsGroupHeartbeat(request, response)
	case *kmsg.ShareFetchRequest:
		facts = n.shared(request, response, request.GroupID, request.MemberID, request.ShareSessionEpoch)
	case *kmsg.ShareAcknowledgeRequest:
		facts = n.shared(request, response, request.GroupID, request.MemberID, request.ShareSessionEpoch)
	default:
		facts = n.transaction(c.request, response, code)
	}
	return facts, err
}

// decodeRequest reads a body with kmsg.
func decodeRequest(key kmsg.Key, version int16, body []byte) (kmsg.Request, error) {
	if !knows(key, version) {
		return nil, fmt.Errorf("got %s version %d, want one the wire knows; it is passed on as it is", APIName(key), version)
	}
	return decode(body, flexible(key, version), func() kmsg.Request { return requestOf(key, version) })
}

// decodeResponse reads the body of the answer to a request. An ApiVersions answer may be in version 0 (KIP-511).
func decodeResponse(request kmsg.Request, body []byte) (kmsg.Response, error) {
	version := request.GetVersion()
	if c := newCursor(body); kmsg.Key(request.Key()) == kmsg.ApiVersions && c.Int16() == unsupportedVersion {
		version = 0
	}
	return decode(body, flexible(kmsg.Key(request.Key()), version), func() kmsg.Response {
		response := request.ResponseKind()
		response.SetVersion(version)
		return response
	})
}

// decode reads a body into a fresh message. The recovery is for bodies nobody would send: a wire must outlive them.
func decode[M interface{ ReadFrom([]byte) error }](body []byte, flexible bool, fresh func() M) (m M, err error) {
	defer recovered(&err)
	if flexible {
		if err := guard(body, func(masked []byte) error { return fresh().ReadFrom(masked) }); err != nil {
			return m, err
		}
	}
	read := fresh()
	if err := read.ReadFrom(body); err != nil {
		return m, err
	}
	return read, nil
}

func recovered(err *error) {
	if problem := recover(); problem != nil {
		*err = fmt.Errorf("cannot decode: %v; the frame is passed on as it is", problem)
	}
}

// naming turns what stands in frames into what events say.
type naming struct {
	directory *brokers
	undo      Undo                     // nil: names stay
	topicName func(id [16]byte) string // of topics that the directory does not know; nil: of none
	contents  bool                     // of records are told
	compacts  func(topic string) bool  // of topics of the scenario; nil: of none

	made       compactedTopics
	topologies topologies
}

// compacted is true of a topic from which compaction takes records, by its logical name.
func (n *naming) compacted(topic string) bool {
	if compacted, made := n.made.get(topic); made {
		return compacted
	}
	return n.compacts != nil && n.compacts(topic)
}

// compactedTopics are the topics that applications have made, and whether compaction takes records from them.
type compactedTopics struct {
	mu  sync.Mutex
	all map[string]bool
}

func (c *compactedTopics) set(topic string, compacted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[string]bool{}
	}
	c.all[topic] = compacted
}

func (c *compactedTopics) get(topic string) (compacted, made bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	compacted, made = c.all[topic]
	return compacted, made
}

func (n *naming) topic(name string, id [16]byte) string {
	if name == "" {
		if name = n.directory.topic(id); name == "" && n.topicName != nil {
			name = n.topicName(id) // librdkafka asks its group before any broker has named the topic
			n.directory.topicSeen(id, name)
		}
		if name == "" {
			return fmt.Sprintf("id:%x", id)
		}
	}
	if n.undo != nil {
		if logical, ok := n.undo.LogicalTopic(name); ok {
			return logical
		}
	}
	return name
}

func (n *naming) group(name string) string {
	if n.undo != nil {
		if logical, ok := n.undo.LogicalGroup(name); ok {
			return logical
		}
	}
	return name
}

func (n *naming) text(text *string) string {
	if text == nil {
		return ""
	}
	if n.undo != nil {
		return n.undo.Undo(*text)
	}
	return *text
}
