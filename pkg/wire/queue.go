package wire

import "time"

// exchange is a request whose answer is awaited.
type exchange struct {
	requestHead
	clientID string
	sent     time.Time
	watch    observation // nil: the request makes no events
	read     bool        // the answer is to be decoded
	own      []byte      // the answer, made by the wire; nil when the broker makes it
	inner    chan []byte // gets the answer: it is the wire itself that asked; nil when the application did

	asked    []partitionKey // of a Fetch: all it is about, its session included
	about    scope          // where rules take part
	faults   []string       // the rules that take part
	owed     []*Handle      // those of them that have had no effect yet
	refusals []refusal      // what the answer gets
	cut      *Handle        // ends the connection when the answer comes
	paces    []*Handle      // slow the answer down
}

// queue holds exchanges in the order of their requests. The owner locks it.
type queue struct {
	items []*exchange
	first int
}

func (q *queue) push(x *exchange) {
	if q.first > 0 && q.first == len(q.items) {
		q.items, q.first = q.items[:0], 0
	}
	q.items = append(q.items, x)
}

// head is the exchange whose answer comes next, nil when none is awaited.
func (q *queue) head() *exchange {
	if q.first == len(q.items) {
		return nil
	}
	return q.items[q.first]
}

func (q *queue) pop() {
	q.items[q.first] = nil
	q.first++
	// Move the rest down before the slice grows without bound on a connection that never catches up.
	if q.first > 64 && q.first*2 > len(q.items) {
		q.items = append(q.items[:0], q.items[q.first:]...)
		q.first = 0
	}
}
