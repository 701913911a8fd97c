package screen

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// MaxPartitions is how many partitions one request may create, as in Apache Kafka (MAX_PARTITIONS_PER_BATCH of its
// ReplicationControlManager). More is a POLICY_VIOLATION there; here it would be a process without memory.
const MaxPartitions = 10_000

// treatment is what is done about one API. Before changes a request on its way in; it returns what it wants to know
// when the answer comes, and whether it changed anything. After changes the answer and tells whether it did.
type treatment struct {
	before func(request kmsg.Request) (note any, changed bool)
	after  func(request kmsg.Request, note any, answer kmsg.Response) (changed bool)
}

// newest are versions that clients are not offered more than, though the broker has them.
var newest = map[int16]int16{
	// In version 13 kfake ends with an index out of range where two topics are unknown to it.
	int16(kmsg.Produce): 12,
}

var treatments = map[int16]treatment{
	int16(kmsg.ApiVersions):             {after: offeredVersions},
	int16(kmsg.OffsetFetch):             {after: offsetsOfUnknownGroups},
	int16(kmsg.CreateTopics):            {before: boundTopics, after: createdTopics},
	int16(kmsg.CreatePartitions):        {before: boundPartitions, after: createdPartitions},
	int16(kmsg.DescribeTopicPartitions): {after: describedPartitions},
}

// asked is a request whose answer is to be put right.
type asked struct {
	treatment treatment
	request   kmsg.Request
	note      any
}

// treat changes a request where it must be, and remembers it until its answer comes.
func (c *connection) treat(t treatment, frame []byte, body int) ([]byte, error) {
	head := frame[sizeBytes:]
	request := kmsg.RequestForKey(int16(binary.BigEndian.Uint16(head)))
	request.SetVersion(int16(binary.BigEndian.Uint16(head[2:])))
	if err := request.ReadFrom(frame[body:]); err != nil {
		return nil, damaged(kmsg.NameForKey(request.Key()), request.GetVersion(), err)
	}
	a := asked{treatment: t, request: request}
	if t.before != nil {
		var changed bool
		if a.note, changed = t.before(request); changed {
			frame = sized(request.AppendTo(frame[:body:body]))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == nil {
		c.asked = map[int32]asked{}
	}
	c.asked[int32(binary.BigEndian.Uint32(head[4:]))] = a
	return frame, nil
}

// Write passes an answer on, put right where it differs from Apache Kafka's. The broker writes a whole one at a time.
func (c *connection) Write(frame []byte) (int, error) {
	if len(frame) >= 2*sizeBytes {
		c.mu.Lock()
		correlation := int32(binary.BigEndian.Uint32(frame[sizeBytes:]))
		a, ok := c.asked[correlation]
		delete(c.asked, correlation)
		c.mu.Unlock()
		if ok {
			if _, err := c.Conn.Write(a.answer(frame)); err != nil {
				return 0, err
			}
			return len(frame), nil
		}
	}
	return c.Conn.Write(frame)
}

// answer is the frame to be sent in place of the broker's.
func (a asked) answer(frame []byte) []byte {
	response := a.request.ResponseKind()
	response.SetVersion(a.request.GetVersion())
	r := kbin.Reader{Src: frame[2*sizeBytes:]}
	if response.IsFlexible() && response.Key() != int16(kmsg.ApiVersions) {
		kmsg.SkipTags(&r)
	}
	body := len(frame) - len(r.Src)
	if err := response.ReadFrom(r.Src); err != nil || !a.treatment.after(a.request, a.note, response) {
		return frame // the broker's own; an answer it cannot encode is not made better by holding it back
	}
	return sized(response.AppendTo(append([]byte(nil), frame[:body]...)))
}

func offeredVersions(_ kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	got := answer.(*kmsg.ApiVersionsResponse)
	for i := range got.ApiKeys {
		if most, ok := newest[got.ApiKeys[i].ApiKey]; ok && got.ApiKeys[i].MaxVersion > most {
			got.ApiKeys[i].MaxVersion, changed = most, true
		}
	}
	return changed
}

// offsetsOfUnknownGroups: a group that nobody has heard of has no offsets, which is no error. Apache Kafka answers -1
// for each partition asked for (OffsetMetadataManager.fetchOffsets).
func offsetsOfUnknownGroups(request kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	asked, got := request.(*kmsg.OffsetFetchRequest), answer.(*kmsg.OffsetFetchResponse)
	// Versions 0 and 1 have no error code for the whole answer.
	if unknown := got.ErrorCode == kerr.GroupIDNotFound.Code; got.Version < 8 &&
		(unknown || got.Version < 2 && len(got.Topics) == 0) {
		got.ErrorCode, got.Topics = 0, nil
		for _, t := range asked.Topics {
			topic := kmsg.NewOffsetFetchResponseTopic()
			topic.Topic = t.Topic
			for _, p := range t.Partitions {
				partition := kmsg.NewOffsetFetchResponseTopicPartition()
				partition.Partition, partition.Offset, partition.LeaderEpoch = p, -1, -1
				partition.Metadata = new(string)
				topic.Partitions = append(topic.Partitions, partition)
			}
			got.Topics = append(got.Topics, topic)
		}
		return true
	}
	for i := range got.Groups {
		g := &got.Groups[i]
		if g.ErrorCode != kerr.GroupIDNotFound.Code {
			continue
		}
		changed, g.ErrorCode, g.Topics = true, 0, nil
		for _, of := range asked.Groups {
			if of.Group != g.Group {
				continue
			}
			for _, t := range of.Topics {
				topic := kmsg.NewOffsetFetchResponseGroupTopic()
				topic.Topic, topic.TopicID = t.Topic, t.TopicID
				for _, p := range t.Partitions {
					partition := kmsg.NewOffsetFetchResponseGroupTopicPartition()
					partition.Partition, partition.Offset, partition.LeaderEpoch = p, -1, -1
					partition.Metadata = new(string)
					topic.Partitions = append(topic.Partitions, partition)
				}
				g.Topics = append(g.Topics, topic)
			}
		}
	}
	return changed
}

const tooManyPartitions = "Excessively large number of partitions per request."

// boundTopics lets the broker refuse topics of too many partitions in its own words; the note has their names.
func boundTopics(request kmsg.Request) (any, bool) {
	refused, total := map[string]bool{}, 0
	topics := request.(*kmsg.CreateTopicsRequest).Topics
	for i := range topics {
		t := &topics[i]
		if total += max(int(t.NumPartitions), len(t.ReplicaAssignment)); total > MaxPartitions {
			refused[t.Topic] = true
			t.NumPartitions, t.ReplicaAssignment = 0, nil // INVALID_PARTITIONS
		}
	}
	return refused, len(refused) > 0
}

// createdTopics: Java's Admin reads the settings of a new topic, and cannot read null.
func createdTopics(_ kmsg.Request, note any, answer kmsg.Response) bool {
	got := answer.(*kmsg.CreateTopicsResponse)
	for i := range got.Topics {
		t := &got.Topics[i]
		if note.(map[string]bool)[t.Topic] {
			t.ErrorCode, t.ErrorMessage = kerr.PolicyViolation.Code, kmsg.StringPtr(tooManyPartitions)
		}
		if t.Configs == nil {
			t.Configs = []kmsg.CreateTopicsResponseTopicConfig{}
		}
	}
	return len(got.Topics) > 0
}

func boundPartitions(request kmsg.Request) (any, bool) {
	refused := map[string]bool{}
	topics := request.(*kmsg.CreatePartitionsRequest).Topics
	for i := range topics {
		if t := &topics[i]; t.Count > MaxPartitions {
			refused[t.Topic] = true
			t.Count, t.Assignment = 0, nil // INVALID_PARTITIONS
		}
	}
	return refused, len(refused) > 0
}

func createdPartitions(_ kmsg.Request, note any, answer kmsg.Response) (changed bool) {
	got := answer.(*kmsg.CreatePartitionsResponse)
	for i := range got.Topics {
		if t := &got.Topics[i]; note.(map[string]bool)[t.Topic] {
			t.ErrorCode, t.ErrorMessage = kerr.PolicyViolation.Code, kmsg.StringPtr(tooManyPartitions)
			changed = true
		}
	}
	return changed
}

// describedPartitions: Java's Admin cannot read null where Apache Kafka has an empty list.
func describedPartitions(_ kmsg.Request, _ any, answer kmsg.Response) bool {
	got := answer.(*kmsg.DescribeTopicPartitionsResponse)
	for i := range got.Topics {
		for j := range got.Topics[i].Partitions {
			p := &got.Topics[i].Partitions[j]
			if p.EligibleLeaderReplicas == nil {
				p.EligibleLeaderReplicas = []int32{}
			}
			if p.LastKnownELR == nil {
				p.LastKnownELR = []int32{}
			}
		}
	}
	return len(got.Topics) > 0
}
