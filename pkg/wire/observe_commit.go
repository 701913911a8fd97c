package wire

import "github.com/twmb/franz-go/pkg/kmsg"

func (n *naming) offsetCommit(request *kmsg.OffsetCommitRequest, answer kmsg.Response) []Detail {
	codes := make(map[partitionKey]int16)
	if response, ok := answer.(*kmsg.OffsetCommitResponse); ok {
		for _, t := range response.Topics {
			for _, p := range t.Partitions {
				codes[partitionKey{t.Topic, t.TopicID, p.Partition}] = p.ErrorCode
			}
		}
	}
	var details []Detail
	for _, t := range request.Topics {
		for _, p := range t.Partitions {
			details = append(details, &Commit{
				Group: n.group(request.Group), Member: request.MemberID, Generation: request.Generation,
				Topic: n.topic(t.Topic, t.TopicID), Partition: p.Partition, Offset: p.Offset, ProducerID: -1, ProducerEpoch: -1,
				Code: codes[partitionKey{t.Topic, t.TopicID, p.Partition}],
			})
		}
	}
	return details
}

func (n *naming) txnOffsetCommit(request *kmsg.TxnOffsetCommitRequest, answer kmsg.Response) []Detail {
	codes := make(map[partitionKey]int16)
	if response, ok := answer.(*kmsg.TxnOffsetCommitResponse); ok {
		for _, t := range response.Topics {
			for _, p := range t.Partitions {
				codes[partitionKey{t.Topic, t.TopicID, p.Partition}] = p.ErrorCode
			}
		}
	}
	var details []Detail
	for _, t := range request.Topics {
		for _, p := range t.Partitions {
			details = append(details, &Commit{
				Group: n.group(request.Group), Member: request.MemberID, Generation: request.Generation,
				Topic: n.topic(t.Topic, t.TopicID), Partition: p.Partition, Offset: p.Offset,
				TransactionalID: n.text(&request.TransactionalID), ProducerID: request.ProducerID,
				ProducerEpoch: request.ProducerEpoch,
				Code:          codes[partitionKey{t.Topic, t.TopicID, p.Partition}],
			})
		}
	}
	return details
}
