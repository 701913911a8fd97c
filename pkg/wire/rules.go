package wire

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// rules are the rules at work, in the order they were added. Requests read them without a lock.
type rules struct {
	seed uint64

	mu    sync.Mutex
	added uint64
	all   atomic.Pointer[[]*Handle]
}

func (r *rules) add(rule Rule, key kmsg.Key) *Handle {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.added++
	h := newHandle(rule, key, r.seed, r.added)
	h.removed = func() { r.remove(h) }
	all := append(slices.Clone(r.list()), h)
	r.all.Store(&all)
	return h
}

func (r *rules) remove(h *Handle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(r.list()), func(other *Handle) bool { return other == h })
	r.all.Store(&all)
}

func (r *rules) list() []*Handle {
	if all := r.all.Load(); all != nil {
		return *all
	}
	return nil
}

// candidates are the rules that may select a request of this API on this connection.
func (r *rules) candidates(c *connection, key kmsg.Key) []*Handle {
	var found []*Handle
	for _, h := range r.list() {
		if h.rule.Action.kind != isolate && (h.key < 0 || h.key == key) && h.concerns(c) && h.Alive() {
			found = append(found, h)
		}
	}
	return found
}

// isolation is the rule that cuts this connection off, nil when there is none.
func (r *rules) isolation(c *connection) *Handle {
	for _, h := range r.list() {
		if h.rule.Action.kind == isolate && h.concerns(c) && h.take() {
			return h
		}
	}
	return nil
}

func (h *Handle) concerns(c *connection) bool {
	return (h.rule.App == "" || h.rule.App == c.listener.link.name) && (h.rule.Broker < 0 || h.rule.Broker == c.broker())
}

// Add puts a rule to work. An error tells what in the rule cannot be.
func (p *Proxy) Add(rule Rule) (*Handle, error) {
	key, err := rule.valid()
	if err != nil {
		return nil, err
	}
	h := p.rules.add(rule, key)
	if rule.Action.kind == isolate {
		for _, c := range p.connections() {
			if h.concerns(c) && h.take() {
				c.fire(h, requestHead{}, scope{})
				c.reset()
			}
		}
	}
	return h, nil
}

// Reset ends all connections of an application by a TCP reset, idle ones too, and returns how many there were. New ones
// are not hindered.
func (p *Proxy) Reset(app string) int {
	ended := 0
	for _, c := range p.connectionsOf(app) {
		c.reset()
		ended++
	}
	return ended
}

// Ended tells that an application has ended: requests of it that a rule holds are dropped with their connections.
func (p *Proxy) Ended(app string) {
	for _, c := range p.connectionsOf(app) {
		c.orphan()
	}
}

// Committing is true while the cluster owes an application the answer to a commit, or to the end of a transaction.
func (p *Proxy) Committing(app string) bool {
	return slices.ContainsFunc(p.connectionsOf(app), func(c *connection) bool {
		return c.owes(kmsg.OffsetCommit, kmsg.TxnOffsetCommit, kmsg.EndTxn)
	})
}

// Left is when an application asked to leave a group of the classic protocol, and has not joined one since; zero where
// it has not. The request may be on its way yet.
func (p *Proxy) Left(app string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.links[app]; l != nil && l.leftAt.Load() > 0 {
		return time.Unix(0, l.leftAt.Load())
	}
	return time.Time{}
}

// Asked is what an application last asked the cluster, and what it waits for.
type Asked struct {
	Last string    // API; empty for nothing
	At   time.Time // of the last request
	Owed []string  // APIs of requests that have no answer yet, each once, in order of name
}

// Asked tells what the application last asked.
func (p *Proxy) Asked(app string) (asked Asked) {
	for _, c := range p.connectionsOf(app) {
		c.order.Lock()
		for _, x := range c.waiting {
			asked.Owed = append(asked.Owed, APIName(x.key))
		}
		c.order.Unlock()
	}
	slices.Sort(asked.Owed)
	asked.Owed = slices.Compact(asked.Owed)
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.links[app]; l != nil && l.lastAt.Load() > 0 {
		asked.Last, asked.At = APIName(kmsg.Key(l.lastKey.Load())), time.Unix(0, l.lastAt.Load())
	}
	return asked
}

// Requests counts those of an application: for records and heartbeats, which go on while there is nothing to do, and
// others.
func (p *Proxy) Requests(app string) (polls, others int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.links[app]; l != nil {
		polls, others = l.polls.Load(), l.others.Load()
	}
	return polls, others
}

// Late is true while there is a connection on which a rule has delayed something. Once applications have ended, it is
// what they sent that is still on its way.
func (p *Proxy) Late() bool {
	return slices.ContainsFunc(p.connections(), func(c *connection) bool { return c.late.Load() })
}

// owes is true while a request of one of these APIs waits for its answer.
func (c *connection) owes(keys ...kmsg.Key) bool {
	c.order.Lock()
	defer c.order.Unlock()
	return slices.ContainsFunc(c.waiting, func(x *exchange) bool { return slices.Contains(keys, x.key) })
}

// connectionsOf are those of one application.
func (p *Proxy) connectionsOf(app string) []*connection {
	return slices.DeleteFunc(p.connections(), func(c *connection) bool { return c.listener.link.name != app })
}

func (p *Proxy) connections() []*connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []*connection
	for _, l := range p.links {
		l.mu.Lock()
		for c := range l.connections {
			all = append(all, c)
		}
		l.mu.Unlock()
	}
	return all
}
