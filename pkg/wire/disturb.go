package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// errCut: a rule has ended the connection.
var errCut = errors.New("a rule cut the connection")

// disturbance is what rules do to one request.
type disturbance struct {
	waits    []*Handle // delay, hold and throttle, in the order of the rules
	cut      *Handle
	refusals []refusal
}

// refusal is an error for the selected partitions of a request, or for all of it when selected is nil.
type refusal struct {
	by       *Handle
	selected func(partitionKey) bool
	parts    []partitionKey // the selected ones of the request
}

func (r refusal) code() int16 { return r.by.rule.Action.err.Code }

// plan lets each rule take the request. Of rules that end a request the first one counts; those that reject other
// partitions of the same request go together.
func (c *connection) plan(candidates []*Handle, key kmsg.Key, s scope) (d disturbance) {
	whole := false
	for _, h := range candidates {
		action := h.rule.Action
		switch {
		case !s.matches(h.rule),
			action.rejects() && (whole || d.cut != nil || !refusable(key)),
			action.cuts() && (d.cut != nil || len(d.refusals) > 0),
			!h.take():
			continue
		case action.rejects():
			r := refusal{by: h}
			if h.rule.selectsPart() && partitioned(key) {
				r.selected = c.selector(h.rule)
			}
			whole = r.selected == nil
			d.refusals = append(d.refusals, r)
		case action.cuts():
			d.cut = h
		default:
			d.waits = append(d.waits, h)
		}
	}
	return d
}

// selector tells which partitions a rule means, whether a request names them by topic or by id.
func (c *connection) selector(rule Rule) func(partitionKey) bool {
	return func(p partitionKey) bool {
		if p.topic == "" {
			p.topic = c.listener.link.proxy.directory.topic(p.topicID)
		}
		return rule.selects(p)
	}
}

// handles are all rules that take part.
func (d disturbance) handles() []*Handle {
	all := slices.Clone(d.waits)
	for _, r := range d.refusals {
		all = append(all, r.by)
	}
	if d.cut != nil {
		all = append(all, d.cut)
	}
	return all
}

// disturb does to a request what the plan says, and passes on what is left of it.
func (c *connection) disturb(x *exchange, r *request, d disturbance) error {
	x.owed = d.handles()
	for _, h := range x.owed {
		x.faults = append(x.faults, h.rule.String())
	}
	frame, err := c.hindered(x, r, d)
	if err != nil || frame == nil {
		x.giveBack()
		return err
	}
	silent := x.silent()
	if d.cut != nil && !silent {
		x.cut = d.cut
	}
	if silent {
		c.tell(x, journal.Unanswered, nil)
	} else {
		c.expect(x)
	}
	if err := c.writePaced(c.upstream, frame, x.paces); err != nil {
		return err
	}
	if silent && d.cut != nil {
		c.fired(x, d.cut)
		return errCut
	}
	return nil
}

// hindered is the frame to pass on, after all waiting; nil when nothing is.
func (c *connection) hindered(x *exchange, r *request, d disturbance) ([]byte, error) {
	for _, h := range d.waits {
		if err := c.wait(x, h); err != nil {
			c.tell(x, journal.Intercepted, nil)
			return nil, err
		}
	}
	if d.cut != nil && d.cut.rule.Action.kind != cutAfter {
		c.fired(x, d.cut)
		c.tell(x, journal.Intercepted, nil)
		return nil, errCut
	}
	if len(d.refusals) == 0 {
		return r.frame, nil
	}
	return c.refused(x, r, d.refusals)
}

// wait does the part of a rule that only takes time.
func (c *connection) wait(x *exchange, h *Handle) error {
	c.fired(x, h)
	c.late.Store(h.rule.Action.kind != hold)
	switch h.rule.Action.kind {
	case delay:
		return c.pause(h, h.rule.Action.delay, nil)
	case hold:
		err := c.pause(h, h.holdFor(), c.orphaned)
		if errors.Is(err, errOrphaned) {
			c.note(x.requestHead, fmt.Sprintf("dropped a held %s request with its connection: the application has ended",
				APIName(x.key)))
		}
		return err
	}
	x.paces = append(x.paces, h)
	return nil
}

// errOrphaned: the application that sent a held request has ended.
var errOrphaned = errors.New("the application has ended")

// pause waits for d, or without a limit when it is 0. It ends early with the rule, with the connection, and once
// orphaned is closed.
func (c *connection) pause(h *Handle, d time.Duration, orphaned <-chan struct{}) error {
	var over <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-h.ended:
	case <-c.gone:
		return context.Canceled
	case <-orphaned:
		return errOrphaned
	}
	return nil
}

// writePaced writes at the slowest rate of those given, all at once when there is none.
func (c *connection) writePaced(w io.Writer, frame []byte, paces []*Handle) error {
	for len(paces) > 0 && len(frame) > 0 {
		part := len(frame)
		for _, h := range paces {
			part = min(part, max(1, int(h.rule.Action.rate/20))) // a step every 50 ms
		}
		for _, h := range paces {
			if d := h.pace(part); d > 0 {
				if err := c.pause(h, d, nil); err != nil {
					return err
				}
			}
		}
		if _, err := w.Write(frame[:part]); err != nil {
			return err
		}
		frame = frame[part:]
	}
	if len(frame) == 0 {
		return nil
	}
	_, err := w.Write(frame)
	return err
}

// fired counts a rule's effect on a request.
func (c *connection) fired(x *exchange, h *Handle) {
	if i := slices.Index(x.owed, h); i >= 0 {
		x.owed = slices.Delete(x.owed, i, i+1)
	}
	c.fire(h, x.requestHead, x.about)
}

func (c *connection) fire(h *Handle, head requestHead, about scope) {
	number := h.fire()
	if !c.observing() {
		return
	}
	fault := &journal.Fault{Action: h.rule.Action.String(), Number: number, Times: h.rule.Times}
	f := journal.Fact{Kind: journal.FaultFired, Partition: -1, Offset: -1, Detail: fault}
	f.Group, fault.Topics = c.listener.link.proxy.naming.about(about, h.rule)
	if len(fault.Topics) == 1 {
		f.Topic = fault.Topics[0].Topic
		if len(fault.Topics[0].Partitions) == 1 {
			f.Partition = fault.Topics[0].Partitions[0]
		}
	}
	r := c.now(head)
	r.Fault = h.rule.String()
	c.emit(f, r)
}

// giveBack returns the request to the rules that had no effect on it.
func (x *exchange) giveBack() {
	for _, h := range x.owed {
		h.giveBack()
	}
	x.owed = nil
}

// silent tells whether the request wants no answer.
func (x *exchange) silent() bool {
	p, ok := x.watch.(*produced)
	return ok && p.acks == 0
}

// cannot notes why rules have no effect on a request.
func (c *connection) cannot(x *exchange, err error) {
	c.note(x.requestHead, fmt.Sprintf("cannot disturb %s version %d: %v", APIName(x.key), x.version, err))
	x.giveBack()
	x.faults = nil
}
