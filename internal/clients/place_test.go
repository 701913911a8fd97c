package clients_test

import (
	"context"
	"crypto/tls"
	"path/filepath"
	"slices"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// place is a cluster that rows run on.
type place struct {
	name    string
	backend cluster.Backend
}

// address is where a cluster is and how to get in.
type address struct {
	bootstrap []string
	access    access.Access
}

// login is how the cluster of a row wants to be entered; none without a mechanism.
type login struct {
	mechanism string
	tls       bool
}

const (
	user     = "admin"
	password = "only-for-this-test"
)

// open gives the scene a session of the cluster; a row with a login gets a cluster of its own, as the embedded one has
// none.
func (p place) open(s *scene) address {
	s.Helper()
	if s.row.login.mechanism != "" {
		return s.row.login.open(s)
	}
	session, err := p.backend.Open(s.ctx, cluster.Needs{})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		if err := session.Close(context.WithoutCancel(s.ctx)); err != nil {
			s.Error(err)
		}
	})
	s.names, s.client = session.Names(), session.Client
	return address{session.Bootstrap(), session.Access()}
}

func (l login) open(s *scene) address {
	s.Helper()
	options := []kfake.Opt{kfake.NumBrokers(1), kfake.EnableSASL(), kfake.Superuser(l.mechanism, user, password)}
	way := access.Access{SASL: &access.SASL{Mechanism: l.mechanism, Username: user, Password: password}}
	s.settings["user"], s.settings["password"], s.settings["mechanism"] = user, password, l.mechanism
	s.settings["protocol"] = "SASL_PLAINTEXT"
	if l.tls {
		authority := filepath.Join(s.TempDir(), "ca.pem")
		own := testenv.Certificate(s, authority)
		options = append(options, kfake.TLS(&tls.Config{Certificates: []tls.Certificate{own}}))
		way.TLS = &access.TLS{CAFile: authority}
		s.settings["protocol"], s.settings["ca"] = "SASL_SSL", authority
	}
	fake, err := kfake.NewCluster(options...)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(fake.Close)
	own, err := way.Options()
	if err != nil {
		s.Fatal(err)
	}
	s.names = cluster.NewNames("")
	s.client = func(more ...kgo.Opt) (*kgo.Client, error) {
		client, err := kgo.NewClient(slices.Concat([]kgo.Opt{kgo.SeedBrokers(fake.ListenAddrs()...)}, own, more)...)
		if err == nil {
			s.Cleanup(client.Close)
		}
		return client, err
	}
	return address{fake.ListenAddrs(), way}
}
