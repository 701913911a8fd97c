package joiner

import "github.com/twmb/franz-go/pkg/kgo"

// payment is one that waits.
type payment struct {
	at     int64
	user   *user // nil when it was not known yet
	record *kgo.Record
	stored bool // the changelog has it
}

func (p payment) before(other payment) bool {
	if p.at != other.at {
		return p.at < other.at
	}
	return p.record.Offset < other.record.Offset
}

// payments is a heap of those that wait, the oldest first, and those of one time by offset. It is container/heap,
// without an interface between the two and with what is compared at hand.
type payments []payment

func (p *payments) push(one payment) {
	*p = append(*p, payment{})
	h, i := *p, len(*p)-1
	for i > 0 && one.before(h[(i-1)/2]) {
		h[i], i = h[(i-1)/2], (i-1)/2
	}
	h[i] = one
}

// pop removes the first; there must be one.
func (p *payments) pop() payment {
	h, n := *p, len(*p)-1
	first, last, i := h[0], h[n], 0
	h[n] = payment{}
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
