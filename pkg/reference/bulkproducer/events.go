package bulkproducer

import (
	"bytes"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// The parts of a value around the user's id, the number and the padding.
const (
	beforeUser = `{"user_id":"`
	beforeSeq  = `","seq":`
	beforePad  = `,"pad":"`
	afterPad   = `"}`
)

// maker makes events. A million small pieces of memory would keep the garbage collector busier than the broker, so
// records and values come in large blocks, and a block is used again once the client is done with all its events.
type maker struct {
	size   int    // bytes of a usual value
	pad    []byte // as long
	free   chan *block
	filled *block
	now    time.Time // read every clockEvents events
}

// block is the memory of some events.
type block struct {
	records []kgo.Record
	values  []byte
	used    int          // how many records are handed over
	left    atomic.Int32 // how many of all of them are not done
	promise func(*kgo.Record, error)
}

// blockEvents is how many events share a block, and freeBlocks how many blocks are kept: more than enough for all
// that the client buffers.
const (
	blockEvents = 512
	freeBlocks  = 256
	// clockEvents is how many events share a reading of the clock. At full speed they are made within a tenth of the
	// millisecond that is the unit of a record's timestamp, and each reading costs as much as making an event.
	clockEvents = 64
)

func newMaker(size int) *maker {
	return &maker{size: size, pad: bytes.Repeat([]byte("x"), size), free: make(chan *block, freeBlocks)}
}

// next returns a record with nothing but a timestamp, memory for its value, and the promise to send it with: done, and then the
// block may be used again. So done must not keep the record.
func (m *maker) next(done func(*kgo.Record, error)) (record *kgo.Record, value []byte, promise func(*kgo.Record, error)) {
	if m.filled == nil || m.filled.used == blockEvents {
		m.filled = m.block(done)
	}
	b := m.filled
	record, value = &b.records[b.used], b.values[b.used*m.size:b.used*m.size:(b.used+1)*m.size]
	if b.used%clockEvents == 0 {
		m.now = time.Now()
	}
	record.Timestamp = m.now
	b.used++
	return record, value, b.promise
}

func (m *maker) block(done func(*kgo.Record, error)) *block {
	var b *block
	select {
	case b = <-m.free:
		clear(b.records)
	default:
		b = &block{records: make([]kgo.Record, blockEvents), values: make([]byte, blockEvents*m.size)}
		b.promise = func(record *kgo.Record, err error) {
			done(record, err)
			if b.left.Add(-1) == 0 {
				select {
				case m.free <- b:
				default:
				}
			}
		}
	}
	b.used = 0
	b.left.Store(blockEvents)
	return b
}

// event fills in event seq of a user, with a value of so many bytes. Its key is the user's id as it stands in the value.
func (m *maker) event(record *kgo.Record, value []byte, user, seq int64, size int) {
	value = append(value, beforeUser...)
	value = appendUser(value, user)
	key := value[len(beforeUser):len(value):len(value)]
	value = append(value, beforeSeq...)
	value = strconv.AppendInt(value, seq, 10)
	value = append(value, beforePad...)
	for left := size - len(value) - len(afterPad); left > 0; left = size - len(value) - len(afterPad) {
		value = append(value, m.pad[:min(left, len(m.pad))]...)
	}
	record.Key, record.Value = key, append(value, afterPad...)
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
	return len(beforeUser+beforeSeq+beforePad+afterPad) + len(appendUser(nil, users-1)) + len(strconv.FormatInt(max(events-1, 0), 10))
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
