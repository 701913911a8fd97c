package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/kafkaspec/kafkaspec/pkg/listen"
)

// Link is the wire of one application: its listeners, one per broker, and the connections made to them.
type Link struct {
	name    string
	proxy   *Proxy
	place   listen.Place
	fixed   bool // seeds stand for the brokers at their addresses, also once responses have named these
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup // accept loops and connections

	assignments atomic.Int64 // how often a group gave it partitions
	lastKey     atomic.Int32 // of the last request
	polls       atomic.Int64 // requests for records, and heartbeats
	others      atomic.Int64 // all other requests
	lastAt      atomic.Int64 // when it came, in Unix nanoseconds; 0: none has
	leftAt      atomic.Int64 // when the last LeaveGroup came, and no JoinGroup since; 0: none has

	spokeTLS, spokeSASL atomic.Bool // it was told that the application does

	mu          sync.Mutex
	seeds       []*listener
	brokers     map[int32]*listener
	connections map[*connection]struct{}
	closed      bool
}

func newLink(p *Proxy, name string, place listen.Place, ports []int) (*Link, error) {
	ctx, stop := context.WithCancel(context.Background())
	l := &Link{
		name: name, proxy: p, place: place, fixed: len(ports) > 0, ctx: ctx, stop: stop,
		brokers: make(map[int32]*listener), connections: make(map[*connection]struct{}),
	}
	for i, address := range p.options.Upstream {
		port := 0
		if i < len(ports) {
			port = ports[i]
		}
		seed, err := l.listen(anyBroker, address, port)
		if err != nil {
			return nil, errors.Join(err, l.shut())
		}
		l.seeds = append(l.seeds, seed)
	}
	return l, nil
}

// Bootstrap is what to give the application as bootstrap servers: one address for each of Options.Upstream.
func (l *Link) Bootstrap() []string {
	addresses := make([]string, len(l.seeds))
	for i, seed := range l.seeds {
		addresses[i] = net.JoinHostPort(seed.host, strconv.Itoa(int(seed.port)))
	}
	return addresses
}

// Close ends the application's listeners and connections and waits for them.
func (l *Link) Close() error {
	err := l.shut()
	l.proxy.forget(l)
	return err
}

func (l *Link) shut() error {
	l.mu.Lock()
	l.closed = true
	listeners, open := l.seeds, make([]*connection, 0, len(l.connections))
	for _, b := range l.brokers {
		listeners = append(listeners, b)
	}
	for c := range l.connections {
		open = append(open, c)
	}
	l.mu.Unlock()
	l.stop()
	var errs []error
	for _, b := range listeners {
		if err := b.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	for _, c := range open {
		c.cut()
	}
	l.running.Wait()
	return errors.Join(errs...)
}

// unreachable is a port nobody can connect to.
const unreachable = 0

// replace implements directory: the address of this application's listener for the broker, opened when it is first
// named. When none can be opened the application gets an address it cannot reach, and Close tells why: with the
// broker's own address it would go past the wire, and nobody would notice.
func (l *Link) replace(node int32, host string, port int32) (string, int32) {
	l.proxy.directory.seen(node, host, port)
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.brokers[node]; b != nil {
		return b.host, b.port
	}
	if l.closed {
		return listen.Loopback, unreachable
	}
	if l.fixed {
		address := net.JoinHostPort(host, strconv.Itoa(int(port)))
		if i := slices.IndexFunc(l.seeds, func(s *listener) bool { return s.seed == address }); i >= 0 {
			return l.seeds[i].host, l.seeds[i].port
		}
	}
	b, err := l.listen(node, "", 0)
	if err != nil {
		l.proxy.fail(fmt.Errorf("broker %d is out of reach for application %q: %w", node, l.name, err))
		return listen.Loopback, unreachable
	}
	l.brokers[node] = b
	return b.host, b.port
}

// topicSeen implements directory.
func (l *Link) topicSeen(id [16]byte, name string) { l.proxy.directory.topicSeen(id, name) }

// track adds a connection; false when the link is closing.
func (l *Link) track(c *connection) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.connections[c] = struct{}{}
	return true
}

func (l *Link) untrack(c *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.connections, c)
}
