package wire

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// transaction tells the requests by which a producer gets its id and runs transactions. The code is that of the answer.
func (n *naming) transaction(request kmsg.Request, answer kmsg.Response, code int16) []journal.Fact {
	t := &journal.Transaction{Code: code}
	f := journal.Fact{Kind: journal.Transacted, Partition: -1, Offset: -1, Detail: t}
	identify := func(id *string, producer int64, epoch int16) {
		t.TransactionalID, t.ProducerID, t.ProducerEpoch = n.text(id), producer, epoch
	}
	switch request := request.(type) {
	case *kmsg.InitProducerIDRequest:
		identify(request.TransactionalID, request.ProducerID, request.ProducerEpoch)
		if r, ok := answer.(*kmsg.InitProducerIDResponse); ok && code == 0 {
			t.ProducerID, t.ProducerEpoch = r.ProducerID, r.ProducerEpoch
		}
	case *kmsg.AddPartitionsToTxnRequest:
		if len(request.Transactions) > 0 { // from version 4, which only brokers send (KIP-890): they are let be
			return nil
		}
		identify(&request.TransactionalID, request.ProducerID, request.ProducerEpoch)
		t.Partitions = n.partitions(request.Topics)
		codes := codesOf(answer)
		for _, key := range partitionsOf(request) {
			if t.Code == 0 {
				t.Code = codes[key]
			}
		}
	case *kmsg.AddOffsetsToTxnRequest:
		identify(&request.TransactionalID, request.ProducerID, request.ProducerEpoch)
		f.Group = n.group(request.Group)
	case *kmsg.EndTxnRequest:
		identify(&request.TransactionalID, request.ProducerID, request.ProducerEpoch)
		t.Commit = request.Commit
	default:
		return nil
	}
	return []journal.Fact{f}
}
