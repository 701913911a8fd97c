package wire

import "github.com/twmb/franz-go/pkg/kmsg"

// transaction tells the requests by which a producer gets its id and runs transactions.
func (n *naming) transaction(request kmsg.Request, answer kmsg.Response) []Detail {
	t := new(Transaction)
	switch request := request.(type) {
	case *kmsg.InitProducerIDRequest:
		t.TransactionalID, t.ProducerID, t.ProducerEpoch = n.text(request.TransactionalID), request.ProducerID,
			request.ProducerEpoch
	case *kmsg.AddPartitionsToTxnRequest:
		if len(request.Transactions) > 0 {
			return n.batchedTransactions(request)
		}
		t.TransactionalID, t.ProducerID, t.ProducerEpoch = n.text(&request.TransactionalID), request.ProducerID,
			request.ProducerEpoch
		for _, topic := range request.Topics {
			t.Partitions = append(t.Partitions, TopicPartitions{n.topic(topic.Topic, [16]byte{}), topic.Partitions})
		}
	case *kmsg.AddOffsetsToTxnRequest:
		t.TransactionalID, t.ProducerID, t.ProducerEpoch = n.text(&request.TransactionalID), request.ProducerID,
			request.ProducerEpoch
		t.Group = n.group(request.Group)
	case *kmsg.EndTxnRequest:
		t.TransactionalID, t.ProducerID, t.ProducerEpoch = n.text(&request.TransactionalID), request.ProducerID,
			request.ProducerEpoch
		t.Commit = request.Commit
	default:
		return nil
	}
	t.complete(answer)
	return []Detail{t}
}

// complete adds what the answer says: its code, and the producer id it gives.
func (t *Transaction) complete(answer kmsg.Response) {
	switch response := answer.(type) {
	case *kmsg.InitProducerIDResponse:
		if t.Code = response.ErrorCode; t.Code == 0 {
			t.ProducerID, t.ProducerEpoch = response.ProducerID, response.ProducerEpoch
		}
	case *kmsg.AddPartitionsToTxnResponse:
		t.Code = response.ErrorCode
		for _, topic := range response.Topics {
			for _, p := range topic.Partitions {
				if t.Code == 0 {
					t.Code = p.ErrorCode
				}
			}
		}
	case *kmsg.AddOffsetsToTxnResponse:
		t.Code = response.ErrorCode
	case *kmsg.EndTxnResponse:
		t.Code = response.ErrorCode
	}
}

// batchedTransactions reads AddPartitionsToTxn from version 4, which only brokers send (KIP-890): its codes are left
// out.
func (n *naming) batchedTransactions(request *kmsg.AddPartitionsToTxnRequest) []Detail {
	var details []Detail
	for _, each := range request.Transactions {
		t := &Transaction{TransactionalID: n.text(&each.TransactionalID), ProducerID: each.ProducerID,
			ProducerEpoch: each.ProducerEpoch}
		for _, topic := range each.Topics {
			t.Partitions = append(t.Partitions, TopicPartitions{n.topic(topic.Topic, [16]byte{}), topic.Partitions})
		}
		details = append(details, t)
	}
	return details
}
