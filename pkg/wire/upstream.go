package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"

	"github.com/kafkaspec/kafkaspec/pkg/access"
)

// dialTimeout is for the connection, the TLS handshake and the authentication together.
const dialTimeout = 10 * time.Second

// upstream makes connections to brokers, with the TLS and SASL the cluster wants.
type upstream struct {
	tls  *tls.Config // nil: plaintext
	sasl sasl.Mechanism
}

func newUpstream(a access.Access) (*upstream, error) {
	options, err := a.Options()
	if err != nil {
		return nil, err
	}
	u := new(upstream)
	if a.TLS != nil {
		if u.tls, err = a.TLS.Config(); err != nil {
			return nil, err
		}
	}
	if a.SASL == nil {
		return u, nil
	}
	// The client connects nowhere: it only tells which mechanism its options are.
	client, err := kgo.NewClient(options...)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	mechanisms, _ := client.OptValue(kgo.SASL).([]sasl.Mechanism)
	if len(mechanisms) == 0 {
		return nil, errors.New("got no SASL mechanism from the access of the cluster, want one; set SASL.Mechanism")
	}
	u.sasl = mechanisms[0]
	return u, nil
}

// dial returns a connection that is ready for Kafka requests, and how long its authentication holds (0: as long as it
// does).
func (u *upstream) dial(ctx context.Context, address string) (net.Conn, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	broker, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, 0, err
	}
	// The deadline holds for reads and writes as well; without it a silent broker would block the handshakes.
	interrupt := context.AfterFunc(ctx, func() { _ = broker.SetDeadline(time.Unix(1, 0)) })
	ready, lifetime, err := u.authenticated(ctx, broker, address)
	if !interrupt() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = broker.Close()
		return nil, 0, err
	}
	return ready, lifetime, nil
}

func (u *upstream) authenticated(ctx context.Context, broker net.Conn, address string) (ready net.Conn,
	lifetime time.Duration, err error) {
	if u.tls != nil {
		config := u.tls.Clone()
		if config.ServerName == "" {
			config.ServerName, _, _ = net.SplitHostPort(address)
		}
		secure := tls.Client(broker, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, 0, fmt.Errorf("tls with %s: %w", address, err)
		}
		broker = secure
	}
	if u.sasl != nil {
		if lifetime, err = newDialogue(broker).authenticate(ctx, address, u.sasl); err != nil {
			return nil, 0, fmt.Errorf("sasl with %s: %w", address, err)
		}
	}
	return broker, lifetime, nil
}
