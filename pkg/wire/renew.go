package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// Authentication may hold for a while only (KIP-368). The broker then ends the connection at the next request that is
// not a new authentication, and an application that has no credentials of its own would see a cut that no rule made. So
// the wire authenticates again in time, between two requests of the application; brokers answer in order, so that
// answers still under way are no matter.

// leastRenewal: brokers refuse a new authentication within a second of the last.
const leastRenewal = 1100 * time.Millisecond

// renewal is when to authenticate again: after most of the lifetime, as Kafka's own client does.
func renewal(lifetime time.Duration) time.Time {
	if lifetime <= 0 {
		return time.Time{}
	}
	return time.Now().Add(max(lifetime*85/100, leastRenewal))
}

// stayAuthenticated authenticates again when it is time to. It is called by the request goroutine, between two
// requests.
func (c *connection) stayAuthenticated() error {
	if c.renewal.IsZero() || time.Now().Before(c.renewal) {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.listener.link.ctx, dialTimeout)
	defer cancel()
	inward := asker{exchange: func(head requestHead, frame []byte) ([]byte, error) { return c.ask(ctx, head, frame) }}
	lifetime, err := inward.authenticate(ctx, c.address, c.listener.link.proxy.upstream.sasl)
	if err != nil {
		err = fmt.Errorf("authenticate again with %s: %w", c.address, err)
		c.note(requestHead{}, err.Error())
		return err
	}
	c.renewal = renewal(lifetime)
	return nil
}

// ask passes on a question of the wire's own on a connection that is in use.
func (c *connection) ask(ctx context.Context, head requestHead, frame []byte) ([]byte, error) {
	x := &exchange{requestHead: head, inner: make(chan []byte, 1)}
	c.expect(x)
	if _, err := c.upstream.Write(frame); err != nil {
		return nil, err
	}
	select {
	case answer := <-x.inner:
		if len(answer) < 2*sizeBytes {
			return nil, errors.New("got no answer to the question asked, want one")
		}
		return answer, nil
	case <-c.gone:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
