package wire

import (
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
