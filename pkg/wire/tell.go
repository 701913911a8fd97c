package wire

import (
	"errors"
	"slices"
	"strings"
	"time"
)

func (c *connection) observing() bool { return c.listener.link.proxy.options.Observe != nil }

// emit sends an event, with what is known of the connection.
func (c *connection) emit(e Event) {
	e.App, e.Connection, e.Broker = c.listener.link.name, c.id, c.broker()
	c.listener.link.proxy.options.Observe(e)
}

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

// tell makes the events of a request that ended; body is that of the answer, nil when there is none.
func (c *connection) tell(x *exchange, outcome Outcome, body []byte) {
	if x.watch == nil || !c.observing() {
		return
	}
	e := Event{
		API: APIName(x.key), Version: x.version, Correlation: x.correlation, ClientID: x.clientID,
		Sent: x.sent, Answered: time.Now(),
		Fault: strings.Join(x.faults, "; "),
	}
	details, err := x.watch.details(c.listener.link.proxy.naming, body)
	if err != nil {
		c.note(x.requestHead, "answer to "+e.API+": "+err.Error())
		outcome = Unreadable
	}
	for i, detail := range details {
		e.Detail, e.Outcome = detail, outcome
		if p, ok := x.watch.(*produced); ok && outcome == Answered && x.keptBack(p.batches[i]) {
			e.Outcome = Refused
		}
		c.emit(e)
	}
}

// keptBack tells whether the broker never got this part of a request it answered.
func (x *exchange) keptBack(b batch) bool {
	return slices.ContainsFunc(x.refusals, func(r refusal) bool {
		return r.by.rule.Action.kind == reject && r.selected != nil &&
			r.selected(partitionKey{b.topic, b.topicID, b.partition})
	})
}

// tellCut makes the events of requests whose answer never came.
func (c *connection) tellCut() {
	c.order.Lock()
	defer c.order.Unlock()
	for x := c.waiting.head(); x != nil; x = c.waiting.head() {
		c.tell(x, Cut, nil)
		x.giveBack()
		c.waiting.pop()
	}
}

// note tells of something the wire could not read.
func (c *connection) note(head requestHead, text string) {
	if !c.observing() {
		return
	}
	now := time.Now()
	e := Event{Sent: now, Answered: now, Detail: &Note{text}}
	if head.size > 0 { // else it is not even a frame
		e.API, e.Version, e.Correlation = APIName(head.key), head.version, head.correlation
	}
	c.emit(e)
}

// changed tells that the connection is open, could not be opened, or is closed.
func (c *connection) changed(open bool, err error) {
	if !c.observing() {
		return
	}
	address, lookup := c.listener.target()
	detail := &ConnectionChange{Open: open, Address: address}
	if err = errors.Join(err, lookup); err != nil {
		detail.Error = err.Error()
	}
	now := time.Now()
	c.emit(Event{Sent: now, Answered: now, Detail: detail})
}
