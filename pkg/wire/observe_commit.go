package wire

import (
	"cmp"
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// commits are the facts of an OffsetCommit or TxnOffsetCommit, which differ in nothing but who commits.
func (n *naming) commits(request kmsg.Request, answer kmsg.Response, group string, by journal.Commit) []journal.Fact {
	codes := codesOf(answer)
	var facts []journal.Fact
	eachPart(request, func(key partitionKey, p reflect.Value) {
		commit := by
		commit.Code = codes[key]
		facts = append(facts, journal.Fact{
			Kind: journal.GroupCommit, Group: n.group(group), Topic: n.topic(key.topic, key.topicID),
			Partition: key.partition, Offset: p.FieldByName("Offset").Int(), Detail: &commit,
		})
	})
	return facts
}

// committed are the facts of the answer to an OffsetFetch: since version 8 it is about several groups (KIP-709).
func (n *naming) committed(request *kmsg.OffsetFetchRequest, answer kmsg.Response) []journal.Fact {
	if answer == nil {
		return nil
	}
	var facts []journal.Fact
	eachPart(answer, func(key partitionKey, p reflect.Value) {
		if key.partition < 0 {
			return
		}
		facts = append(facts, journal.Fact{
			Kind: journal.GroupOffset, Group: n.group(cmp.Or(key.group, request.Group)), Topic: n.topic(key.topic, key.topicID),
			Partition: key.partition, Offset: p.FieldByName("Offset").Int(),
			Detail: &journal.Begin{Code: codeOf(p, "ErrorCode")},
		})
	})
	return facts
}

// codesOf are the error codes that an answer has for partitions.
func codesOf(answer kmsg.Response) map[partitionKey]int16 {
	codes := make(map[partitionKey]int16)
	if answer != nil {
		eachPart(answer, func(key partitionKey, p reflect.Value) { codes[key] = codeOf(p, "ErrorCode") })
	}
	return codes
}

// codeOf is the error code of an answer or a part of it, 0 where it has none. The field has another name in details.
func codeOf(v reflect.Value, name string) int16 {
	if code := field(v, name, reflect.Int16); code.IsValid() {
		return int16(code.Int())
	}
	return 0
}
