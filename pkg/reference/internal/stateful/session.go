package stateful

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// session is one life of the client: from joining the group to leaving it, or to a transaction that was not committed.
//
// Rebalances are held back from each poll to the commit of what came of it (BlockRebalanceOnPoll), so partitions are
// given up at a moment when all that was processed is committed. Should that take longer than the group waits, the
// group goes on without this member, and the commit is refused.
type session struct {
	options Options
	env     app.Env
	log     *slog.Logger
	client  *kgo.Client
	admin   *kadm.Client
	tasks   map[int32]*task
	emitted []emitted // by tasks that keep an order among them, and not handed to the client yet
	commits int       // transactions committed
	began   time.Time // the present transaction, or the last commit
	looked  time.Time // at the ends of partitions
	fresh   bool      // something was fetched since, so where they are is not known; with several inputs only
	around  map[int32]Progress
	count   int32 // partitions of each input

	restoring sync.WaitGroup

	mu      sync.Mutex // the client tells in its own time
	changes []change   // what the group gave and took since the last poll
	failed  error      // the first record that was refused, in this transaction

	beginning sync.Mutex  // tasks may begin the transaction at the same time
	open      atomic.Bool // it was begun
}

// task is a Task with what the loop needs.
type task struct {
	partition int32
	member    string // id of the member that was given the partition
	work      Task
	queues    []*queue // one per input
	out       *emitter
	ready     bool // its state is restored
	touched   bool // something happened to it in this transaction
	stop      context.CancelFunc
	restored  chan restored // gets one value
}

func (s *session) run(ctx context.Context) error {
	base, err := s.env.ClientOptions()
	if err != nil {
		return err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	s.client, err = kgo.NewClient(append(append(base, s.clientOptions()...), kgo.WithContext(life))...)
	if err != nil {
		return err
	}
	defer grace.Close(s.client, end)
	defer s.dropAll()
	s.admin = kadm.NewClient(s.client)
	if err := s.checkTopics(ctx); err != nil {
		return err
	}
	// Claim the transactional id now: that aborts what a crashed predecessor of the same name has left open, for which
	// everybody who restores would have to wait otherwise.
	if _, _, err := s.client.ProducerID(ctx); err != nil {
		return again(fmt.Errorf("claim transactional id %s: %w", s.options.TransactionalID, err))
	}
	s.began = time.Now()
	for ctx.Err() == nil {
		if err := s.round(ctx); err != nil {
			return err
		}
	}
	return s.finish(ctx)
}

func (s *session) clientOptions() []kgo.Opt {
	balancer := kgo.RangeBalancer()
	if s.options.Cooperative {
		balancer = kgo.CooperativeStickyBalancer()
	}
	told := func(how string, client *kgo.Client, partitions map[string][]int32) {
		member, _ := client.GroupMetadata()
		s.told(change{how, member, partitions})
	}
	env := s.env
	env.Inputs = s.options.Inputs
	versions := kversion.Stable()
	versions.SetMaxKeyVersion(kmsg.TxnOffsetCommit.Int16(), 4) // see commitOffsets
	return append(s.options.Member.Options(env, told),
		kgo.MaxVersions(versions),
		kgo.Balancers(balancer),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.KeepControlRecords(), // a partition may end with one, and is read to its end only behind it
		kgo.FetchMaxWait(250*time.Millisecond),
		kgo.FetchMaxPartitionBytes(fetchBytes),
		kgo.TransactionalID(s.options.TransactionalID),
		kgo.TransactionTimeout(s.options.TransactionTimeout),
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.MetadataMinAge(250*time.Millisecond), // a retry waits for news of the leader, which the usual 5 s would delay
		kgo.RecordPartitioner(placed{s.options.Changelog, kgo.StickyKeyPartitioner(nil)}),
	)
}

// checkTopics refuses what could not work: topics that are missing, other numbers of partitions, a changelog that loses
// entries.
func (s *session) checkTopics(ctx context.Context) error {
	names := slices.Concat(s.options.Inputs, s.options.Outputs, []string{s.options.Changelog})
	found, err := topics.Describe(ctx, s.client, names...)
	if err != nil {
		return err
	}
	s.count = found[s.options.Inputs[0]].Partitions
	for _, name := range append(slices.Clone(s.options.Inputs[1:]), s.options.Changelog) {
		if got := found[name].Partitions; got != s.count {
			return fmt.Errorf("topic %q has %d partitions, want %d, as many as %q: a task's records and state must be on "+
				"partitions of one number; create the topic anew with %d",
				name, got, s.count, s.options.Inputs[0], s.count)
		}
	}
	if policy := found[s.options.Changelog].CleanupPolicy; policy != "" && policy != "compact" {
		return fmt.Errorf("topic %q has cleanup.policy=%s, want compact: state that is old and still needed would be "+
			"deleted; set cleanup.policy of the topic", s.options.Changelog, policy)
	}
	return nil
}

// round polls once, processes what can be processed, and ends the transaction when it is time.
func (s *session) round(ctx context.Context) error {
	fetches := s.poll(ctx)
	if err := s.apply(ctx); err != nil {
		return err
	}
	if err := s.add(fetches); err != nil {
		return err
	}
	if fetches.NumRecords() > 0 {
		s.pause(mostWaiting)
	}
	if err := s.takeRestored(); err != nil {
		return err
	}
	s.look(ctx)
	due := func() bool { return time.Since(s.began) >= s.options.CommitEvery || ctx.Err() != nil }
	if err := sideBySide(s.lanes(), func(l lane) error { return l.process(due) }); err != nil {
		return err
	}
	if !due() {
		return nil
	}
	return s.settle(ctx)
}

// sideBySide does the work on each part, on as many cores as there are. The error is that of the first part with one.
func sideBySide[T any](parts []T, work func(T) error) error {
	if len(parts) == 1 {
		return work(parts[0])
	}
	errs := make([]error, len(parts))
	var done sync.WaitGroup
	for i, part := range parts {
		done.Go(func() { errs[i] = work(part) })
	}
	done.Wait()
	return cmp.Or(errs...)
}
