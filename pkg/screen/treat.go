package screen

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// treatment is what is done about one API. Before changes a request on its way in; it returns what it wants to know
// when the answer comes, and whether it changed anything. After changes the answer and tells whether it did.
type treatment struct {
	before func(s *state, request kmsg.Request) (note any, changed bool)
	after  func(s *state, request kmsg.Request, note any, answer kmsg.Response) (changed bool)
}

// newest are versions that clients are not offered more than, though the broker has them.
var newest = map[int16]int16{
	// In version 13 kfake ends with an index out of range where two topics are unknown to it.
	int16(kmsg.Produce): 12,
}

var treatments = map[int16]treatment{
	int16(kmsg.ApiVersions):             {after: offeredAPIs},
	int16(kmsg.Fetch):                   {after: fetchedTimes},
	int16(kmsg.Metadata):                {(*state).keepNames, (*state).describedTopics},
	int16(kmsg.CreateTopics):            {(*state).checkTopics, (*state).createdTopics},
	int16(kmsg.DeleteTopics):            {after: (*state).deletedTopics},
	int16(kmsg.CreatePartitions):        {(*state).boundPartitions, (*state).createdPartitions},
	int16(kmsg.DescribeCluster):         {after: describedCluster},
	int16(kmsg.DescribeTopicPartitions): {after: (*state).describedPartitions},
	int16(kmsg.DescribeConfigs):         {after: (*state).describedConfigs},
	int16(kmsg.AlterConfigs):            {(*state).checkReplaced, (*state).replacedConfigs},
	int16(kmsg.IncrementalAlterConfigs): {(*state).checkAltered, (*state).alteredConfigs},
	int16(kmsg.DeleteRecords):           {(*state).keepCompacted, deletedRecords},
	int16(kmsg.OffsetFetch):             {after: fetchedOffsets},
	int16(kmsg.JoinGroup):               {after: (*state).joinedGroup},
	int16(kmsg.Heartbeat):               {after: beaten},
	int16(kmsg.SyncGroup):               {after: synced},
	int16(kmsg.LeaveGroup):              {after: left},
	int16(kmsg.ListGroups):              {lowerFilters, listedGroups},
	int16(kmsg.ConsumerGroupHeartbeat):  {after: beaten848},
	int16(kmsg.ConsumerGroupDescribe):   {after: (*state).describedGroups},
	int16(kmsg.ShareGroupDescribe):      {after: describedShareGroups},
	int16(kmsg.InitProducerID):          {after: (*state).startedProducer},
	int16(kmsg.AddPartitionsToTxn):      {before: (*state).knownTransaction},
	int16(kmsg.AddOffsetsToTxn):         {before: (*state).knownTransaction},
	int16(kmsg.EndTxn):                  {(*state).knownTransaction, (*state).endedTransaction},
	int16(kmsg.TxnOffsetCommit):         {after: (*state).committedInTransaction},
	int16(kmsg.SASLHandshake):           {after: noLogin},
	int16(kmsg.DescribeACLs):            {after: noACLs},
	int16(kmsg.CreateACLs):              {after: noACLs},
	int16(kmsg.DeleteACLs):              {after: noACLs},
	int16(kmsg.DescribeClientQuotas):    {after: describedQuotas},
	int16(kmsg.ShareFetch):              {after: sharedRecords},
}

// asked is a request whose answer is to be put right.
type asked struct {
	after   func(s *state, request kmsg.Request, note any, answer kmsg.Response) (changed bool)
	request kmsg.Request
	note    any
}

// treat changes a request where it must be, and remembers it until its answer comes.
func (c *connection) treat(t treatment, frame []byte, body int) ([]byte, error) {
	head := frame[sizeBytes:]
	request := kmsg.RequestForKey(int16(binary.BigEndian.Uint16(head)))
	request.SetVersion(int16(binary.BigEndian.Uint16(head[2:])))
	if err := request.ReadFrom(frame[body:]); err != nil {
		return nil, damaged(kmsg.NameForKey(request.Key()), request.GetVersion(), err)
	}
	a := asked{after: t.after, request: request}
	if t.before != nil {
		var changed bool
		if a.note, changed = t.before(c.listener.state, request); changed {
			frame = sized(request.AppendTo(frame[:body:body]))
		}
	}
	if a.after != nil {
		c.remember(head, a)
	}
	c.waiting(request)
	return frame, nil
}

// remember keeps a request until its answer comes; head has the correlation id.
func (c *connection) remember(head []byte, a asked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == nil {
		c.asked = map[int32]asked{}
	}
	c.asked[int32(binary.BigEndian.Uint32(head[4:]))] = a
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
			c.endVigil()
			if _, err := c.Conn.Write(a.answer(c.listener.state, frame)); err != nil {
				return 0, err
			}
			return len(frame), nil
		}
	}
	return c.Conn.Write(frame)
}

// answer is the frame to be sent in place of the broker's.
func (a asked) answer(s *state, frame []byte) []byte {
	response := a.request.ResponseKind()
	response.SetVersion(a.request.GetVersion())
	r := kbin.Reader{Src: frame[2*sizeBytes:]}
	if response.IsFlexible() && response.Key() != int16(kmsg.ApiVersions) {
		kmsg.SkipTags(&r)
	}
	body := len(frame) - len(r.Src)
	if err := response.ReadFrom(r.Src); err != nil || !a.after(s, a.request, a.note, response) {
		return frame // the broker's own; an answer it cannot encode is not made better by holding it back
	}
	return sized(response.AppendTo(append([]byte(nil), frame[:body]...)))
}
