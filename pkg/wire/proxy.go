// Package wire stands between applications and a Kafka cluster: a proxy that speaks the Kafka protocol. Each
// application gets addresses of its own, one per broker, so every connection belongs to a known application. Addresses
// of brokers in responses are replaced by those; bytes nobody asked about are passed on as they are.
package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
)

// Options say where the cluster is and how to get in.
type Options struct {
	Upstream []string // host:port of brokers to start from, one at least
	// TLS and SASL towards the cluster; applications need none. Zero: applications bring their own SASL
	Access access.Access
	// gets every fact, from many goroutines at once; traffic waits for it. nil: nothing is observed. The facts of a
	// request come when its answer is known, before the application gets it: one for each partition it is about
	Observe func(journal.Fact)
	// is called when a commit of an application has come, before anything is done about it and before its time is taken.
	// nil: nothing is called
	Committing func(app string)
	Since      func(time.Time) time.Duration // makes moments the journal's; nil: they count from New on
	Seed       int64                         // of rules with a rate
	// names topics by their id that no Metadata answer has named yet; "" for one it does not know. nil: knows none
	TopicName func(id [16]byte) string
	Names     Undo // makes the names in facts logical; nil: they stay physical
	// makes a transactional id the scenario's own, once only; nil: ids stay as they are
	TransactionalID func(id string) string
	Contents        bool // facts of batches tell what is in their records, which are decompressed for it
	// gets the keys in a batch that is written to a topic from which compaction takes records, in their order, before its
	// fact; records are decompressed for it. nil: nobody asks
	Keys func(batch journal.Fact, keys []journal.Key)
	// says of a topic, by the name in facts, whether it is one; those that applications make are known. nil: no other is
	Compacted func(topic string) bool
}

// Proxy carries the connections of all applications of a scenario.
type Proxy struct {
	options   Options
	upstream  *upstream
	directory *brokers
	naming    *naming
	rules     rules
	opened    atomic.Uint64 // connections so far
	since     func(time.Time) time.Duration
	stop      context.CancelFunc
	unwatch   func() bool

	failed atomic.Pointer[error] // the first thing that kept the wire from its work

	mu     sync.Mutex
	links  map[string]*Link
	closed bool
}

var errClosed = errors.New("the wire is closed; open a new one for each scenario")

// New prepares a proxy; nothing listens before the first Application. It ends with Close, or when ctx does.
func New(ctx context.Context, o Options) (*Proxy, error) {
	if len(o.Upstream) == 0 {
		return nil, errors.New("got no address of a broker, want one at least; set Options.Upstream")
	}
	for _, address := range o.Upstream {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return nil, fmt.Errorf("got broker address %q, want host:port: %w", address, err)
		}
	}
	up, err := newUpstream(o.Access)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	known := newBrokers()
	p := &Proxy{
		options: o, upstream: up, directory: known, naming: &naming{directory: known, undo: o.Names,
			topicName: o.TopicName, contents: o.Contents, compacts: o.Compacted},
		rules: rules{seed: uint64(o.Seed)}, stop: stop, links: make(map[string]*Link), since: o.Since,
	}
	if began := time.Now(); p.since == nil {
		p.since = func(moment time.Time) time.Duration { return moment.Sub(began) }
	}
	p.unwatch = context.AfterFunc(ctx, func() { _ = p.close() })
	return p, nil
}

func (p *Proxy) wanted() wanted {
	w := wanted{contents: p.options.Contents}
	if p.options.Keys != nil {
		w.names = p.naming
	}
	return w
}

// Application opens the wire of one application at the loopback address, or returns the one it has.
func (p *Proxy) Application(name string) (*Link, error) { return p.ApplicationAt(name, listen.Place{}) }

// ApplicationAt is Application at a place, where the application finds it. The ports are those of Options.Upstream, in
// their order, also once responses have named these brokers; 0, or none, is a free one.
func (p *Proxy) ApplicationAt(name string, place listen.Place, ports ...int) (*Link, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	if l := p.links[name]; l != nil {
		return l, nil
	}
	l, err := newLink(p, name, place, ports)
	if err != nil {
		return nil, err
	}
	p.links[name] = l
	return l, nil
}

// Close ends all listeners and connections and waits for them. Its error also tells what kept the wire from its work
// while it was open: what applications did then is no evidence.
func (p *Proxy) Close() error {
	p.unwatch()
	p.stop()
	err := p.close()
	if failed := p.failed.Load(); failed != nil {
		err = errors.Join(*failed, err)
	}
	return err
}

// fail remembers the first failure and notes it.
func (p *Proxy) fail(err error) {
	if first := p.failed.CompareAndSwap(nil, &err); first && p.options.Observe != nil {
		p.options.Observe(journal.Fact{Kind: journal.Note, Source: journal.SourceWire, Partition: -1, Offset: -1,
			Text: err.Error()})
	}
}

func (p *Proxy) close() error {
	p.mu.Lock()
	p.closed = true
	links := make([]*Link, 0, len(p.links))
	for _, l := range p.links {
		links = append(links, l)
	}
	p.mu.Unlock()
	var errs []error
	for _, l := range links {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// forget makes room for a new link of the same application.
func (p *Proxy) forget(l *Link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.links[l.name] == l {
		delete(p.links, l.name)
	}
}
