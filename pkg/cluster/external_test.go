package cluster_test

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	user   = "alice"
	secret = "correct horse"
	wrong  = "battery staple"
)

// fake starts a cluster that stands for one that exists elsewhere.
func fake(t *testing.T, opts ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	running, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(2)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Close)
	return running
}

func connect(t *testing.T, addresses []string, a access.Access) cluster.Backend {
	t.Helper()
	backend, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging", Bootstrap: addresses,
		Access: a})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(within(t)); err != nil {
			t.Errorf("close backend: %v", err)
		}
	})
	return backend
}

func TestExternalLogins(t *testing.T) {
	ca := newAuthority(t)
	for _, encrypted := range []bool{false, true} {
		for _, mechanism := range []string{access.Plain, access.ScramSHA256, access.ScramSHA512} {
			a := access.Access{SASL: &access.SASL{Mechanism: mechanism, Username: user, Password: secret}}
			opts := []kfake.Opt{kfake.EnableSASL(), kfake.Superuser(mechanism, user, secret)}
			if encrypted {
				a.TLS = &access.TLS{CAFile: ca.file}
				opts = append(opts, kfake.TLS(ca.server(t, "")))
			}
			t.Run(a.Protocol()+" "+mechanism, func(t *testing.T) {
				session := open(t, connect(t, fake(t, opts...).ListenAddrs(), a))
				topic := createTopic(t, session, "orders", 1)
				roundTrip(t, session, topic, session.Names().Group("shipping"))
			})
		}
	}
}

func TestExternalClientCertificate(t *testing.T) {
	ca := newAuthority(t)
	server := ca.server(t, "kafka.test")
	server.ClientAuth = tls.RequireAndVerifyClientCert
	running := fake(t, kfake.TLS(server))
	certFile, keyFile := ca.client(t)
	a := access.Access{TLS: &access.TLS{CAFile: ca.file, CertFile: certFile, KeyFile: keyFile, ServerName: "kafka.test"}}
	backend := connect(t, running.ListenAddrs(), a)
	if got := backend.Describe().String(); !strings.HasPrefix(got, "external staging") ||
		!strings.HasSuffix(got, ", 2 brokers") {
		t.Errorf("got %q, want external staging …, 2 brokers", got)
	}
	createTopic(t, open(t, backend), "orders", 1)
}

func TestExternalSaysWhatIsWrong(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	wantsCertificate := ca.server(t, "")
	wantsCertificate.ClientAuth = tls.RequireAndVerifyClientCert
	plaintext := fake(t).ListenAddrs()
	encrypted := fake(t, kfake.TLS(ca.server(t, ""))).ListenAddrs()
	named := fake(t, kfake.TLS(ca.server(t, "kafka.test"))).ListenAddrs()
	mutual := fake(t, kfake.TLS(wantsCertificate)).ListenAddrs()
	outdated := ca.server(t, "")
	outdated.MinVersion, outdated.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	old := fake(t, kfake.TLS(outdated)).ListenAddrs()
	login := fake(t, kfake.EnableSASL(), kfake.Superuser(access.Plain, user, secret),
		kfake.Superuser(access.ScramSHA256, user, secret)).ListenAddrs()
	sasl := func(mechanism, password string) access.Access {
		return access.Access{SASL: &access.SASL{Mechanism: mechanism, Username: user, Password: password}}
	}
	trusting := access.Access{TLS: &access.TLS{CAFile: ca.file}}

	tests := map[string]struct {
		addresses []string
		access    access.Access
		want      string
	}{
		"nothing listens": {[]string{closedPort(t)}, access.Access{}, "connection refused; nothing listens there"},
		"no such host":    {[]string{"kafkaspec.invalid:9092"}, access.Access{}, "check the host name"},
		"TLS missing":     {encrypted, access.Access{}, "the broker speaks TLS, this client does not; add tls:"},
		"TLS surplus":     {plaintext, trusting, "the broker does not speak TLS at this address"},
		"CA unknown":      {encrypted, access.Access{TLS: &access.TLS{CAFile: stranger.file}}, "name the CA file"},
		"name wrong":      {named, trusting, "use an address the certificate is for"},
		"certificate":     {mutual, trusting, "wants a client certificate"},
		"TLS too old":     {old, trusting, "this client speaks TLS 1.2 and 1.3"},
		"no Kafka":        {[]string{greeting(t, "SSH-2.0-OpenSSH_9.2\r\n")}, access.Access{}, "does not speak as Kafka"},
		"login missing":   {login, access.Access{}, "if it wants a login, add sasl:"},
		"login and TLS":   {login, trusting, "does not speak TLS"},
		"password PLAIN":  {login, sasl(access.Plain, wrong), "check"},
		"password SCRAM":  {login, sasl(access.ScramSHA256, wrong), "check"},
		"mechanism refused": {login, access.Access{SASL: &access.SASL{Mechanism: access.OAuthBearer, Token: wrong}},
			"use a mechanism the broker offers"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging", Bootstrap: test.addresses,
				Access: test.access, Within: time.Second})
			if err == nil || !strings.Contains(err.Error(), test.want) || !outcome.IsEnvironment(err) {
				t.Fatalf("got error %v, want outcome.Environment with %q", err, test.want)
			}
			for _, want := range append(test.addresses, "staging", test.access.String()) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got error %v, want it to name %q", err, want)
				}
			}
			for _, secret := range test.access.Secrets() {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("got the secret %q in %v, want it hidden", secret, err)
				}
			}
		})
	}
}

func TestExternalGivesUpInTime(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for _, limit := range []time.Duration{300 * time.Millisecond, time.Microsecond} { // the second is over as it dials
		start := time.Now()
		_, err = cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging",
			Bootstrap: []string{silent.Addr().String()}, Within: limit})
		want := "no answer within " + limit.String()
		if err == nil || !strings.Contains(err.Error(), want) || !outcome.IsEnvironment(err) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("got it after %v, want about %v", took, limit)
		}
	}
}

func TestExternalNeedsEveryAdvertisedBroker(t *testing.T) {
	running := fake(t)
	gone := closedPort(t)
	running.ControlKey(3, advertise(t, gone))
	_, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging",
		Bootstrap: running.ListenAddrs()[:1]})
	if err == nil || !strings.Contains(err.Error(), gone) || !strings.Contains(err.Error(), "advertised.listeners") {
		t.Errorf("got error %v, want one about the advertised %s", err, gone)
	}
}

func TestExternalRefusesBadSettings(t *testing.T) {
	for want, o := range map[string]cluster.ExternalOptions{
		"got no bootstrap address":                {},
		`got bootstrap address "kafka"`:           {Bootstrap: []string{"kafka"}},
		`got bootstrap address "kafka:port"`:      {Bootstrap: []string{"kafka:port"}},
		`got bootstrap address "PLAINTEXT://a:1"`: {Bootstrap: []string{"PLAINTEXT://a:1"}},
		"got mechanism": {Bootstrap: []string{"kafka:9092"},
			Access: access.Access{SASL: &access.SASL{Mechanism: "GSSAPI"}}},
		"cannot read the CA file": {Bootstrap: []string{"kafka:9092"},
			Access: access.Access{TLS: &access.TLS{CAFile: "absent.pem"}}},
	} {
		_, err := cluster.ConnectExternal(within(t), o)
		if err == nil || !strings.Contains(err.Error(), want) || outcome.IsEnvironment(err) {
			t.Errorf("got error %v, want one with %q that is no outcome.Environment", err, want)
		}
	}
}

// closedPort is an address where nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// greeting is the address of a server that says this to whoever comes.
func greeting(t *testing.T, text string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Write([]byte(text))
			t.Cleanup(func() { _ = connection.Close() })
		}
	}()
	return listener.Addr().String()
}
