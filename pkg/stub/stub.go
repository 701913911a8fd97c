// Package stub is an HTTP service that a scenario stands in for: what applications under test ask. It answers as it is
// told, can be disturbed, and tells each request as a fact before it is answered.
//
// Each application has an address of its own, so that every request is attributed.
package stub

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// What is kept of requests.
const (
	mostBody     = 1 << 20  // of a request's body, in bytes; a longer one is refused
	mostKeptBody = 64 << 10 // of a body, in a fact
	mostKept     = 64 << 20 // of the bodies of all requests to a service
	// MostTold is how many requests to a service become facts.
	MostTold = 100_000
)

// Unseen is the application whose requests are answered as all others are, and not told.
const Unseen = ""

// Options are what a service is made of.
type Options struct {
	Name    string
	Answers []Answer // the first that fits counts; none: 200 without a body to every request
	// gets every request as a fact before it is answered, from many goroutines at once
	Tell func(journal.Fact)
}

// Service is one that listens. Its methods may be called from several goroutines.
type Service struct {
	options Options
	work    sync.WaitGroup
	over    context.Context // ends with the service
	end     context.CancelFunc

	mu       sync.Mutex
	servers  map[string]*http.Server // by application
	address  map[string]string
	trouble  *Trouble // at work; nil for none
	troubles []*Trouble
	told     int // requests that became facts
	kept     int // bytes of their bodies
	unknown  []string
	err      error // of a server
}

// New makes a service; nothing listens before the first Address.
func New(o Options) *Service {
	s := &Service{options: o, servers: map[string]*http.Server{}, address: map[string]string{}}
	s.over, s.end = context.WithCancel(context.Background())
	return s
}

// Address is where an application reaches the service, as a URL without a path.
func (s *Service) Address(app string, place listen.Place) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, there := s.address[app]; there {
		return known, nil
	}
	if s.over.Err() != nil {
		return "", fmt.Errorf("the HTTP service %q is closed", s.options.Name)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(place.Host(), "0"))
	if err != nil {
		return "", outcome.Environmentf(err, "cannot listen for the HTTP service %q: %v; it needs a free port",
			s.options.Name, err)
	}
	s.address[app] = "http://" + place.Address(listener.Addr())
	s.listen(app, listener)
	return s.address[app], nil
}

// listen serves an application.
func (s *Service) listen(app string, at net.Listener) {
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(app, w, r) })}
	s.work.Go(func() {
		if err := server.Serve(at); !errors.Is(err, http.ErrServerClosed) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.err = errors.Join(s.err, err)
		}
	})
	s.servers[app] = server
}

// Health is an error of the environment once the service does not listen any more.
func (s *Service) Health() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		return nil
	}
	return outcome.Environmentf(s.err, "the HTTP service %q of kafkaspec's own died: %v", s.options.Name, s.err)
}

// Unknown are the requests that no answer fits, each once, as in "DELETE /orders/1".
func (s *Service) Unknown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.unknown)
}

// Close ends what listens and all connections, and waits for them.
func (s *Service) Close() error {
	s.mu.Lock()
	s.end()
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	s.mu.Unlock()
	s.work.Wait()
	return errors.Join(errs...)
}
