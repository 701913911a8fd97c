package wire

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// refusable tells whether answers of this API have a place for an error.
func refusable(key int16) bool {
	response := kmsg.ResponseForKey(key)
	if response == nil {
		return false
	}
	switch key {
	case apiFindCoordinator, apiMetadata, apiOffsetFetch:
		return true
	}
	v := structure(response)
	if field(v, "ErrorCode", reflect.Int16).IsValid() {
		return true
	}
	topics := field(v, "Topics", reflect.Slice)
	request := field(structure(response.RequestKind()), "Topics", reflect.Slice)
	if !topics.IsValid() || !request.IsValid() || topics.Type().Elem().Kind() != reflect.Struct {
		return false
	}
	topic := reflect.New(topics.Type().Elem()).Elem()
	if partitions := field(topic, "Partitions", reflect.Slice); partitions.IsValid() {
		return field(reflect.New(partitions.Type().Elem()).Elem(), "ErrorCode", reflect.Int16).IsValid()
	}
	return field(topic, "ErrorCode", reflect.Int16).IsValid()
}

// refuse makes the answer that gives the code to the selected partitions, or to the whole request when selected is nil.
func refuse(request kmsg.Request, code int16, selected func(partitionKey) bool) kmsg.Response {
	whole := selected == nil
	if whole {
		selected = func(partitionKey) bool { return true }
	}
	response := request.ResponseKind()
	mirror(structure(request), structure(response), code, selected)
	if whole {
		setCode(structure(response), code)
	}
	switch r := response.(type) {
	case *kmsg.FindCoordinatorResponse:
		refuseCoordinator(request.(*kmsg.FindCoordinatorRequest), r, code)
	case *kmsg.OffsetFetchResponse:
		refuseGroups(request.(*kmsg.OffsetFetchRequest), r, code, whole, selected)
	case *kmsg.JoinGroupResponse:
		r.Generation, r.MemberID = -1, request.(*kmsg.JoinGroupRequest).MemberID
	case *kmsg.InitProducerIDResponse:
		r.ProducerID, r.ProducerEpoch = -1, -1
	case *kmsg.ApiVersionsResponse:
		if code == unsupportedVersion {
			r.SetVersion(0) // clients read it so, as they know nothing of the broker yet (KIP-511)
		}
	case *kmsg.FetchResponse:
		if r.ErrorCode != 0 && !sessionError(code) {
			r.ErrorCode = 0 // partitions have it; for the whole there are only errors of the session
		}
	}
	return response
}

func refuseCoordinator(request *kmsg.FindCoordinatorRequest, r *kmsg.FindCoordinatorResponse, code int16) {
	r.NodeID, r.Port = -1, -1
	for _, key := range request.CoordinatorKeys {
		c := kmsg.NewFindCoordinatorResponseCoordinator()
		c.Key, c.NodeID, c.Port, c.ErrorCode = key, -1, -1, code
		r.Coordinators = append(r.Coordinators, c)
	}
}

// refuseGroups fills versions from 8 on, which ask for several groups at once.
func refuseGroups(request *kmsg.OffsetFetchRequest, r *kmsg.OffsetFetchResponse, code int16, whole bool,
	selected func(partitionKey) bool) {
	for i := range request.Groups {
		group := kmsg.NewOffsetFetchResponseGroup()
		group.Group = request.Groups[i].Group
		if whole {
			group.ErrorCode = code
		} else {
			mirror(reflect.ValueOf(&request.Groups[i]).Elem(), reflect.ValueOf(&group).Elem(), code, selected)
		}
		r.Groups = append(r.Groups, group)
	}
}

// sessionError tells errors of fetch sessions (KIP-227, KIP-516), which stand above all partitions.
func sessionError(code int16) bool { return code == 70 || code == 71 || code == 106 }

// merge puts refused partitions into the answer of the broker, in place of what it said about them. An answer without
// partitions is replaced.
func merge(answer, refused kmsg.Response) kmsg.Response {
	from, into := holders(structure(refused)), holders(structure(answer))
	found := false
	for _, holder := range from {
		if field(holder, "Topics", reflect.Slice).IsValid() && field(holder, "Topics", reflect.Slice).Len() > 0 {
			found = true
			mergeTopics(counterpart(into, holder), holder)
		}
	}
	if !found {
		return refused
	}
	return answer
}

// counterpart is the holder of the same group; the message itself is the counterpart of the message.
func counterpart(holders []reflect.Value, of reflect.Value) reflect.Value {
	for _, h := range holders {
		if h.Type() != of.Type() {
			continue
		}
		if group := field(of, "Group", reflect.String); !group.IsValid() ||
			h.FieldByName("Group").String() == group.String() {
			return h
		}
	}
	return holders[0]
}

func mergeTopics(into, from reflect.Value) {
	topics := field(into, "Topics", reflect.Slice)
	if !topics.IsValid() {
		return
	}
	for _, refused := range elements(from, "Topics") {
		topic := reflect.Value{}
		for i := range topics.Len() {
			if topicKey(topics.Index(i)) == topicKey(refused) {
				topic = topics.Index(i)
			}
		}
		if !topic.IsValid() || !field(topic, "Partitions", reflect.Slice).IsValid() {
			if topic.IsValid() {
				topic.Set(refused)
			} else {
				topics.Set(reflect.Append(topics, refused))
			}
			continue
		}
		partitions := field(topic, "Partitions", reflect.Slice)
		for _, p := range elements(refused, "Partitions") {
			others := keep(partitions, func(other reflect.Value) bool { return partitionNumber(other) != partitionNumber(p) })
			partitions.Set(reflect.Append(others, p))
		}
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
