// Package registry gives scenarios a schema registry with Confluent's API: embedded in the process (srfake), Apicurio
// Registry as a process on this machine, or one that exists elsewhere.
//
// A Backend lives for a run, a Gate for a scenario. All that a scenario and its applications ask goes through its gate,
// which is how faults work on any registry, and how scenarios that share one keep apart: there, each has subjects with
// a prefix of its own, which nobody in the scenario sees.
package registry

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// Backend is a registry for the length of a run.
type Backend interface {
	// Open gives a scenario its way to the registry. It is safe for concurrent use.
	Open(ctx context.Context) (*Gate, error)
	// Describe says which registry this is, for people.
	Describe() string
	// Close ends what the backend started.
	Close(ctx context.Context) error
}

// Connect is a registry that exists elsewhere, by its address. It is outcome.Environment when nothing answers there
// as a registry does.
func Connect(ctx context.Context, address string) (Backend, error) {
	target, err := schema.CheckAddress(address)
	if err != nil {
		return nil, err
	}
	if err := ping(ctx, address); err != nil {
		return nil, outcome.Environmentf(err, "cannot use the schema registry at %s: %v; check its address and that it "+
			"runs, or use --registry embedded", target.Redacted(), err)
	}
	return &shared{target: target, name: target.Redacted()}, nil
}

func ping(ctx context.Context, address string) error {
	client, err := schema.NewClient(address)
	if err != nil {
		return err
	}
	defer client.Close()
	return client.Ping(ctx)
}

// shared is a registry that several scenarios use.
type shared struct {
	target *url.URL
	name   string
	keeps  bool // what scenarios made is not deleted: the registry ends with the run
}

func (s *shared) Describe() string { return s.name }

func (s *shared) Close(context.Context) error { return nil }

func (s *shared) Open(context.Context) (*Gate, error) {
	prefix := "kafkaspec-" + strings.ToLower(rand.Text()[:8]) + "-"
	transport := http.DefaultTransport.(*http.Transport).Clone() // of the scenario, for its connections to end with it
	transport.DisableCompression = true                          // the gate looks into answers
	proxy := &httputil.ReverseProxy{
		Transport: schema.Bounded{Transport: transport},
		Rewrite: func(r *httputil.ProxyRequest) {
			prefixed(r.Out, prefix)
			r.SetURL(s.target)
			r.Out.Host = ""
			r.Out.Header.Del("Accept-Encoding")
			if user := s.target.User; user != nil {
				password, _ := user.Password()
				r.Out.SetBasicAuth(user.Username(), password)
			}
		},
		ModifyResponse: func(r *http.Response) error { return unprefixed(r, prefix) },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "the registry does not answer: "+err.Error(), http.StatusBadGateway)
		},
	}
	return newGate(proxy, gateOptions{deletes: !s.keeps, closed: transport.CloseIdleConnections})
}
