package wire

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// certificate is a self-signed one for 127.0.0.1, and the file of its authority.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
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
