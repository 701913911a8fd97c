package screen

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// hidden are APIs that clients are not offered, since Apache Kafka offers them with a plugin for metrics only. Java's
// clients would push theirs.
var hidden = []int16{int16(kmsg.GetTelemetrySubscriptions), int16(kmsg.PushTelemetry)}

func offeredAPIs(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) bool {
	got := answer.(*kmsg.ApiVersionsResponse)
	got.ApiKeys = slices.DeleteFunc(got.ApiKeys, func(k kmsg.ApiVersionsResponseApiKey) bool {
		return slices.Contains(hidden, k.ApiKey)
	})
	for i := range got.ApiKeys {
		if most, ok := newest[got.ApiKeys[i].ApiKey]; ok {
			got.ApiKeys[i].MaxVersion = min(most, got.ApiKeys[i].MaxVersion)
		}
	}
	return true
}

// keepCompacted has the broker delete nothing of topics that are compacted alone, as Apache Kafka refuses it. The note
// has them.
func (s *state) keepCompacted(request kmsg.Request) (any, bool) {
	kept, topics := map[string]bool{}, request.(*kmsg.DeleteRecordsRequest).Topics
	for i := range topics {
		if r := s.rulesOf(topics[i].Topic); !r.compacted || r.deleted {
			continue
		}
		kept[topics[i].Topic] = true
		for k := range topics[i].Partitions {
			topics[i].Partitions[k].Offset = 0 // below which there is nothing
		}
	}
	return kept, len(kept) > 0
}

func deletedRecords(_ *state, _ kmsg.Request, note any, answer kmsg.Response) (changed bool) {
	kept := note.(map[string]bool)
	for _, t := range answer.(*kmsg.DeleteRecordsResponse).Topics {
		for i := range t.Partitions {
			p := &t.Partitions[i]
			if kept[t.Topic] && (p.ErrorCode == 0 || p.ErrorCode == kerr.OffsetOutOfRange.Code) {
				p.ErrorCode = kerr.PolicyViolation.Code
			}
			if p.ErrorCode != 0 {
				p.LowWatermark, changed = -1, true
			}
		}
	}
	return changed
}

// startedProducer takes note of a producer that can be in transactions.
func (s *state) startedProducer(request kmsg.Request, _ any, answer kmsg.Response) bool {
	asked, got := request.(*kmsg.InitProducerIDRequest), answer.(*kmsg.InitProducerIDResponse)
	if got.ErrorCode != 0 {
		got.ProducerEpoch = -1
		return true
	}
	if asked.TransactionalID != nil {
		s.setProducer(got.ProducerID, got.ProducerEpoch, *asked.TransactionalID)
		s.beginOffsets(*asked.TransactionalID, time.Duration(asked.TransactionTimeoutMillis)*time.Millisecond)
	}
	return false
}

// knownTransaction: kfake looks for the producer id only. For a transactional id that nobody began with, it is given
// one that there is not.
func (s *state) knownTransaction(request kmsg.Request) (any, bool) {
	switch r := request.(type) {
	case *kmsg.AddPartitionsToTxnRequest:
		if r.Version <= 3 && !s.hasStarted(r.TransactionalID) {
			r.ProducerID = -1
			return nil, true
		}
	case *kmsg.AddOffsetsToTxnRequest:
		if !s.hasStarted(r.TransactionalID) {
			r.ProducerID = -1
			return nil, true
		}
	case *kmsg.EndTxnRequest:
		if !s.hasStarted(r.TransactionalID) {
			r.ProducerID = -1
			return nil, true
		}
	}
	return nil, false
}

// endedTransaction: since KIP-890 the end of a transaction gives the producer a new epoch.
func (s *state) endedTransaction(request kmsg.Request, _ any, answer kmsg.Response) bool {
	if answer.(*kmsg.EndTxnResponse).ErrorCode == 0 {
		s.endOffsets(request.(*kmsg.EndTxnRequest).TransactionalID)
	}
	if got := answer.(*kmsg.EndTxnResponse); got.Version >= 5 && got.ErrorCode == 0 && got.ProducerID >= 0 {
		s.setProducer(got.ProducerID, got.ProducerEpoch, "")
	}
	return false
}

// noLogin: a client that logs in where there is no login is misconfigured, and must hear of it.
func noLogin(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) bool {
	got := answer.(*kmsg.SASLHandshakeResponse)
	got.ErrorCode, got.SupportedMechanisms = kerr.IllegalSaslState.Code, nil
	return true
}

const noAuthorizer = "No Authorizer is configured."

// noACLs: the embedded broker enforces none.
func noACLs(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) bool {
	code, words := kerr.SecurityDisabled.Code, kmsg.StringPtr(noAuthorizer)
	switch got := answer.(type) {
	case *kmsg.DescribeACLsResponse:
		got.ErrorCode, got.ErrorMessage, got.Resources = code, words, nil
	case *kmsg.CreateACLsResponse:
		for i := range got.Results {
			got.Results[i].ErrorCode, got.Results[i].ErrorMessage = code, words
		}
	case *kmsg.DeleteACLsResponse:
		for i := range got.Results {
			r := &got.Results[i]
			r.ErrorCode, r.ErrorMessage, r.MatchingACLs = code, words, nil
		}
	}
	return true
}

// describedQuotas: null says that the question failed.
func describedQuotas(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) bool {
	got := answer.(*kmsg.DescribeClientQuotasResponse)
	if got.ErrorCode != 0 || got.Entries != nil {
		return false
	}
	got.Entries = []kmsg.DescribeClientQuotasResponseEntry{}
	return true
}

// sharedRecords: Java's consumer cannot read records that are null.
func sharedRecords(s *state, request kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	fetchedTimes(s, request, nil, answer)
	for _, t := range answer.(*kmsg.ShareFetchResponse).Topics {
		for i := range t.Partitions {
			if p := &t.Partitions[i]; p.Records == nil {
				p.Records, changed = []byte{}, true
			}
		}
	}
	return changed
}
