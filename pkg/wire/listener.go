package wire

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// acceptPause keeps a listener that cannot accept from spinning.
const acceptPause = 20 * time.Millisecond

// listener takes the connections of one application to one broker.
type listener struct {
	net.Listener
	link *Link
	node int32  // anyBroker for a seed
	seed string // address of the seed; the address of a known broker is looked up for each connection
	host string // what the application is told
	port int32
}

// listen opens a listener, at a free port where that is 0, and starts to accept. The caller holds l.mu, or is alone
// with l.
func (l *Link) listen(node int32, seed string, port int) (*listener, error) {
	accepting, err := net.Listen("tcp", net.JoinHostPort(l.place.Host(), strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("cannot listen for application %q: %w; set an address of this machine, and a port that is "+
			"free", l.name, err)
	}
	b := &listener{Listener: accepting, link: l, node: node, seed: seed,
		port: int32(accepting.Addr().(*net.TCPAddr).Port), host: l.place.Told(accepting.Addr())}
	l.running.Add(1)
	go b.accept()
	return b, nil
}

func (b *listener) accept() {
	defer b.link.running.Done()
	for told := false; ; {
		client, err := b.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // out of file descriptors, or the application gave up: others may still come
			if !told {
				newConnection(b, nil).changed(false, err)
			}
			told = true
			select {
			case <-b.link.ctx.Done():
			case <-time.After(acceptPause):
			}
			continue
		}
		b.link.running.Add(1)
		go func() {
			defer b.link.running.Done()
			b.serve(client)
		}()
	}
}

// serve carries one connection until it ends.
func (b *listener) serve(client net.Conn) {
	c := newConnection(b, client)
	if !b.link.track(c) {
		_ = client.Close()
		return
	}
	defer b.link.untrack(c)
	if h := b.link.proxy.rules.isolation(c); h != nil {
		c.fire(h, requestHead{}, scope{})
		c.reset()
		return
	}
	c.run()
}

// target is where the broker is now.
func (b *listener) target() (string, error) {
	if b.node == anyBroker {
		return b.seed, nil
	}
	address, ok := b.link.proxy.directory.address(b.node)
	if !ok {
		return "", fmt.Errorf("got a connection to broker %d, want a broker some response has named", b.node)
	}
	return address, nil
}
