package wire

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// refusable tells whether answers of this API have a place for an error: one for the whole, or for the topics or
// partitions that a request names.
func refusable(key kmsg.Key) bool {
	response := kmsg.ResponseForKey(int16(key))
	if response == nil {
		return false
	}
	answer := structure(response)
	if answer.FieldByName("ErrorCode").IsValid() {
		return true
	}
	topics := field(answer, "Topics", reflect.Slice)
	if !topics.IsValid() || !field(structure(response.RequestKind()), "Topics", reflect.Slice).IsValid() {
		return false
	}
	part := grow(topics)
	if partitions := field(part, "Partitions", reflect.Slice); partitions.IsValid() {
		part = grow(partitions)
	}
	return field(part, "ErrorCode", reflect.Int16).IsValid()
}

// partitioned tells whether an answer of this API can refuse some partitions and not others.
func partitioned(key kmsg.Key) bool {
	response := kmsg.ResponseForKey(int16(key))
	return response != nil && field(structure(response), "Topics", reflect.Slice).IsValid()
}

// refuse is the answer that gives the code to the whole of a request, and not yet to the partitions it names.
func refuse(request kmsg.Request, code int16) kmsg.Response {
	response := request.ResponseKind()
	setCode(structure(response), code)
	switch r := response.(type) {
	case *kmsg.FindCoordinatorResponse:
		r.NodeID, r.Port = -1, -1
		for _, key := range request.(*kmsg.FindCoordinatorRequest).CoordinatorKeys {
			c := kmsg.NewFindCoordinatorResponseCoordinator()
			c.Key, c.NodeID, c.Port, c.ErrorCode = key, -1, -1, code
			r.Coordinators = append(r.Coordinators, c)
		}
	case *kmsg.OffsetFetchResponse:
		for _, asked := range request.(*kmsg.OffsetFetchRequest).Groups {
			group := kmsg.NewOffsetFetchResponseGroup()
			group.Group, group.ErrorCode = asked.Group, code
			r.Groups = append(r.Groups, group)
		}
	case *kmsg.JoinGroupResponse:
		r.Generation, r.MemberID = -1, request.(*kmsg.JoinGroupRequest).MemberID
	case *kmsg.InitProducerIDResponse:
		r.ProducerID, r.ProducerEpoch = -1, -1
	case *kmsg.ApiVersionsResponse:
		if code == unsupportedVersion {
			r.SetVersion(0) // clients read it so, as they know nothing of the broker yet (KIP-511)
		}
	case *kmsg.FetchResponse:
		if !sessionError(code) {
			r.ErrorCode = 0 // partitions have it; for the whole there are only errors of the session
		}
	}
	return response
}

// sessionError tells errors of fetch sessions (KIP-227, KIP-516), which stand above all partitions.
func sessionError(code int16) bool { return code == 70 || code == 71 || code == 106 }

// refuseParts gives the code to partitions, in place of what the answer says about them.
func refuseParts(answer kmsg.Response, parts []partitionKey, code int16) {
	for _, key := range parts {
		if place := key.place(structure(answer)); place.IsValid() {
			setCode(place, code)
			if p, ok := place.Addr().Interface().(*kmsg.ShareFetchResponseTopicPartition); ok && p.Records == nil {
				p.Records = []byte{} // kmsg would write null, which Kafka's protocol does not have there
			}
		}
	}
}

func setCode(v reflect.Value, code int16) {
	if f := field(v, "ErrorCode", reflect.Int16); f.IsValid() {
		f.SetInt(int64(code))
	}
}

// refuseMetadata gives the code to the selected topics of an answer, in place: reading metadata changes nothing, so the
// broker is asked, and its addresses stay. It tells whether there was such a topic.
func refuseMetadata(answer *kmsg.MetadataResponse, code int16, selected func(partitionKey) bool) bool {
	found := false
	for i := range answer.Topics {
		t := &answer.Topics[i]
		if selected == nil || selected(partitionKey{topic: text(t.Topic), topicID: t.TopicID, partition: -1}) {
			t.ErrorCode, t.Partitions, found = code, nil, true
		}
	}
	if selected == nil && answer.Version >= 13 {
		answer.ErrorCode, found = code, true
	}
	return found
}
