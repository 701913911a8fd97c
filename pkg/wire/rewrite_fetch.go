package wire

import "github.com/twmb/franz-go/pkg/kmsg"

// fetchAnswer is what a broker sent for one partition of a Fetch request.
type fetchAnswer struct {
	partitionKey
	code             int16
	highWatermark    int64
	lastStableOffset int64 // -1 before version 4
	records          []byte
}

// fetchReader reads the answer to a Fetch in place, as it carries records.
type fetchReader struct {
	cursor
	version  int16
	flexible bool
}

func newFetchReader(version int16, body []byte) *fetchReader {
	return &fetchReader{newCursor(body), version, flexible(kmsg.Fetch, version)}
}

// read reads versions 0 to 18; each, when not nil, gets every partition. It returns the code for the whole, and whether
// brokers are named, in a tagged field at the end.
func (w *fetchReader) read(each func(fetchAnswer)) (code int16, named bool) {
	if w.version >= 1 {
		w.Int32() // throttle
	}
	if w.version >= 7 {
		code = w.Int16()
		w.Int32() // session
	}
	w.each(w.flexible, func() {
		var a fetchAnswer
		if w.version >= 13 {
			a.topicID = w.Uuid()
		} else {
			a.topic = w.text(w.flexible)
		}
		w.each(w.flexible, func() {
			w.partition(&a)
			if each != nil && w.Ok() {
				each(a)
			}
		})
		w.tags(w.flexible)
	})
	return code, w.tags(w.flexible)
}

func (w *fetchReader) partition(a *fetchAnswer) {
	a.partition, a.code, a.highWatermark = w.Int32(), w.Int16(), w.Int64()
	a.lastStableOffset = -1
	if w.version >= 4 {
		a.lastStableOffset = w.Int64()
	}
	if w.version >= 5 {
		w.Int64() // log start offset
	}
	if w.version >= 4 {
		w.each(w.flexible, func() { // aborted transactions
			w.Span(8 + 8)
			w.tags(w.flexible)
		})
	}
	if w.version >= 11 {
		w.Int32() // preferred read replica
	}
	a.records = w.bytes(w.flexible)
	w.tags(w.flexible)
}
