package wire

// produceAnswer is what a broker said about one partition of a Produce request.
type produceAnswer struct {
	topic      string
	topicID    [16]byte // instead of topic from version 13
	partition  int32
	code       int16
	baseOffset int64
}

// produce reads versions 0 to 13; each, when not nil, gets every partition. The brokers are in a tagged field at the
// end.
func (w *rewriting) produce(each func(produceAnswer)) {
	w.each(w.flexible, func() {
		var a produceAnswer
		if w.version >= 13 {
			a.topicID = w.uuid()
		} else {
			a.topic = w.text(w.flexible)
		}
		w.each(w.flexible, func() {
			w.producePartition(&a)
			if each != nil && !w.bad {
				each(a)
			}
		})
		w.tags(w.flexible, nil)
	})
	if w.version >= 1 {
		w.int32() // throttle
	}
	w.tags(w.flexible, w.endpointTag)
}

func (w *rewriting) producePartition(a *produceAnswer) {
	a.partition, a.code, a.baseOffset = w.int32(), w.int16(), w.int64()
	if w.version >= 2 {
		w.int64() // log append time
	}
	if w.version >= 5 {
		w.int64() // log start offset
	}
	if w.version >= 8 {
		w.each(w.flexible, func() { // the records at fault
			w.int32()
			w.rawText(w.flexible)
			w.tags(w.flexible, nil)
		})
		w.rawText(w.flexible) // error message
	}
	w.tags(w.flexible, nil)
}
