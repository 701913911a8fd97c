package retryproducer

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"net"
	"os"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// pace holds Produce requests back until the backoff is over, at the last place before the network: the connection. So
// it holds for whatever makes the client send again, and the client keeps all that it knows of sequences and in what
// order to send.
type pace struct {
	delay    func(attempt int) time.Duration
	retrying func(attempt int, delay time.Duration) // told of each request that was held back

	mu      sync.Mutex
	filling bool          // a batch is being handed to the client; it goes when it is whole
	ended   int           // attempts that have ended since one went well
	wait    time.Duration // after the last one
	last    time.Time     // when it ended, or another request failed
	changed chan struct{} // closed when requests may go earlier than they were told
}

// OnBrokerE2E is called by the client when a request has ended, before it deals with the answer. So the wait begins
// before anything can be sent again; whether it was needed tells the promise of a record, by anew.
func (p *pace) OnBrokerE2E(_ kgo.BrokerMetadata, key int16, e2e kgo.BrokerE2E) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if key == int16(kmsg.Produce) {
		p.ended++
		p.wait = p.delay(p.ended)
		p.last = time.Now()
	} else if e2e.Err() != nil {
		p.last = time.Now()
	}
}

// anew counts attempts from the beginning, after one that was none to wait after. With filling it holds everything back
// until it is called without.
func (p *pace) anew(filling bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.filling, p.ended, p.wait = filling, 0, 0
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// attempts returns how many have ended since one went well.
func (p *pace) attempts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// held returns how long a Produce request has to wait yet, and a channel that is closed when that has changed.
func (p *pace) held() (left, wait time.Duration, attempt int, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.changed == nil {
		p.changed = make(chan struct{})
	}
	left = p.wait - time.Since(p.last)
	if p.filling {
		left = time.Hour
	}
	return left, p.wait, p.ended + 1, p.changed
}

// backoff is how long the client waits by itself, with any request: as long, counted from the end of the last one.
func (p *pace) backoff(attempt int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(p.delay(attempt)-time.Since(p.last), time.Millisecond)
}

// dialer opens connections whose Produce requests keep the pace; with nil for plaintext.
func (p *pace) dialer(config *tls.Config) func(ctx context.Context, network, address string) (net.Conn, error) {
	var plain net.Dialer
	dial := plain.DialContext
	if config != nil {
		dial = (&tls.Dialer{Config: config}).DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &pacedConn{Conn: conn, pace: p, given: make(chan struct{})}, nil
	}
}

// pacedConn is one connection. The client writes a request with a single Write.
type pacedConn struct {
	net.Conn
	pace   *pace
	giveUp sync.Once
	given  chan struct{} // closed when nobody wants to write any more
}

// keyAt is where the API's key stands in a request, behind its size.
const keyAt = 4

func (c *pacedConn) Write(request []byte) (int, error) {
	if len(request) < keyAt+2 || binary.BigEndian.Uint16(request[keyAt:]) != uint16(kmsg.Produce) {
		return c.Conn.Write(request)
	}
	left, wait, attempt, changed := c.pace.held()
	for left > 0 {
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-changed:
		case <-c.given:
			timer.Stop()
			return 0, os.ErrDeadlineExceeded
		}
		timer.Stop()
		left, wait, attempt, changed = c.pace.held()
	}
	if wait > 0 {
		c.pace.retrying(attempt, wait)
	}
	// The client's own deadline counts from before the wait.
	if err := c.Conn.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return 0, err
	}
	return c.Conn.Write(request)
}

// SetWriteDeadline with a moment that is over is how the client takes a write back.
func (c *pacedConn) SetWriteDeadline(at time.Time) error {
	if !at.IsZero() && !at.After(time.Now()) {
		c.giveUp.Do(func() { close(c.given) })
	}
	return c.Conn.SetWriteDeadline(at)
}

func (c *pacedConn) Close() error {
	c.giveUp.Do(func() { close(c.given) })
	return c.Conn.Close()
}
