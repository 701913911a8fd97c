package wire

// shareFetch reads versions 0 to 2 (KIP-932). The records are stepped over.
func (w *rewriting) shareFetch() {
	w.shareHead(1)
	w.each(w.flexible, func() {
		w.uuid()
		w.each(w.flexible, func() {
			w.take(4 + 2)         // partition, error code
			w.rawText(w.flexible) // error message
			w.int16()             // acknowledge error code
			w.rawText(w.flexible) // acknowledge error message
			w.shareLeader()
			w.bytes(w.flexible) // records
			w.each(w.flexible, func() {
				w.take(8 + 8 + 2) // first and last acquired offset, delivery count
				w.tags(w.flexible, nil)
			})
			w.tags(w.flexible, nil)
		})
		w.tags(w.flexible, nil)
	})
	w.nodeEndpoints()
}

// shareAcknowledge reads versions 0 to 2 (KIP-932).
func (w *rewriting) shareAcknowledge() {
	w.shareHead(2)
	w.each(w.flexible, func() {
		w.uuid()
		w.each(w.flexible, func() {
			w.take(4 + 2)         // partition, error code
			w.rawText(w.flexible) // error message
			w.shareLeader()
			w.tags(w.flexible, nil)
		})
		w.tags(w.flexible, nil)
	})
	w.nodeEndpoints()
}

// shareHead reads what both begin with; the acquisition lock timeout came at different versions.
func (w *rewriting) shareHead(lockTimeoutFrom int16) {
	w.take(4 + 2)         // throttle, error code
	w.rawText(w.flexible) // error message
	if w.version >= lockTimeoutFrom {
		w.int32()
	}
}

func (w *rewriting) shareLeader() {
	w.take(4 + 4) // leader, leader epoch
	w.tags(w.flexible, nil)
}
