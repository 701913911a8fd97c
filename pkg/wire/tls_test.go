package wire

import (
	"crypto/tls"
	"net"
	"path/filepath"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// certificate is that of a broker, and the file of its authority.
func certificate(t *testing.T) (own tls.Certificate, authority string) {
	t.Helper()
	authority = filepath.Join(t.TempDir(), "ca.pem")
	return testenv.Certificate(t, authority), authority
}

func TestTLSAndSASLTowardsTheCluster(t *testing.T) {
	own, authority := certificate(t)
	c := cluster(t, 2, kfake.SeedTopics(2, "orders"), kfake.TLS(&tls.Config{Certificates: []tls.Certificate{own}}),
		kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "admin", "secret"))
	p := wired(t, c, Options{Access: access.Access{
		TLS:  &access.TLS{CAFile: authority},
		SASL: &access.SASL{Mechanism: "SCRAM-SHA-512", Username: "admin", Password: "secret"},
	}})
	// The application itself speaks plaintext, without credentials.
	if err := client(t, p, "app").ProduceSync(deadline(t), numbered("orders", 100)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func TestApplicationThatSpeaksTLSIsTold(t *testing.T) {
	c := cluster(t, 1)
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe})
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		conn, err := net.Dial("tcp", l.Bootstrap()[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := tls.Client(conn, &tls.Config{ServerName: "broker"}).HandshakeContext(deadline(t)); err == nil {
			t.Error("got a handshake that succeeds, want the connection closed")
		}
		_ = conn.Close()
	}
	told := func(all []journal.Fact) (times int) {
		for _, f := range all {
			if f.Kind == journal.Note && f.Text == journal.SpokeTLS && f.App == "app" {
				times++
			}
		}
		return times
	}
	r.sees(deadline(t), t, "that the application speaks TLS", func(all []journal.Fact) bool { return told(all) == 1 })
}

func TestAnUnknownAuthorityIsToldNotTrusted(t *testing.T) {
	own, _ := certificate(t)
	_, other := certificate(t)
	c := cluster(t, 1, kfake.TLS(&tls.Config{Certificates: []tls.Certificate{own}}))
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe, Access: access.Access{TLS: &access.TLS{CAFile: other}}})
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", l.Bootstrap()[0]); err == nil { // else the wire has reset it already
		t.Cleanup(func() { _ = conn.Close() })
	}
	r.sees(deadline(t), t, "why the broker could not be reached", func(all []journal.Fact) bool {
		facts, changes := of[*journal.Connection](all)
		return len(changes) == 1 && !changes[0].Open && facts[0].Error != ""
	})
}
