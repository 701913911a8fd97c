package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/kafkaspec/kafkaspec/fixtures"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// listener is a way in for clients, which faults know by its name.
type listener struct {
	name      string
	place     listen.Place
	ports     []int    // one for each broker; 0: a free one
	addresses []string // bootstrap servers, once it is open
}

// stand is an embedded cluster for clients that kafkaspec does not run.
type stand struct {
	backend   cluster.Backend
	listeners []*listener
	given     []steps.Match
	texts     []string // of the given steps
	seed      int64

	mu      sync.Mutex // one of those who use the cluster at a time
	world   world.Scenario
	said    map[*world.Fault]string // the steps that faults came from
	over    chan struct{}           // closed when the cluster is
	failure error                   // why there is none
}

// use does something with the cluster, which stays the same meanwhile.
func (s *stand) use(do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure != nil {
		return fmt.Errorf("there is no cluster: %w; start kafkaspec broker again", s.failure)
	}
	return do()
}

// reset has a fresh cluster in the place of the present one, at the same addresses.
func (s *stand) reset(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure == nil {
		s.failure = s.close(ctx)
	}
	if s.failure == nil {
		s.failure = s.open(ctx)
	}
	return s.failure
}

// open starts the cluster, carries out what was given, and then lets clients in.
func (s *stand) open(ctx context.Context) error {
	plan := steps.NeedsOf(s.given)
	session, err := s.backend.Open(ctx, cluster.Needs{Brokers: plan.Brokers})
	if err != nil {
		return err
	}
	s.world, err = world.New(ctx, world.Options{Seed: s.seed, Session: session, Fixtures: fixtures.Files,
		Await: 10 * time.Second, References: reference.Applications(), Needs: plan})
	if err != nil {
		return err
	}
	if err := s.begin(s.world.Context(ctx)); err != nil {
		return errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	return nil
}

func (s *stand) begin(ctx context.Context) error {
	s.said, s.over = map[*world.Fault]string{}, make(chan struct{})
	for i, m := range s.given {
		if err := s.carryOut(ctx, m, s.texts[i]); err != nil {
			return usage("--given %s: %v", strconv.Quote(s.texts[i]), err)
		}
	}
	for _, l := range s.listeners {
		addresses, err := s.world.Outside(ctx, l.name, l.place, l.ports...)
		if err != nil {
			return l.refused(err)
		}
		l.addresses = addresses
		for i, address := range addresses {
			_, port, _ := net.SplitHostPort(address) // the wire has made it
			if i < len(l.ports) {
				l.ports[i], _ = strconv.Atoi(port)
			}
		}
	}
	return nil
}

// refused says why a listener cannot be opened.
func (l *listener) refused(err error) error {
	at, known := errors.AsType[*net.OpError](err)
	if !known || !errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; choose another --listen", err)
	}
	_, port, _ := net.SplitHostPort(at.Addr.String()) // the system has refused it
	return fmt.Errorf("port %s of listener %q is taken: another program listens at %s; end it, or choose another --listen",
		port, l.name, at.Addr)
}

// carryOut runs a step, and notes the fault that it may have put to work.
func (s *stand) carryOut(ctx context.Context, m steps.Match, text string) error {
	if err := m.Run(ctx); err != nil {
		return err
	}
	for _, f := range s.world.Faults() {
		if _, known := s.said[f]; !known {
			s.said[f] = text
		}
	}
	return nil
}

// end closes the cluster, where there is one.
func (s *stand) end(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure != nil {
		return nil // told already
	}
	return s.close(ctx)
}

func (s *stand) close(ctx context.Context) error {
	if s.over != nil {
		close(s.over)
		s.over = nil
	}
	return s.world.Close(ctx)
}

func knownSteps() *steps.Registry {
	known := steps.NewRegistry()
	builtin.Register(known)
	return known
}

// givenStep ties a text to a step that can be carried out where there is no application under test.
func givenStep(known *steps.Registry, text string, listeners []*listener) (steps.Match, error) {
	found, err := known.Find(text, steps.Argument{})
	switch {
	case err != nil:
		return steps.Match{}, err
	case len(found) == 0:
		return steps.Match{}, unknownStep(known, text)
	case len(found) > 1:
		return steps.Match{}, errors.New("several steps are meant; write it as one of those that kafkaspec steps lists")
	}
	m := found[0]
	if m.Definition.Defines == "app" {
		return m, fmt.Errorf("the broker runs no applications; start yours with the address it shows, and call it %q in "+
			"faults", outsider)
	}
	if m.Definition.Keyword == steps.Then {
		return m, errors.New("the broker expects nothing; put expectations into a feature, for kafkaspec run")
	}
	for _, name := range m.Names("app") {
		if !slices.ContainsFunc(listeners, func(l *listener) bool { return l.name == name }) {
			return m, fmt.Errorf("got %q, want the name of a listener, %q where it has none; add --listen %s=HOST:PORT", name,
				outsider, name)
		}
	}
	return m, m.Check(world.Surroundings{References: reference.Applications(), Fixtures: fixtures.Files}, nil)
}

// unknownStep names the form of a step that is nearest to a text, where that is short enough to be one.
func unknownStep(known *steps.Registry, text string) error {
	const most = 500
	const advice = "kafkaspec steps finds them by their words"
	if len(text) > most {
		return errors.New("unknown step; " + advice)
	}
	if near := known.Nearest(text); near != "" {
		return fmt.Errorf("unknown step; did you mean: %s (%s)", near, advice)
	}
	return errors.New("unknown step; " + advice)
}

// tell shows each fault that strikes, with its time and what it struck, until a signal comes.
func (s *stand) tell(c *console) error {
	var facts *journal.Journal
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	shown := int64(0)
	for {
		select {
		case <-c.ctx.Done():
			return nil
		case <-tick.C:
		}
		var now *journal.Journal
		if err := s.use(func() error { now = s.world.Journal; return nil }); err != nil {
			return err
		}
		if now != facts {
			facts, shown = now, 0
		}
		last := shown
		text := facts.Timeline(func(f *journal.Fact) bool {
			last = max(last, f.Seq)
			return f.Seq > shown && f.Kind == journal.FaultFired
		}, 0)
		shown = last
		if _, err := fmt.Fprint(c.stdout, report.Harmless(text)); err != nil {
			return err
		}
	}
}
