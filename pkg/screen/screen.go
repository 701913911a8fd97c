// Package screen stands between clients and a broker embedded in this process (kfake), within the connections that the
// broker accepts: no byte takes another hop.
//
// It keeps from the broker what would end or stop it, since the broker is one goroutine of the process that runs the
// scenarios: frames that are no requests, that are too large, or that claim lists longer than themselves. Such a
// connection is closed, as Apache Kafka closes it. And where the broker's answer differs from Apache Kafka's, the
// answer is put right on its way out.
package screen

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of what a broker takes.
const (
	// maxFrame is the largest request in bytes, Apache Kafka's default of socket.request.max.bytes.
	maxFrame = 100 << 20
	// maxConnections is how many connections one broker holds at a time.
	maxConnections = 2000
	// maxPause is the longest wait before connections are accepted again after the system refused one.
	maxPause = 100 * time.Millisecond
)

// Options are those of a Screen.
type Options struct {
	Brokers  int               // of the cluster, numbered from 0; 0 is 1
	Settings map[string]string // of the brokers, where they are not the usual ones; defaults of topics' settings

	// Refused is told of each connection that was closed, and why, in one line that names the client's address. It may be
	// called from several goroutines at once. nil: nobody is told.
	Refused func(reason string)
}

// Screen stands before all brokers of one cluster, and knows what clients made of it.
type Screen struct {
	options Options
	state   *state
}

// New is the screen of a cluster that is empty.
func New(o Options) *Screen {
	return &Screen{options: o, state: newState(max(o.Brokers, 1), o.Settings)}
}

// Listen listens as net.Listen does, for a broker that is to be protected.
func (s *Screen) Listen(network, address string) (net.Listener, error) {
	inner, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	return &listener{Listener: inner, options: s.options, state: s.state, closed: make(chan struct{})}, nil
}

type listener struct {
	net.Listener
	options Options
	state   *state
	open    atomic.Int64 // connections
	bulk    atomic.Int64 // bytes that the broker makes room for before they have come
	once    sync.Once
	closed  chan struct{}
}

// Accept returns the next connection. It fails only once the listener is closed: what else goes wrong, such as too many
// open files, passes, and the broker does not ask again after an error.
func (l *listener) Accept() (net.Conn, error) {
	var pause time.Duration
	for {
		inner, err := l.Listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil, err
		case err != nil:
			pause = min(2*pause+time.Millisecond, maxPause)
			l.refused("a connection could not be accepted: %v; raise the limit of open files (ulimit -n)", err)
			select {
			case <-l.closed:
				return nil, net.ErrClosed
			case <-time.After(pause):
			}
			continue
		}
		pause = 0
		if l.open.Add(1) > maxConnections {
			l.open.Add(-1)
			l.refused("closed the connection from %s: the broker has %d already", inner.RemoteAddr(), maxConnections)
			_ = inner.Close() // nothing was sent on it
			continue
		}
		return &connection{Conn: inner, listener: l}, nil
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

func (l *listener) refused(format string, args ...any) {
	if l.options.Refused != nil {
		l.options.Refused(fmt.Sprintf(format, args...))
	}
}
