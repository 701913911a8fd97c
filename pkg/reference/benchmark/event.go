package benchmark

import (
	"bytes"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"
)

// An event's value is JSON, so that any application can write or read it, and any step look at its fields:
//
//	{"sent":1732458000123456789,"seq":41,"pad":"QWXK…"}
//
// sent is when it was sent, or at a fixed rate should have been, in nanoseconds since 1970. seq numbers all events of a
// run from 0. pad brings the value to its size: capital letters without a pattern, as Kafka's own performance tool
// sends them, since a codec would make nothing of a thousand equal ones. sent and seq stand first, without spaces, and
// are read where they stand: a JSON decoder would take longer over an event than the broker.
const (
	beforeSent = `{"sent":`
	beforeSeq  = `,"seq":`
	beforePad  = `,"pad":"`
	afterPad   = `"}`
)

// smallest is the size of an event without padding.
func smallest(events int64) int {
	return len(beforeSent+beforeSeq+beforePad+afterPad) + 19 + len(strconv.FormatInt(max(events-1, 0), 10))
}

// letters is where padding is cut from, at another place for each event.
type letters []byte

// Letters are those that values of a size are cut from, 64 Ki more than that: capital ones without a pattern, the same
// each time, by xorshift64 (Marsaglia 2003) from a fixed start.
func Letters(size int) []byte {
	pool, x := make([]byte, size+1<<16), uint64(0x9e3779b97f4a7c15)
	for i := range pool {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		pool[i] = 'A' + byte(x>>32%26)
	}
	return pool
}

// append writes an event of so many bytes.
func (l letters) append(to []byte, sent, seq int64, size int) []byte {
	to = append(to, beforeSent...)
	to = strconv.AppendInt(to, sent, 10)
	to = append(to, beforeSeq...)
	to = strconv.AppendInt(to, seq, 10)
	to = append(to, beforePad...)
	if left := size - len(to) - len(afterPad); left > 0 {
		from := int(uint64(seq) * 7919 & 0xffff)
		to = append(to, l[from:from+left]...)
	}
	return append(to, afterPad...)
}

// Parse reads the two numbers of an event; ok is false for what is none.
func Parse(event *kgo.Record) (sent, seq int64, ok bool) {
	rest, ok := bytes.CutPrefix(event.Value, []byte(beforeSent))
	if !ok {
		return 0, 0, false
	}
	sent, rest, ok = digits(rest)
	if !ok {
		return 0, 0, false
	}
	if rest, ok = bytes.CutPrefix(rest, []byte(beforeSeq)); !ok {
		return 0, 0, false
	}
	seq, rest, ok = digits(rest)
	return sent, seq, ok && len(rest) > 0 && (rest[0] == ',' || rest[0] == '}')
}

// digits reads a number of up to 19 digits that fits.
func digits(text []byte) (n int64, rest []byte, ok bool) {
	i := 0
	for ; i < len(text) && i < 19; i++ {
		d := text[i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + int64(d)
	}
	return n, text[i:], i > 0 && n >= 0
}
