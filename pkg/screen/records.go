package screen

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// noTime is the time of a record that has none.
const noTime = -1

// shownErrors is how many records the words about a batch name.
const shownErrors = 3

// timeRefusal looks at the keys and times of records where the topic's rules make it necessary. Source: LogValidator of
// Apache Kafka.
func timeRefusal(attributes uint16, batch []byte, p partition, r *rules, now time.Time) *batchRefusal {
	at := now.UnixMilli()
	first, last := batchTimes(batch)
	late := !r.appendTime && last > at && last-at > r.after
	early := !r.appendTime && r.before != math.MaxInt64
	claims := r.appendTime && attributes&appendTimeBit != 0
	if !r.compacted && !late && !early && !claims {
		return nil
	}
	records, err := decode(attributes, batch)
	if err != nil {
		return nil // the broker sees for itself
	}
	var bad batchRefusal
	bad.code = kerr.InvalidRecord.Code
	var texts []string
	add := func(i int, words string) {
		e := kmsg.NewProduceResponseTopicPartitionErrorRecord()
		e.RelativeOffset, e.ErrorMessage = int32(i), &words
		bad.records = append(bad.records, e)
		if len(texts) < shownErrors {
			texts = append(texts, fmt.Sprintf("RecordError(batchIndex=%d, message='%s')", i, words))
		}
	}
	for i, record := range records {
		stamp := first + record.time
		switch {
		case r.compacted && !record.hasKey:
			add(i, fmt.Sprintf("Compacted topic cannot accept message without key in topic partition %s-%d", p.topic, p.index))
		case claims:
			bad.code = kerr.InvalidTimestamp.Code
			add(i, "Invalid timestamp type in message. Expected create time.")
		case !r.appendTime && stamp != noTime && outside(stamp, at, r):
			bad.code = kerr.InvalidTimestamp.Code
			add(i, fmt.Sprintf("Timestamp %d of message with offset %d is out of range. The timestamp should be within [%d, %d]",
				stamp, i, at-min(r.before, at), at+min(r.after, math.MaxInt64-at)))
		}
	}
	switch {
	case len(bad.records) == 0:
		return nil
	case bad.code == kerr.InvalidTimestamp.Code:
		bad.words = "One or more records have been rejected due to invalid timestamp"
	default:
		bad.words = fmt.Sprintf("One or more records have been rejected due to %d record errors in total, and only showing "+
			"the first three errors at most: [%s]", len(bad.records), strings.Join(texts, ", "))
	}
	return &bad
}

func outside(stamp, now int64, r *rules) bool {
	return stamp < now && now-stamp > r.before || stamp > now && stamp-now > r.after
}

func batchTimes(batch []byte) (first, last int64) {
	return int64(binary.BigEndian.Uint64(batch[atFirstTime:])), int64(binary.BigEndian.Uint64(batch[atMaxTime:]))
}

// recordHead is what a topic's rules ask of a record.
type recordHead struct {
	time   int64 // after the first, in ms
	hasKey bool
}

var decompressor = kgo.DefaultDecompressor()

// decode reads the heads of a batch's records.
func decode(attributes uint16, batch []byte) ([]recordHead, error) {
	rest := batch[batchHead:]
	if codec := attributes & codecBits; codec != 0 {
		var err error
		if rest, err = decompressor.Decompress(rest, kgo.CompressionCodecType(codec)); err != nil {
			return nil, err
		}
	}
	var heads []recordHead
	for len(rest) > 0 {
		size, n := binary.Varint(rest)
		if n <= 0 || size < 0 || size > int64(len(rest)-n) {
			return nil, errShort
		}
		record := rest[n : n+int(size)]
		rest = rest[n+int(size):]
		h, err := headOf(record)
		if err != nil {
			return nil, err
		}
		heads = append(heads, h)
	}
	return heads, nil
}

// headOf reads attributes, time, offset and the length of the key, which is -1 for none.
func headOf(record []byte) (recordHead, error) {
	if len(record) == 0 {
		return recordHead{}, errShort
	}
	at, numbers := 1, [3]int64{}
	for i := range numbers {
		v, n := binary.Varint(record[at:])
		if n <= 0 {
			return recordHead{}, errShort
		}
		numbers[i], at = v, at+n
	}
	return recordHead{time: numbers[0], hasKey: numbers[2] >= 0}, nil
}
