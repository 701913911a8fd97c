package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
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
	lifetime, err := authenticate(ctx, inward{c, ctx}, c.address, c.listener.link.proxy.upstream.sasl)
	if err != nil {
		err = fmt.Errorf("authenticate again with %s: %w", c.address, err)
		c.note(requestHead{}, err.Error())
		return err
	}
	c.renewal = renewal(lifetime)
	return nil
}

// inward asks questions of the wire's own on a connection that is in use.
type inward struct {
	c   *connection
	ctx context.Context
}

func (i inward) ask(request kmsg.Request, response kmsg.Response) error {
	c := i.c
	c.renewals++
	head := requestHead{key: request.Key(), version: request.GetVersion(), correlation: c.renewals}
	x := &exchange{requestHead: head, inner: make(chan []byte, 1)}
	frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID("kafkaspec")).AppendRequest(nil, request, head.correlation)
	c.expect(x)
	if _, err := c.upstream.Write(frame); err != nil {
		return err
	}
	var answer []byte
	select {
	case answer = <-x.inner:
	case <-c.gone:
		return net.ErrClosed
	case <-i.ctx.Done():
		return context.Cause(i.ctx)
	}
	if len(answer) < 2*sizeBytes {
		return errors.New("got no answer to the question asked, want one")
	}
	at, err := answerBody(head.key, head.version, answer)
	if err != nil {
		return err
	}
	response.SetVersion(head.version)
	return response.ReadFrom(answer[at:])
}
