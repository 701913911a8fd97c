package database

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/listen"
)

// gate stands before a server: a listener that passes bytes on, and that can be closed. It is nil for a
// server that nothing can be put before: its name is checked by its certificate, or there are several.
type gate struct {
	server string
	ctx    context.Context // ends with the gate
	cancel context.CancelFunc
	work   sync.WaitGroup

	faults faults

	mu     sync.Mutex
	fault  *fault // that is at work; nil for none
	closed bool   // connections are refused
	delay  time.Duration
	open   map[net.Conn]bool

	listening sync.Mutex
	listeners map[listen.Place]net.Listener
}

func openGate(host, port string) (*gate, error) {
	g := &gate{server: net.JoinHostPort(host, port), open: map[net.Conn]bool{},
		listeners: map[listen.Place]net.Listener{}}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	if _, err := g.address(listen.Place{}); err != nil {
		g.cancel()
		return nil, err
	}
	return g, nil
}

// address is where an application that is at a place finds the gate, which listens there from then on.
func (g *gate) address(place listen.Place) (string, error) {
	g.listening.Lock()
	defer g.listening.Unlock()
	listener := g.listeners[place]
	if listener == nil {
		var err error
		if listener, err = net.Listen("tcp", net.JoinHostPort(place.Host(), "0")); err != nil {
			return "", err
		}
		g.listeners[place] = listener
		g.work.Go(func() { g.accept(listener) })
	}
	return place.Address(listener.Addr()), nil
}

// acceptPause keeps a gate that cannot accept from spinning.
const acceptPause = 20 * time.Millisecond

func (g *gate) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // out of file descriptors: others may still come
			select {
			case <-g.ctx.Done():
				return
			case <-time.After(acceptPause):
			}
			continue
		}
		if !g.register(client) {
			_ = client.Close()
			continue
		}
		g.work.Go(func() { g.serve(client) })
	}
}

// register keeps a connection to be cut later; false while the gate is closed.
func (g *gate) register(conn net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || g.ctx.Err() != nil {
		g.faults.meet(g.fault)
		return false
	}
	g.open[conn] = true
	return true
}

func (g *gate) forget(conn net.Conn) {
	g.mu.Lock()
	delete(g.open, conn)
	g.mu.Unlock()
	_ = conn.Close()
}

func (g *gate) serve(client net.Conn) {
	defer g.forget(client)
	var dialer net.Dialer
	server, err := dialer.DialContext(g.ctx, "tcp", g.server)
	if err != nil || !g.register(server) {
		if err == nil {
			_ = server.Close()
		}
		return
	}
	defer g.forget(server)
	var both sync.WaitGroup
	both.Go(func() { defer func() { _ = server.Close() }(); g.pass(server, client) })
	_, _ = io.Copy(client, server)
	_ = client.Close()
	both.Wait()
}

// pass copies what the client says, each piece as late as was asked for.
func (g *gate) pass(to io.Writer, from io.Reader) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			g.mu.Lock()
			delay := g.delay
			if delay > 0 {
				g.faults.meet(g.fault)
			}
			g.mu.Unlock()
			if delay > 0 {
				pause(g.ctx, delay)
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (g *gate) Stop(context.Context) error { return g.set(true, 0) }

func (g *gate) Start(context.Context) error { return g.set(false, 0) }

func (g *gate) Slow(by time.Duration) error { return g.set(false, by) }

func (g *gate) set(closed bool, delay time.Duration) error {
	if g == nil {
		if closed || delay > 0 {
			return errFixed
		}
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed, g.delay, g.fault = closed, delay, nil
	switch {
	case g.ctx.Err() != nil: // it is the end
	case closed:
		g.fault = g.faults.begin("the database is stopped")
	case delay > 0:
		g.fault = g.faults.begin(slowBy(delay))
	}
	for conn := range g.open {
		if closed {
			g.faults.meet(g.fault)
			_ = conn.Close()
		}
	}
	return nil
}

func slowBy(delay time.Duration) string { return "the database is slow by " + delay.String() }

func (g *gate) Unmet() []string {
	if g == nil {
		return nil
	}
	return g.faults.Unmet()
}

func (g *gate) Ran(context.Context) {} // who asks is seen

func (g *gate) close(ctx context.Context) error {
	if g == nil {
		return nil
	}
	g.cancel()
	err := g.Stop(ctx)
	g.listening.Lock()
	for _, listener := range g.listeners {
		err = errors.Join(err, listener.Close())
	}
	g.listening.Unlock()
	g.work.Wait()
	return err
}
