package dlqconsumer

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Headers of a dead letter, in the order they follow the record's own headers. All values are text.
const (
	HeaderSourceTopic     = "dlq-source-topic"
	HeaderSourcePartition = "dlq-source-partition"
	HeaderSourceOffset    = "dlq-source-offset"
	HeaderSourceTimestamp = "dlq-source-timestamp" // milliseconds since 1970, as in the record
	HeaderErrorClass      = "dlq-error-class"
	HeaderErrorMessage    = "dlq-error-message"
	HeaderAttempts        = "dlq-attempts" // attempts to process it, over all deliveries; stays when it is sent back
)

// letter makes a dead letter: key, value, headers and timestamp are the record's, byte for byte, and the headers
// above come after them. The attempts that an earlier dead letter of the same record counted go on, in one header.
func (set *settings) letter(r *kgo.Record, f *Failure, attempts int) *kgo.Record {
	headers := slices.Clone(r.Headers)
	earlier, at := Attempts(headers)
	if at >= 0 {
		headers = slices.Delete(headers, at, at+1)
	}
	add := func(key, value string) { headers = append(headers, kgo.RecordHeader{Key: key, Value: []byte(value)}) }
	add(HeaderSourceTopic, set.sourceNames[r.Topic])
	add(HeaderSourcePartition, strconv.Itoa(int(r.Partition)))
	add(HeaderSourceOffset, strconv.FormatInt(r.Offset, 10))
	add(HeaderSourceTimestamp, strconv.FormatInt(r.Timestamp.UnixMilli(), 10))
	add(HeaderErrorClass, f.Class)
	add(HeaderErrorMessage, f.Message)
	add(HeaderAttempts, strconv.Itoa(earlier+attempts))
	return &kgo.Record{Topic: set.letterTopics[r.Topic], Key: r.Key, Value: r.Value, Headers: headers,
		Timestamp: r.Timestamp}
}

// Attempts reads the last header that counts attempts, and says where it stands: -1 when there is none. A header of
// that name without a count is not ours, and is left alone.
func Attempts(headers []kgo.RecordHeader) (attempts, at int) {
	for at := len(headers) - 1; at >= 0; at-- {
		if headers[at].Key != HeaderAttempts {
			continue
		}
		if n, err := strconv.Atoi(string(headers[at].Value)); err == nil && n > 0 {
			return n, at
		}
	}
	return 0, -1
}

// exhausted is the failure of a record whose transient failures outlasted the retries.
func exhausted(f *Failure, attempts int) *Failure {
	return &Failure{Class: "retries-exhausted", Message: fmt.Sprintf("%s; gave up after %d attempts", f.Message, attempts)}
}
