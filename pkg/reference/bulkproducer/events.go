package bulkproducer

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/slab"
)

// The parts of a value around the user's id, the number and the padding.
const (
	beforeUser = `{"user_id":"`
	beforeSeq  = `","seq":`
	beforePad  = `,"pad":"`
	afterPad   = `"}`
)

// maker makes events.
type maker struct {
	slab  *slab.Slab
	pad   []byte    // as long as a usual value
	clock time.Time // read every clockEvents events
}

// clockEvents is how many events share a reading of the clock. At full speed they are made within a tenth of the
// millisecond that is the unit of a record's timestamp, and each reading costs as much as making an event.
const clockEvents = 64

func newMaker(size int) *maker {
	return &maker{slab: slab.New(size, 1), pad: bytes.Repeat([]byte("x"), size)}
}

// event makes event seq of a user, with a value of so many bytes, and the promise to send it with. Its key is the
// user's id as it stands in the value.
func (m *maker) event(user, seq int64, size int,
	done func(*kgo.Record, error)) (*kgo.Record, func(*kgo.Record, error)) {
	record, value, promise := m.slab.Next(0, done)
	value = append(value, beforeUser...)
	value = appendUser(value, user)
	key := value[len(beforeUser):len(value):len(value)]
	value = append(value, beforeSeq...)
	value = strconv.AppendInt(value, seq, 10)
	value = append(value, beforePad...)
	for left := size - len(value) - len(afterPad); left > 0; left = size - len(value) - len(afterPad) {
		value = append(value, m.pad[:min(left, len(m.pad))]...)
	}
	if seq%clockEvents == 0 {
		m.clock = time.Now()
	}
	record.Key, record.Value, record.Timestamp = key, append(value, afterPad...), m.clock
	return record, promise
}

// appendUser writes a user's id: user- and at least six digits.
func appendUser(to []byte, user int64) []byte {
	to = append(to, "user-"...)
	for least := int64(100_000); least > user && least > 1; least /= 10 {
		to = append(to, '0')
	}
	return strconv.AppendInt(to, user, 10)
}

// smallest is the size of the longest value without padding.
func smallest(users, events int64) int {
	return len(beforeUser+beforeSeq+beforePad+afterPad) + len(appendUser(nil, users-1)) +
		len(strconv.FormatInt(max(events-1, 0), 10))
}

// number reads the number of an event back from its value.
func number(event *kgo.Record) int64 {
	_, rest, _ := bytes.Cut(event.Value, []byte(beforeSeq))
	digits, _, _ := bytes.Cut(rest, []byte(","))
	seq, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		panic(fmt.Sprintf("event without a number: %.100q", event.Value))
	}
	return seq
}
