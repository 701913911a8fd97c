package wire

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestTheWireStaysAuthenticated holds that an application without credentials keeps its connections when authentication
// is for a while only, with requests under way all the time.
func TestTheWireStaysAuthenticated(t *testing.T) {
	for _, mechanism := range []string{"PLAIN", "SCRAM-SHA-256"} {
		t.Run(mechanism, func(t *testing.T) {
			t.Parallel()
			c := cluster(t, 1, kfake.SeedTopics(1, "orders"), kfake.EnableSASL(), kfake.Superuser(mechanism, "admin", "secret"),
				kfake.BrokerConfigs(map[string]string{"connections.max.reauth.ms": "1200"}))
			var handshakes atomic.Int32
			c.ControlKey(int16(kmsg.SASLHandshake), func(kmsg.Request) (kmsg.Response, error, bool) {
				c.KeepControl()
				handshakes.Add(1)
				return nil, nil, false
			})
			r := new(recorder)
			p := wired(t, c, Options{Observe: r.observe, Access: access.Access{SASL: &access.SASL{Mechanism: mechanism,
				Username: "admin", Password: "secret"}}})
			ctx := deadline(t)
			consumer, producer := client(t, p, "consumer", kgo.ConsumeTopics("orders")), client(t, p, "producer")
			sent := 0
			err := await.Until(ctx, await.Options{Within: within, What: "three authentications more than connections"},
				func(ctx context.Context) (bool, error) {
					sent++
					err := producer.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: fmt.Append(nil, sent)}).FirstErr()
					opened, _ := connections(r)
					return int(handshakes.Load()) >= opened+3, err
				})
			if err != nil {
				t.Fatal(err)
			}
			wantOnce(t, read(ctx, t, consumer, sent), sent)
			if _, closed := connections(r); closed != 0 {
				t.Errorf("got %d connections closed, want none", closed)
			}
			if unread := notes(r.all()); len(unread) > 0 {
				t.Errorf("got note %q, want none", unread[0].Text)
			}
		})
	}
}

// TestCredentialsThatNoLongerHold ends the connection, and tells why.
func TestCredentialsThatNoLongerHold(t *testing.T) {
	t.Parallel()
	c := cluster(t, 1, kfake.EnableSASL(), kfake.Superuser("PLAIN", "admin", "secret"),
		kfake.BrokerConfigs(map[string]string{"connections.max.reauth.ms": "1200"}))
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe, Access: access.Access{SASL: &access.SASL{Mechanism: "PLAIN",
		Username: "admin", Password: "secret"}}})
	app := client(t, p, "app")
	if err := app.Ping(deadline(t)); err != nil {
		t.Fatal(err)
	}
	c.ControlKey(int16(kmsg.SASLHandshake), func(request kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		response := request.ResponseKind().(*kmsg.SASLHandshakeResponse)
		response.ErrorCode = 58 // SASL_AUTHENTICATION_FAILED
		return response, nil, true
	})
	err := await.Until(deadline(t), await.Options{Within: within, What: "a note on the authentication"},
		func(ctx context.Context) (bool, error) {
			short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			defer cancel()
			_ = app.Ping(short) // fails once it is over
			return len(notes(r.all())) > 0, nil
		})
	if err != nil {
		t.Fatal(err)
	}
}

// connections counts what was opened and closed.
func connections(r *recorder) (opened, closed int) {
	_, changes := of[*journal.Connection](r.all())
	for _, change := range changes {
		if change.Open {
			opened++
		} else {
			closed++
		}
	}
	return opened, closed
}
