package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	// cleanupPatience is how long the topics and groups of scenarios that ended may take to be deleted in the
	// background. What is left then is deleted when the backend closes.
	cleanupPatience = 2 * time.Second
	// cleanTogether is how many scenarios end before their topics and groups are deleted in one round: brokers do not
	// make topics while they delete some.
	cleanTogether = 16
	// lastCleanupPatience is the same for the end of the run, which also comes after an interrupt.
	lastCleanupPatience = 5 * time.Second
	// moveWithin bounds the move of a leader, which may include copying its log to another broker.
	moveWithin = 15 * time.Second
)

// shared is a cluster that the scenarios of a run use at the same time.
type shared struct {
	bootstrap   []string
	access      access.Access
	description Description
	admin       *kgo.Client // one for all clean-up, so that the end of a scenario opens no connections

	cleaning context.Context // ends the clean-up in the background
	stop     context.CancelFunc
	cleaner  sync.WaitGroup

	mu       sync.Mutex
	cleans   bool                     // the cleaner runs
	ended    []claim                  // of scenarios that ended, whose topics and groups are to be deleted
	leftover []claim                  // of those whose could not be deleted
	kept     map[string][]*kgo.Client // to be lent, by what they are for
	strays   strays
}

func newShared(bootstrap []string, a access.Access, description Description) (*shared, error) {
	options, err := a.Options()
	if err != nil {
		return nil, err
	}
	options = append(options, ownOptions(bootstrap)...)
	admin, err := kgo.NewClient(append(options, kgo.ClientID("kafkaspec"))...)
	if err != nil {
		return nil, err
	}
	description.Shared = true
	s := &shared{bootstrap: bootstrap, access: a, description: description, admin: admin,
		kept: map[string][]*kgo.Client{}}
	s.cleaning, s.stop = context.WithCancel(context.Background())
	return s, nil
}

func (s *shared) Describe() Description { return s.description }

// String keeps fmt from looking into the fields, where the access is.
func (s *shared) String() string { return s.description.String() }

// unlabelled takes the profiler's labels off this goroutine until the returned function is called. What a client that
// all scenarios share begins for one of them, such as reading from a connection, goes on for the others: it must not
// count as something that this scenario has left behind. It does not nest: after a call of something that takes the
// labels off as well they are there again.
func unlabelled(ctx context.Context) (again func()) {
	pprof.SetGoroutineLabels(context.Background())
	return func() { pprof.SetGoroutineLabels(ctx) }
}

// openFor opens a session with names of its own, or with fixed ones where the scenario needs them.
func (s *shared) openFor(ctx context.Context, needs Needs) (*sharedSession, error) {
	s.lookBefore(ctx)
	if needs.Fixed != nil {
		return s.openFixed(ctx, *needs.Fixed)
	}
	prefix := newPrefix()
	return s.open(claimOfPrefix(prefix), NewNames(prefix)), nil
}

func (s *shared) open(claim claim, names *Names) *sharedSession {
	return &sharedSession{session: newSession(s.bootstrap, s.access, names, s.description), shared: s, claim: claim}
}

// discard has the topics and groups of a scenario that ended deleted in the background, once there are some more: the
// next scenario need not wait for it. Fixed names are another's next: what has them is deleted at once.
func (s *shared) discard(ctx context.Context, c claim) {
	defer unlabelled(ctx)()
	if fixed, ok := c.(*claimOfNames); ok {
		s.vacate(ctx, fixed)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, c)
	if !s.cleans && len(s.ended) >= cleanTogether {
		s.cleans = true
		s.cleaner.Go(s.clean)
	}
}

func (s *shared) clean() {
	for {
		s.mu.Lock()
		claims := s.ended
		if s.cleans = len(claims) >= cleanTogether; !s.cleans {
			s.mu.Unlock()
			return
		}
		s.ended = nil
		s.mu.Unlock()
		s.try(s.cleaning, claims, cleanupPatience)
	}
}

// try deletes what scenarios left. What cannot be deleted is tried again, and reported then, by close.
func (s *shared) try(ctx context.Context, claims []claim, within time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if s.remove(ctx, claims) != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.leftover = append(s.leftover, claims...)
	}
}

// settle deletes what earlier scenarios left before a broker is taken away: a topic with its only copy there would be
// waited for when the broker is brought back.
func (s *shared) settle(ctx context.Context) {
	s.cleaner.Wait()
	s.mu.Lock()
	claims := s.ended
	s.ended = nil
	s.mu.Unlock()
	if len(claims) > 0 {
		s.try(ctx, claims, lastCleanupPatience)
	}
}

// close deletes what sessions left, whether or not ctx is done: a run that is interrupted must leave nothing either.
func (s *shared) close(ctx context.Context) error {
	defer s.shut()
	s.cleaner.Wait()
	leftover := slices.Concat(s.leftover, s.ended, s.claimStrays(context.WithoutCancel(ctx)))
	s.leftover, s.ended = nil, nil
	if len(leftover) == 0 {
		return nil
	}
	var last error
	err := await.Until(context.WithoutCancel(ctx), await.Options{Within: lastCleanupPatience,
		What: "the topics and groups of all scenarios to be deleted"}, func(ctx context.Context) (bool, error) {
		last = s.remove(ctx, leftover)
		if refused(last) {
			return false, await.Permanent(last)
		}
		return last == nil, nil
	})
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: not everything of this run could be deleted: %w; delete the topics and groups "+
		"%s", s.description, cmp.Or(last, err), leftover)
}

// shut ends the clean-up and closes its client.
func (s *shared) shut() {
	s.stop()
	s.cleaner.Wait()
	s.dismiss()
	s.admin.Close()
}

// refused tells errors that no second attempt heals.
func refused(err error) bool {
	return errors.Is(err, kerr.TopicAuthorizationFailed) || errors.Is(err, kerr.GroupAuthorizationFailed) ||
		errors.Is(err, kerr.TopicDeletionDisabled)
}

// sharedSession is one scenario on a shared cluster.
type sharedSession struct {
	*session
	shared    *shared
	claim     claim
	disturbed atomic.Bool // brokers were stopped or paused: what it has borrowed is not lent again
}

func (s *sharedSession) Close(ctx context.Context) error {
	first, err := s.closeClients(ctx)
	if !first {
		return err
	}
	s.shared.discard(ctx, s.claim)
	return err
}

// OwnsTopic implements Owner.
func (s *sharedSession) OwnsTopic(physical string) bool { return s.claim.topic(physical) }

// Made implements Owner.
func (s *sharedSession) Made(physical string) {
	if fixed, ok := s.claim.(*claimOfNames); ok {
		fixed.mu.Lock()
		defer fixed.mu.Unlock()
		fixed.made[physical] = true
	}
}

// MoveLeader implements LeaderMover, for topics of the scenario only: others belong to somebody else.
func (s *sharedSession) MoveLeader(ctx context.Context, topic string, partition, broker int32) error {
	if !s.OwnsTopic(topic) {
		return fmt.Errorf("cannot move the leader of %s: it is not a topic of this scenario; use the name that Names gives",
			topic)
	}
	return s.shared.moveLeader(ctx, topic, partition, broker)
}
