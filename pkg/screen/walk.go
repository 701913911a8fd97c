package screen

import (
	"encoding/binary"
	"errors"
)

// What is wrong with a frame. Nothing of such a frame reaches the broker.
var (
	errShort = errors.New("it ends before its last field does")
	errLarge = errors.New("it claims more elements than a broker could hold")
	errTags  = errors.New("it has a tagged field that cannot be read")
)

// memoryLimit is what the decoded lists of one request may take, in bytes.
const memoryLimit = 64 << 20

// walk checks the body of a request against its layout. What follows the last field is passed over, as Kafka and kmsg
// do: librdkafka sends a byte more than Metadata version 13 has.
func (l *layout) walk(body []byte) error {
	w := walker{rest: body, flexible: l.flexible, memory: memoryLimit}
	w.fields(l.fields)
	return w.err
}

type walker struct {
	rest     []byte
	flexible bool
	memory   int
	err      error // the first
}

func (w *walker) fail(err error) {
	if w.err == nil {
		w.err = err
	}
	w.rest = nil
}

func (w *walker) skip(n int) []byte {
	if n < 0 || n > len(w.rest) {
		w.fail(errShort)
		return nil
	}
	skipped := w.rest[:n]
	w.rest = w.rest[n:]
	return skipped
}

func (w *walker) uvarint() int {
	n, size := binary.Uvarint(w.rest)
	if size <= 0 || n > 1<<32-1 {
		w.fail(errShort)
		return 0
	}
	w.rest = w.rest[size:]
	return int(n)
}

// length reads the length of a string (width 2) or of bytes and arrays (width 4); null is 0.
func (w *walker) length(width int) int {
	n := 0
	switch b := []byte(nil); {
	case w.flexible:
		n = w.uvarint() - 1
	case width == 2:
		if b = w.skip(2); b != nil {
			n = int(int16(binary.BigEndian.Uint16(b)))
		}
	default:
		if b = w.skip(4); b != nil {
			n = int(int32(binary.BigEndian.Uint32(b)))
		}
	}
	return max(n, 0)
}

// fields checks a structure: its fields and the tags at its end.
func (w *walker) fields(fields []field) {
	strict := false
	for i := range fields {
		if w.err != nil {
			return
		}
		if fields[i].kind == nested {
			strict = true
			continue
		}
		w.field(&fields[i])
	}
	if w.flexible {
		w.tags(strict)
	}
}

func (w *walker) field(f *field) {
	switch f.kind {
	case fixed:
		w.skip(f.size)
	case text:
		w.skip(w.length(2))
	case blob:
		w.skip(w.length(4))
	case array:
		n := w.length(4)
		if n > len(w.rest) {
			w.fail(errShort)
			return
		}
		if w.memory -= n * f.memory; w.memory < 0 {
			w.fail(errLarge)
			return
		}
		for range n {
			if w.err != nil {
				return
			}
			w.field(&f.of[0])
		}
	case structure:
		w.fields(f.of)
	case optional:
		if b := w.skip(1); b != nil && int8(b[0]) >= 0 {
			w.fields(f.of)
		}
	}
}

// tags checks the tagged fields at the end of a structure. Where some of them hold structures, no number in them may be
// so large that counting up to it would take long.
func (w *walker) tags(strict bool) {
	n := w.uvarint()
	if n > len(w.rest)/2 {
		w.fail(errTags)
		return
	}
	for range n {
		w.uvarint()
		if content := w.skip(w.uvarint()); strict && hasLargeNumber(content) {
			w.fail(errTags)
		}
		if w.err != nil {
			return
		}
	}
}

// hasLargeNumber is true where four bytes in a row could be the beginning of a number of 2²⁸ or more.
func hasLargeNumber(b []byte) bool {
	run := 0
	for _, c := range b {
		if c < 0x80 {
			run = 0
		} else if run++; run == 4 {
			return true
		}
	}
	return false
}
