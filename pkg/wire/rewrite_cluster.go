package wire

// findCoordinator reads versions 0 to 6: one coordinator up to version 3, a list of them since (KIP-699).
func (w *rewriting) findCoordinator() {
	if w.version >= 1 {
		w.int32() // throttle
	}
	if w.version >= 4 {
		w.each(w.flexible, func() {
			w.rawText(w.flexible) // key
			w.endpoint()
			w.int16()             // error code
			w.rawText(w.flexible) // error message
			w.tags(w.flexible, nil)
		})
		return
	}
	w.int16() // error code
	if w.version >= 1 {
		w.rawText(w.flexible) // error message
	}
	w.endpoint()
}

// describeCluster reads versions 0 to 2. Addresses of controllers (KIP-919) stay: a controller and a broker may have
// the same node id, and applications under test have no business with controllers.
func (w *rewriting) describeCluster() {
	const brokers = 1
	w.int32()             // throttle
	w.int16()             // error code
	w.rawText(w.flexible) // error message
	if w.version >= 1 && w.int8() != brokers {
		return
	}
	w.rawText(w.flexible) // cluster id
	w.int32()             // controller, a node id
	w.each(w.flexible, func() {
		w.endpoint()
		w.rawText(w.flexible) // rack
		if w.version >= 2 {
			w.int8() // fenced
		}
		w.tags(w.flexible, nil)
	})
}
