package wire

// fetchAnswer is what a broker sent for one partition of a Fetch request.
type fetchAnswer struct {
	topic            string
	topicID          [16]byte // instead of topic from version 13
	partition        int32
	code             int16
	highWatermark    int64
	lastStableOffset int64 // -1 before version 4
	records          []byte
}

// fetchHead is what stands in front of the partitions of a Fetch response.
type fetchHead struct {
	code    int16
	session int32
}

// fetch reads versions 0 to 18; each, when not nil, gets every partition. Records are stepped over. The brokers are in
// a tagged field at the end.
func (w *rewriting) fetch(each func(fetchAnswer)) (head fetchHead) {
	if w.version >= 1 {
		w.int32() // throttle
	}
	if w.version >= 7 {
		head.code, head.session = w.int16(), w.int32()
	}
	w.each(w.flexible, func() {
		var a fetchAnswer
		if w.version >= 13 {
			a.topicID = w.uuid()
		} else {
			a.topic = w.text(w.flexible)
		}
		w.each(w.flexible, func() {
			w.fetchPartition(&a)
			if each != nil && !w.bad {
				each(a)
			}
		})
		w.tags(w.flexible, nil)
	})
	w.tags(w.flexible, w.endpointTag)
	return head
}

func (w *rewriting) fetchPartition(a *fetchAnswer) {
	a.partition, a.code, a.highWatermark = w.int32(), w.int16(), w.int64()
	a.lastStableOffset = -1
	if w.version >= 4 {
		a.lastStableOffset = w.int64()
	}
	if w.version >= 5 {
		w.int64() // log start offset
	}
	if w.version >= 4 {
		w.each(w.flexible, func() { // aborted transactions
			w.take(8 + 8)
			w.tags(w.flexible, nil)
		})
	}
	if w.version >= 11 {
		w.int32() // preferred read replica
	}
	a.records = w.bytes(w.flexible)
	w.tags(w.flexible, nil)
}
