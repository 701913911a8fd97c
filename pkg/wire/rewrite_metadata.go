package wire

// metadata reads versions 0 to 13: the brokers, and the names behind topic ids (from version 10).
func (w *rewriting) metadata() {
	if w.version >= 3 {
		w.int32() // throttle
	}
	w.each(w.flexible, func() {
		w.endpoint()
		if w.version >= 1 {
			w.rawText(w.flexible) // rack
		}
		w.tags(w.flexible, nil)
	})
	if w.version < 10 {
		return // there are no topic ids, and nothing that changes, in the rest
	}
	w.rawText(w.flexible) // cluster id
	w.int32()             // controller, a node id
	w.each(w.flexible, w.metadataTopic)
}

func (w *rewriting) metadataTopic() {
	code := w.int16()
	name, id := w.text(w.flexible), w.uuid()
	w.int8() // internal
	w.each(w.flexible, func() {
		w.take(2 + 4 + 4 + 4) // error code, partition, leader, leader epoch
		for range 3 {         // replicas, in-sync replicas, offline replicas
			w.take(4 * w.array(w.flexible))
		}
		w.tags(w.flexible, nil)
	})
	w.int32() // authorized operations
	w.tags(w.flexible, nil)
	if !w.bad && code == 0 && name != "" {
		w.to.topicSeen(id, name)
	}
}
