package wire

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// connection carries one connection of an application to one broker. Two goroutines do: one passes requests on, one
// brings the answers back. Between them stands the queue of requests that wait for an answer; brokers answer in order.
type connection struct {
	listener   *listener
	id         uint64
	client     net.Conn
	fromClient *bufio.Reader
	fromBroker *bufio.Reader
	questions  []byte // buffer of the request goroutine
	answers    []byte // buffer of the answer goroutine

	order   sync.Mutex  // held while something is written for a request in the queue; cut never waits for it
	waiting []*exchange // in the order of their requests

	mu       sync.Mutex
	upstream net.Conn // nil until dialled
	address  string   // of the broker
	over     bool

	renewal time.Time // when to authenticate again, zero for never; of the request goroutine

	late     atomic.Bool   // a rule has delayed what it carries
	gone     chan struct{} // closed by cut
	orphaned chan struct{} // closed when the application has ended; under mu
	session  fetchSession  // under order
}

func newConnection(b *listener, client net.Conn) *connection {
	return &connection{
		listener: b, gone: make(chan struct{}), orphaned: make(chan struct{}), id: b.link.proxy.opened.Add(1),
		client: client, fromClient: bufio.NewReaderSize(client, readSize),
	}
}

// run returns when both sides are closed and nothing of the connection is left.
func (c *connection) run() {
	defer c.cut()
	if err := c.dial(); err != nil {
		c.changed(false, err)
		c.reset()
		return
	}
	c.changed(true, nil)
	defer c.changed(false, nil)
	defer c.tellCut()
	var answering sync.WaitGroup
	answering.Add(1)
	go func() {
		defer answering.Done()
		defer c.cut()
		_ = c.passAnswers()
	}()
	if err := c.passRequests(); errors.Is(err, io.EOF) && c.closeWrite() {
		// The application sends no more, but may still read: the answers go on until the broker closes.
		answering.Wait()
		return
	}
	c.cut()
	answering.Wait()
}

func (c *connection) dial() error {
	address, err := c.listener.target()
	if err != nil {
		return err
	}
	broker, lifetime, err := c.listener.link.proxy.upstream.dial(c.listener.link.ctx, address)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return errors.Join(net.ErrClosed, broker.Close())
	}
	c.upstream, c.address, c.renewal = broker, address, renewal(lifetime)
	c.fromBroker = bufio.NewReaderSize(broker, readSize)
	return nil
}

// cut closes both sides, at once and for good. It may be called at any time from anywhere.
func (c *connection) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	c.over = true
	close(c.gone)
	_ = c.client.Close()
	if c.upstream != nil {
		_ = c.upstream.Close()
	}
}

// orphan drops what is held on the connection of an application that has ended. What it sent before is passed on else,
// as a network would.
func (c *connection) orphan() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.orphaned:
	default:
		close(c.orphaned)
	}
}

// reset is cut by a TCP reset. It is what a client meets in place of a refused connection, where the wire has accepted
// it and then finds no broker behind it: an orderly end before the first answer would look to clients like a broker
// that wants TLS, and some give up on that.
func (c *connection) reset() {
	if tcp, ok := c.client.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.cut()
}

// closeWrite tells the broker that no more requests come; false when there is no way to.
func (c *connection) closeWrite() bool {
	half, ok := c.upstream.(interface{ CloseWrite() error })
	return ok && half.CloseWrite() == nil
}
