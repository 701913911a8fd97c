// Package deadletter knows which headers of a dead letter tell what of it: kafkaspec's own names, those of frameworks,
// and those that a profile gives.
package deadletter

import (
	"encoding/binary"
	"fmt"
	"iter"
	"strconv"
)

// Headers are those of a record: names and values, in order.
type Headers = iter.Seq2[string, []byte]

// What a dead letter tells of the record that it stands for, and of why it was set aside.
const (
	Topic      = "topic"
	Partition  = "partition"
	Offset     = "offset"
	Timestamp  = "timestamp" // in milliseconds
	Key        = "key"
	ErrorClass = "error-class"
	Error      = "error" // its message
	Attempts   = "attempts"
)

// Fields are all that a dead letter can tell.
var Fields = []string{Topic, Partition, Offset, Timestamp, Key, ErrorClass, Error, Attempts}

// own are the names that steps read, in the order of Fields.
var own = map[string]string{
	Topic: "dlq-source-topic", Partition: "dlq-source-partition", Offset: "dlq-source-offset",
	Timestamp: "dlq-source-timestamp", Key: "dlq-source-key",
	ErrorClass: "dlq-error-class", Error: "dlq-error-message", Attempts: "dlq-attempts",
}

// Header is what tells one thing.
type Header struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes,omitzero"` // of a signed big-endian number: 1, 2, 4 or 8; 0 is text
	First bool   `json:"first,omitzero"` // of several with this name the first one counts, else the last
}

// Format has the header for each field that dead letters tell.
type Format map[string]Header

// Own is the format of the reference applications, and of those that say nothing else.
func Own() Format {
	f := Format{}
	for field, name := range own {
		f[field] = Header{Name: name}
	}
	return f
}

// Presets are the formats of frameworks, by name. Sources: KafkaHeaders, DeadLetterPublishingRecoverer and
// RetryTopicHeaders of Spring Kafka; DeadLetterQueueReporter of Apache Kafka Connect; KafkaDeadLetterQueue of SmallRye,
// which puts its headers before those that the record had.
var Presets = map[string]func() Format{
	"kafkaspec": Own,
	"spring": func() Format {
		return Format{
			Topic: {Name: "kafka_dlt-original-topic"}, Partition: {Name: "kafka_dlt-original-partition", Bytes: 4},
			Offset: {Name: "kafka_dlt-original-offset", Bytes: 8}, Timestamp: {Name: "kafka_dlt-original-timestamp", Bytes: 8},
			ErrorClass: {Name: "kafka_dlt-exception-fqcn"}, Error: {Name: "kafka_dlt-exception-message"},
			Attempts: {Name: "retry_topic-attempts", Bytes: 4},
		}
	},
	"connect": func() Format {
		return Format{
			Topic: {Name: "__connect.errors.topic"}, Partition: {Name: "__connect.errors.partition"},
			Offset:     {Name: "__connect.errors.offset"},
			ErrorClass: {Name: "__connect.errors.exception.class.name"}, Error: {Name: "__connect.errors.exception.message"},
		}
	},
	"smallrye": func() Format {
		return Format{
			Topic: {Name: "dead-letter-topic", First: true}, Partition: {Name: "dead-letter-partition", First: true},
			Offset:     {Name: "dead-letter-offset", First: true},
			ErrorClass: {Name: "dead-letter-exception-class-name", First: true},
			Error:      {Name: "dead-letter-reason", First: true},
		}
	},
}

// Told is what headers tell under kafkaspec's own names.
func Told(headers Headers, field string) (value []byte, told bool) {
	return Header{Name: own[field]}.of(headers)
}

// Translate gives what headers tell under kafkaspec's own names and as text, with the name of the header that tells it,
// where these do not tell it already. A number that is not one stands there with what is wrong with it.
func (f Format) Translate(headers Headers, add func(name, from string, value []byte)) {
	for _, field := range Fields {
		header, told := f[field]
		if !told || header.Name == own[field] && header.Bytes == 0 && !header.First {
			continue
		}
		if value, found := header.of(headers); found {
			add(own[field], header.Name, header.text(value))
		}
	}
}

// Tells reports that there is a header which tells where the record was.
func (f Format) Tells(headers Headers) bool {
	for _, field := range []string{Topic, Partition, Offset} {
		if header, told := f[field]; told {
			if _, found := header.of(headers); found {
				return true
			}
		}
	}
	return false
}

// of is the value that it has among headers.
func (h Header) of(headers Headers) (value []byte, found bool) {
	for name, v := range headers {
		if name == h.Name {
			value, found = v, true
		}
		if found && h.First {
			break
		}
	}
	return value, found
}

// text is a value as text.
func (h Header) text(value []byte) []byte {
	if h.Bytes == 0 {
		return value
	}
	if len(value) != h.Bytes {
		return fmt.Appendf(nil, "%s (not a binary number of %d bytes)", value, h.Bytes)
	}
	shift := 64 - 8*h.Bytes
	padded := make([]byte, 8)
	copy(padded, value)
	return strconv.AppendInt(nil, int64(binary.BigEndian.Uint64(padded))>>shift, 10)
}
