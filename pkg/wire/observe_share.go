package wire

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// shareGroupHeartbeat is the membership of a share group (KIP-932): the partitions it is given are others' too.
func (n *naming) shareGroupHeartbeat(request *kmsg.ShareGroupHeartbeatRequest, answer kmsg.Response) []journal.Fact {
	f, m := n.heartbeat(journal.ShareProtocol, request.GroupID, request.MemberID, nil, request.MemberEpoch)
	if request.SubscribedTopicNames != nil {
		m.Subscribed = n.topics(request.SubscribedTopicNames)
	}
	response, ok := answer.(*kmsg.ShareGroupHeartbeatResponse)
	if ok && heard(m, response.ErrorCode, text(response.MemberID), response.MemberEpoch) && response.Assignment != nil {
		m.Assigned = n.partitions(response.Assignment.TopicPartitions)
	}
	return []journal.Fact{f}
}

// shared is the facts of a ShareFetch or ShareAcknowledge: what the member says of records it holds, which the former
// may carry too, and what it is given. A request that closes the session is a fact without a partition.
func (n *naming) shared(request kmsg.Request, answer kmsg.Response, group, member *string,
	epoch int32) (facts []journal.Fact) {
	of := func(kind journal.Kind, key partitionKey, ranges []journal.ShareRange, code int16) {
		f := journal.Fact{Kind: kind, Group: n.group(text(group)), Partition: key.partition, Offset: -1,
			Detail: &journal.Share{Member: text(member), Epoch: epoch, Ranges: ranges, Code: code,
				Unanswered: answer == nil}}
		if key.partition >= 0 {
			f.Topic = n.topic(key.topic, key.topicID)
		}
		for i, r := range ranges {
			if i == 0 {
				f.Offset = r.First
			}
			f.Count += r.Last - r.First + 1
		}
		facts = append(facts, f)
	}
	whole, refused := int16(0), map[partitionKey]int16{}
	acknowledgeCode := "AcknowledgeErrorCode"
	if _, only := request.(*kmsg.ShareAcknowledgeRequest); only {
		acknowledgeCode = "ErrorCode"
	}
	if answer != nil {
		whole = codeOf(structure(answer), "ErrorCode")
		eachPart(answer, func(key partitionKey, p reflect.Value) { refused[key] = codeOf(p, acknowledgeCode) })
	}
	eachPart(request, func(key partitionKey, p reflect.Value) {
		if ranges := acknowledged(p); len(ranges) > 0 {
			code := whole
			if code == 0 {
				code = refused[key]
			}
			of(journal.ShareAcknowledged, key, ranges, code)
		}
	})
	if epoch < 0 {
		of(journal.ShareClosed, partitionKey{partition: -1}, nil, whole)
	}
	if fetched, ok := answer.(*kmsg.ShareFetchResponse); ok {
		for _, t := range fetched.Topics {
			for _, p := range t.Partitions {
				if ranges := acquired(p.AcquiredRecords); len(ranges) > 0 {
					of(journal.ShareAcquired, partitionKey{topicID: t.TopicID, partition: p.Partition}, ranges, p.ErrorCode)
				}
			}
		}
	}
	return facts
}

func acquired(all []kmsg.ShareFetchResponseTopicPartitionAcquiredRecord) (ranges []journal.ShareRange) {
	for _, a := range all {
		if a.LastOffset >= a.FirstOffset {
			ranges = append(ranges, journal.ShareRange{First: a.FirstOffset, Last: a.LastOffset, Deliveries: a.DeliveryCount})
		}
	}
	return ranges
}

// acknowledged reads the batches of a partition: one type for all of a batch, or one for each offset.
func acknowledged(p reflect.Value) (ranges []journal.ShareRange) {
	for _, batch := range elements(p, "AcknowledgementBatches") {
		first, last := batch.FieldByName("FirstOffset").Int(), batch.FieldByName("LastOffset").Int()
		types, _ := batch.FieldByName("AcknowledgeTypes").Interface().([]int8)
		if len(types) == 0 || last < first {
			continue
		}
		ranges = append(ranges, journal.ShareRange{First: first, Last: last, Type: journal.ShareType(types[0])})
		for i, each := range types[1:] {
			end := &ranges[len(ranges)-1]
			if offset := first + int64(i) + 1; journal.ShareType(each) != end.Type && offset <= last {
				end.Last = offset - 1
				ranges = append(ranges, journal.ShareRange{First: offset, Last: last, Type: journal.ShareType(each)})
			}
		}
	}
	return ranges
}
