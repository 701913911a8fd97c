package joiner

// payments is a heap of those that wait, the oldest first, and those of one time by offset. It is container/heap, without an interface between the
// two and with what is compared at hand.
type payments []waits

type waits struct {
	at, offset int64
	payment    *payment
}

func (w waits) before(other waits) bool {
	if w.at != other.at {
		return w.at < other.at
	}
	return w.offset < other.offset
}

func (p *payments) push(one *payment) {
	*p = append(*p, waits{})
	h, i, w := *p, len(*p)-1, waits{one.at, one.record.Offset, one}
	for i > 0 && w.before(h[(i-1)/2]) {
		h[i], i = h[(i-1)/2], (i-1)/2
	}
	h[i] = w
}

// pop removes the first; there must be one.
func (p *payments) pop() *payment {
	h, n := *p, len(*p)-1
	first, last, i := h[0].payment, h[n], 0
	h[n] = waits{}
	for {
		child := 2*i + 1
		if child+1 < n && h[child+1].before(h[child]) {
			child++
		}
		if child >= n || !h[child].before(last) {
			break
		}
		h[i], i = h[child], child
	}
	if n > 0 {
		h[i] = last
	}
	*p = h[:n]
	return first
}
