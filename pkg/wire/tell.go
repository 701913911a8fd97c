package wire

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

func (c *connection) observing() bool { return c.listener.link.proxy.options.Observe != nil }

// emit tells of a fact and of the request it was seen in, which the facts of one request share.
func (c *connection) emit(f journal.Fact, r *journal.Request) {
	c.listener.link.proxy.options.Observe(c.of(f, r))
}

// of is a fact that was seen in a request.
func (c *connection) of(f journal.Fact, r *journal.Request) journal.Fact {
	f.Source, f.App, f.Request = journal.SourceWire, c.listener.link.name, r
	return f
}

// request is what is known of the connection and of a request on it.
func (c *connection) request(head requestHead, sent time.Time) *journal.Request {
	since := c.listener.link.proxy.since
	r := &journal.Request{Connection: c.id, Broker: c.broker(), Sent: since(sent), Answered: since(time.Now())}
	if head.size > 0 { // else it is not even a frame
		r.API, r.Version, r.Correlation = APIName(head.key), head.version, head.correlation
	}
	return r
}

// now is a request that is over at once, or what happens without one.
func (c *connection) now(head requestHead) *journal.Request { return c.request(head, time.Now()) }

// broker is the node id behind the connection. A bootstrap connection has one once some response has named its address.
func (c *connection) broker() int32 {
	if c.listener.node != anyBroker {
		return c.listener.node
	}
	c.mu.Lock()
	address := c.address
	c.mu.Unlock()
	return c.listener.link.proxy.directory.at(address)
}

// tell makes the facts of a request that ended; body is that of the answer, nil when there is none.
func (c *connection) tell(x *exchange, outcome journal.Outcome, body []byte) {
	if x.watch == nil || !c.observing() {
		return
	}
	facts, err := x.watch.facts(c.listener.link.proxy.naming, body)
	if err != nil {
		c.note(x.requestHead, "answer to "+APIName(x.key)+": "+err.Error())
		outcome = journal.Unreadable
	}
	r := c.request(x.requestHead, x.sent)
	r.ClientID, r.Fault, r.Outcome = x.clientID, strings.Join(x.faults, "; "), outcome
	for i, f := range facts {
		seen := r
		p, writes := x.watch.(*produced)
		if writes && outcome == journal.Answered && x.keptBack(p.batches[i]) {
			part := *r
			seen, part.Outcome = &part, journal.Intercepted
		}
		code := int16(0)
		if f.Detail != nil {
			code = codeOf(reflect.ValueOf(f.Detail).Elem(), "Code")
		}
		f.Error = failure(seen.Outcome, code)
		if m, ok := f.Detail.(*journal.Membership); ok && m.Assigned != nil && code == 0 {
			c.listener.link.assignments.Add(1)
		}
		if writes && len(p.batches[i].keys) > 0 {
			c.listener.link.proxy.options.Keys(c.of(f, seen), p.batches[i].keys)
		}
		c.emit(f, seen)
	}
}

// failure is why a request had no success, in Kafka's word; empty when it had.
func failure(outcome journal.Outcome, code int16) string {
	switch {
	case code != 0:
		return errorName(code)
	case outcome != journal.Answered && outcome != journal.Unanswered:
		return "no answer"
	}
	return ""
}

// keptBack tells whether the broker never got this part of a request it answered.
func (x *exchange) keptBack(b batch) bool {
	return slices.ContainsFunc(x.refusals, func(r refusal) bool {
		return r.by.rule.Action.kind == reject && r.selected != nil &&
			r.selected(b.partitionKey)
	})
}

// tellCut makes the facts of requests whose answer never came.
func (c *connection) tellCut() {
	c.order.Lock()
	defer c.order.Unlock()
	for _, x := range c.waiting {
		c.tell(x, journal.Cut, nil)
		x.giveBack()
	}
	c.waiting = nil
}

// note tells of something the wire could not read.
func (c *connection) note(head requestHead, text string) {
	if c.observing() {
		c.emit(journal.Fact{Kind: journal.Note, Partition: -1, Offset: -1, Text: text}, c.now(head))
	}
}

// noteOnce tells of something that an application does with each connection.
func (c *connection) noteOnce(told *atomic.Bool, text string) {
	if told.CompareAndSwap(false, true) {
		c.note(requestHead{}, text)
	}
}

// changed tells that the connection is open, could not be opened, or is closed.
func (c *connection) changed(open bool, err error) {
	if !c.observing() {
		return
	}
	address, lookup := c.listener.target()
	f := journal.Fact{Kind: journal.Connected, Partition: -1, Offset: -1,
		Detail: &journal.Connection{Open: open, Address: address}}
	if err = errors.Join(err, lookup); err != nil {
		f.Error = err.Error()
	}
	c.emit(f, c.now(requestHead{}))
}
