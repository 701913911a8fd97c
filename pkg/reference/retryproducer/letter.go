package retryproducer

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

const headerSequence = "seq" // of an event: its number

// event makes event n: a user's, from 0 to users-1 in turn. Every so many of them is larger than its topic takes.
func (set settings) event(seq int64, limit int32) *kgo.Record {
	user, pad := fmt.Sprintf("user-%06d", seq%set.Users), ""
	if set.OversizeEvery > 0 && (seq+1)%set.OversizeEvery == 0 {
		pad = strings.Repeat("x", int(limit))
	}
	return &kgo.Record{
		Topic: set.Topic, Key: []byte(user), Value: fmt.Appendf(nil, `{"user_id":%q,"seq":%d,"pad":%q}`, user, seq, pad),
		Headers:   []kgo.RecordHeader{{Key: headerSequence, Value: strconv.AppendInt(nil, seq, 10)}},
		Timestamp: set.start.Add(time.Duration(seq) * time.Millisecond),
	}
}

// letter makes a dead letter: key, value, headers and timestamp are the record's, byte for byte, and behind its headers
// come some of those that dlq-consumer writes. The class is Kafka's name of the error.
func (set settings) letter(r *kgo.Record, reason error, attempts int) *kgo.Record {
	headers := slices.Clone(r.Headers)
	add := func(key, value string) { headers = append(headers, kgo.RecordHeader{Key: key, Value: []byte(value)}) }
	add(dlqconsumer.HeaderSourceTopic, r.Topic)
	add(dlqconsumer.HeaderErrorClass, errorName(reason))
	add(dlqconsumer.HeaderErrorMessage, reason.Error())
	add(dlqconsumer.HeaderAttempts, strconv.Itoa(attempts))
	return &kgo.Record{Topic: set.letters, Key: r.Key, Value: r.Value, Headers: headers, Timestamp: r.Timestamp}
}

// errorName is Kafka's name of an error. The client has an older one for one of them.
func errorName(err error) string {
	var answer *kerr.Error
	switch {
	case !errors.As(err, &answer):
		return "UNKNOWN_SERVER_ERROR"
	case answer == kerr.NotLeaderForPartition:
		return "NOT_LEADER_OR_FOLLOWER"
	}
	return answer.Message
}
