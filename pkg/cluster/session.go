package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/twmb/franz-go/pkg/kgo"
)

// closePatience is how long Session.Close waits for clients. A client that consumes in a group takes this long only
// when its brokers do not answer.
const closePatience = 3 * time.Second

const (
	// metadataFresh is how long a client may answer from its own memory: kadm's calls all do, and 5 s, the usual value,
	// would show topics and leaders as they were before the step that changed them.
	metadataFresh = 20 * time.Millisecond
	// answerWithin is what a client allows a broker beyond the time a request asks for, before it turns to another
	// one; usually 10 s. A broker that a scenario paused accepts connections and never answers.
	answerWithin = 5 * time.Second
)

// ownOptions are those of every client that kafkaspec makes for itself. Applications under test choose their own.
func ownOptions(seeds []string) []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(seeds...),
		kgo.MetadataMinAge(metadataFresh),
		kgo.UnknownTopicRetries(20), // 4 are over before a broker has heard of a new topic, at this rate
		kgo.RequestTimeoutOverhead(answerWithin),
		kgo.DisableClientMetrics(),
		kgo.ProducerBatchCompression(kgo.NoCompression()), // so that clients of all kinds can read what is sent
	}
}

var errSessionClosed = errors.New("the session of this scenario is closed; make clients before its end")

// session is what all kinds have in common: addresses, access, names and the clients made so far.
type session struct {
	bootstrap   []string
	seeds       func() []string // bootstrap, or those of it that answer now
	access      access.Access
	names       *Names
	description Description

	mu      sync.Mutex
	clients map[*kgo.Client]bool
	closed  bool
}

func newSession(bootstrap []string, a access.Access, names *Names, description Description) *session {
	return &session{bootstrap: bootstrap, seeds: func() []string { return bootstrap }, access: a, names: names,
		description: description, clients: map[*kgo.Client]bool{}}
}

func (s *session) Bootstrap() []string   { return slices.Clone(s.bootstrap) }
func (s *session) Access() access.Access { return s.access }
func (s *session) Names() *Names         { return s.names }
func (s *session) Describe() Description { return s.description }

// String keeps fmt from looking into the fields, where the access is.
func (s *session) String() string { return s.description.String() }

func (s *session) options(opts []kgo.Opt) ([]kgo.Opt, error) {
	options, err := s.access.Options()
	return slices.Concat(options, ownOptions(s.seeds()), opts), err
}

// Client makes a client and keeps it until it is closed, by whomever.
func (s *session) Client(opts ...kgo.Opt) (*kgo.Client, error) {
	options, err := s.options(opts)
	if err != nil {
		return nil, err
	}
	options = append(options, kgo.WithHooks(untrack{s}))

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errSessionClosed
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return nil, err
	}
	s.clients[client] = true
	return client, nil
}

// Borrow implements Session for clusters that end with the scenario: nothing is kept.
func (s *session) Borrow(_ context.Context, _ string, opts ...kgo.Opt) (*Borrowed, error) {
	client, err := s.Client(opts...)
	return &Borrowed{Client: client, mine: func() bool { return s.release(client) }}, err
}

// release leaves it to the caller to close a client. It reports false once the session closes its clients: a step that
// is left behind may give one back meanwhile, and two must not close it at once.
func (s *session) release(client *kgo.Client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	delete(s.clients, client)
	return true
}

// untrack forgets a client that was closed.
type untrack struct{ session *session }

// OnClientClosed implements kgo.HookClientClosed.
func (u untrack) OnClientClosed(client *kgo.Client) {
	u.session.mu.Lock()
	defer u.session.mu.Unlock()
	delete(u.session.clients, client)
}

// closeClients closes all clients at once, before their cluster goes: a client that looks for a cluster that is gone
// takes seconds. It reports false when the session was closed before.
func (s *session) closeClients(ctx context.Context) (first bool, err error) {
	s.mu.Lock()
	first = !s.closed
	s.closed = true
	open := slices.Collect(maps.Keys(s.clients))
	s.mu.Unlock()
	if len(open) == 0 {
		return first, nil
	}

	var closing sync.WaitGroup
	for _, client := range open {
		closing.Go(client.CloseAllowingRebalance)
	}
	done := make(chan struct{})
	go func() { closing.Wait(); close(done) }()

	patience := time.NewTimer(closePatience)
	defer patience.Stop()
	select {
	case <-done:
		return first, nil
	case <-patience.C:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return first, fmt.Errorf("%d of %d clients did not close in time and go on closing by themselves; close consumers "+
		"before their brokers stop", len(s.clients), len(open))
}
