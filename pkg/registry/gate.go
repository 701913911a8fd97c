package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// Gate is a scenario's way to its registry.
type Gate struct {
	server  *http.Server
	client  *schema.Client // of the scenario itself; faults do not concern it
	next    http.Handler
	options gateOptions

	mu       sync.Mutex
	fault    *fault          // at work; nil for none
	faults   []*fault        // all that were
	subjects map[string]bool // that the scenario made, to be deleted
	err      error           // of the server
	served   sync.WaitGroup
	at       map[listen.Place]string // URLs by who is told them; it listens for each
}

// gateOptions are what registries differ in.
type gateOptions struct {
	deletes bool                   // what the scenario made is deleted in the end
	checks  func(schema.Type) bool // whether compatibility is checked; nil: of every type
	closed  func()                 // called when the gate is closed; nil for nothing
}

// fault is something wrong with the registry, as applications see it.
type fault struct {
	name  string // for people
	act   func(http.ResponseWriter)
	fired int
}

// ownHeader marks requests of the scenario itself.
const ownHeader = "X-Kafkaspec-Scenario"

func newGate(next http.Handler, o gateOptions) (*Gate, error) {
	g := &Gate{next: next, options: o, subjects: map[string]bool{}, at: map[listen.Place]string{}}
	g.server = &http.Server{Handler: g, ReadHeaderTimeout: 10 * time.Second}
	address, err := g.URLAt(listen.Place{})
	if err != nil {
		return nil, err
	}
	if g.client, err = schema.NewClient(address, sr.PreReq(func(r *http.Request) error {
		r.Header.Set(ownHeader, "yes")
		return nil
	})); err != nil {
		return nil, errors.Join(err, g.server.Close())
	}
	return g, nil
}

// URL is the registry's address for applications of this machine.
func (g *Gate) URL() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.at[listen.Place{}]
}

// URLAt is the registry's address for an application at a place, where the gate listens from then on.
func (g *Gate) URLAt(place listen.Place) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if known := g.at[place]; known != "" {
		return known, nil
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(place.Host(), "0"))
	if err != nil {
		return "", outcome.Environmentf(err, "cannot listen for the schema registry: %v; it needs a free port of the "+
			"address %s", err, place.Host())
	}
	g.at[place] = "http://" + place.Address(listener.Addr())
	g.served.Go(func() {
		if err := g.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.err = err
		}
	})
	return g.at[place], nil
}

// Client asks the registry for the scenario itself, as if there were no fault.
func (g *Gate) Client() *schema.Client { return g.client }

// Checks says whether the registry checks the compatibility of schemas of a type.
func (g *Gate) Checks(t schema.Type) bool { return g.options.checks == nil || g.options.checks(t) }

// ServeHTTP implements http.Handler.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	fault := g.fault
	if r.Header.Get(ownHeader) != "" {
		fault = nil
	}
	if fault != nil {
		fault.fired++
	} else if subject, ok := subjectOf(r); ok && (r.Method == http.MethodPost || r.Method == http.MethodPut) {
		g.subjects[subject] = true
	}
	g.mu.Unlock()
	if fault != nil {
		fault.act(w)
		return
	}
	r.Header.Del(ownHeader)
	r.Body = http.MaxBytesReader(w, r.Body, schema.MostBytes)
	g.next.ServeHTTP(w, r)
}

// Down cuts every connection of an application without an answer, until Up.
func (g *Gate) Down() {
	g.disturb("the schema registry is down", func(w http.ResponseWriter) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler) // cuts it as well
		}
		_ = connection.Close()
	})
}

// Answer gives applications an HTTP status in place of an answer, until Up.
func (g *Gate) Answer(status int) {
	g.disturb(fmt.Sprintf("the schema registry answers with status %d", status), func(w http.ResponseWriter) {
		http.Error(w, http.StatusText(status), status)
	})
}

// Rubbish gives applications something that is no registry's answer, as a proxy in the way might, until Up.
func (g *Gate) Rubbish() {
	g.disturb("the schema registry answers with rubbish", func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<html><body>Please log in.</body></html>")
	})
}

func (g *Gate) disturb(name string, act func(http.ResponseWriter)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fault = &fault{name: name, act: act}
	g.faults = append(g.faults, g.fault)
}

// Up ends a fault. It is an error when there is none.
func (g *Gate) Up() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fault == nil {
		return errors.New("the schema registry is not down; remove the step, or let it be down before")
	}
	g.fault = nil
	return nil
}

// Disturbed is true once anything was wrong with the registry, even where it is over.
func (g *Gate) Disturbed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.faults) > 0
}

// Unfired names the faults that no request has met.
func (g *Gate) Unfired() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var names []string
	for _, f := range g.faults {
		if f.fired == 0 {
			names = append(names, f.name)
		}
	}
	return names
}

// delete removes subjects. One that another refers to cannot go before that: those left are tried again while some go.
func (g *Gate) delete(ctx context.Context, subjects []string) error {
	for {
		var left []string
		var errs []error
		for _, subject := range subjects {
			if err := g.client.Delete(ctx, subject); err != nil {
				left, errs = append(left, subject), append(errs, err)
			}
		}
		if len(left) == 0 || len(left) == len(subjects) {
			return errors.Join(errs...)
		}
		subjects = left
	}
}

// Close deletes what the scenario made in a registry that others use too, and ends the way to it.
func (g *Gate) Close(ctx context.Context) error {
	g.mu.Lock()
	subjects := slices.Sorted(maps.Keys(g.subjects))
	g.mu.Unlock()
	var err error
	if g.options.deletes {
		err = g.delete(ctx, subjects)
	}
	g.client.Close()
	err = errors.Join(err, g.server.Close())
	g.served.Wait()
	if g.options.closed != nil {
		g.options.closed()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return errors.Join(err, g.err)
}
