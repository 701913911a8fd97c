// Package chaos tries an application that keeps state: instances of it are started, stopped, killed and frozen at
// random while records come in, and afterwards what they left behind is compared with what one undisturbed instance
// would have left. It serves tests only.
//
// A test names the application and gives an oracle:
//
//	func TestMain(m *testing.M) { app.Main(reference.Lookup); os.Exit(m.Run()) }
//
//	func TestChaos(t *testing.T) {
//		chaos.Test(t, chaos.Plan{
//			Reference: "windower",
//			Topics:    []chaos.Topic{{Name: "sales", Partitions: 3}, {Name: "totals", Partitions: 1}},
//			Inputs:    []string{"sales"},
//			Settings:  "session-timeout: 1s\nrebalance-timeout: 800ms\nheartbeat-interval: 100ms",
//			Record: func(r *rand.Rand, i int) *kgo.Record {
//				return &kgo.Record{Topic: "sales", Partition: int32(i % 3), Value: fmt.Appendf(nil, `{"seq": %d}`, i)}
//			},
//			Check: func(ctx context.Context, run *chaos.Run) error { … run.Sent … run.Read(ctx, "totals") … },
//		})
//	}
//
// Each run has a seed, from which come the schedule and the records. A schedule has, for three instances, each a real
// process (the test binary started again, see app.Main): starts, graceful stops, kills (SIGKILL), and freezes (SIGSTOP,
// then SIGCONT), most of them longer than the session timeout, so that the instance wakes as a zombie whose partitions
// belong to others. It ends quietly: what is frozen is woken, at least one instance runs, the group commits the end of
// its inputs, every instance is stopped and must end with exit code 0.
//
// A run that fails shows its seed, what happened when, and the last log lines of each instance. The variables of
// testenv say how many runs there are, which seed is run again, and whether on local Apache Kafka.
package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
)

const (
	instances      = 3                       // at most so many at once
	sessionTimeout = time.Second             // what Settings ask for: a zombie is frozen for longer
	producing      = 1500 * time.Millisecond // how long records come in, and things happen
	patience       = time.Minute             // for the quiet end
	closePatience  = 30 * time.Second
	atOnce         = 3 // runs, which mostly wait
)

// Topic is one topic that each run creates anew.
type Topic struct {
	Name       string // logical
	Partitions int32
	Configs    map[string]string // such as cleanup.policy; nil: none
}

// Plan says which application is tried, on what, and what must come of it. Names of topics are logical everywhere.
type Plan struct {
	Reference string // the application, as the lookup given to app.Main knows it
	Topics    []Topic
	Inputs    []string
	// Settings are those of each instance, as YAML. The session timeout is 1s. Let the rebalance timeout be shorter: a
	// member that was killed while it joined counts as present for so long, and kfake expires a member that waits longer
	// than its session for others to join, and never answers it.
	Settings string
	// Database makes a new database for a run. nil: the application gets none.
	Database func(t testing.TB) *database.Database
	Records  int // in a run
	// Supervised instances that end with an error are started again, as a supervisor would. Otherwise such an end fails
	// the run.
	Supervised bool
	// Record makes the i-th record, counted from 0. It goes to the partition it names, in order.
	Record func(r *rand.Rand, i int) *kgo.Record
	// Settled says whether everything is there that may come after the inputs are committed; nil: it is.
	Settled func(ctx context.Context, run *Run) (bool, error)
	// Check compares what there is with what there should be, when every instance has ended.
	Check func(ctx context.Context, run *Run) error
}

// Test runs the plan with several seeds, each as a subtest. Those that have not begun when one fails are skipped.
func Test(t *testing.T, p Plan) {
	t.Helper()
	first, runs := 1+rand.IntN(999_999), testenv.ChaosRuns(t) // short, to be typed again
	if seed, only := testenv.ChaosSeed(t); only {
		first, runs = seed, 1
	}
	backend := openBackend(t)
	t.Logf("%d runs on %s", runs, backend.Describe())
	var failed atomic.Bool
	var running sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for seed := first; seed < first+runs; seed++ {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
				if failed.Load() {
					t.Skip("another seed has failed")
				}
				if err := Once(t, backend, p, seed); err != nil {
					failed.Store(true)
					t.Error(err)
				}
			})
		})
	}
	running.Wait()
}

// openBackend is the embedded cluster, or three local brokers that end with the test.
func openBackend(t *testing.T) cluster.Backend {
	t.Helper()
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{})
	if testenv.Local() {
		var err error
		if backend, err = cluster.StartLocal(t.Context(), cluster.LocalOptions{Brokers: 3, Progress: os.Stderr}); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closePatience)
		defer cancel()
		if err := backend.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return backend
}

// Once runs the plan with one seed. Its error says what is wrong, what had happened, and how to run it again.
func Once(t testing.TB, backend cluster.Backend, p Plan, seed int) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), producing+2*patience)
	defer cancel()
	session, err := backend.Open(ctx, cluster.Needs{})
	if err != nil {
		return err
	}
	run := &Run{Session: session, plan: p}
	f := &fleet{run: run, dead: map[string]time.Time{}}
	if err = f.live(ctx, t, uint64(seed)); err != nil {
		err = fmt.Errorf("%w\nseed %d; to run it again: %s go test -run Chaos\n%s", err, seed, testenv.RepeatChaos(seed),
			f.story())
	}
	f.end(ctx)
	closing, done := context.WithTimeout(context.Background(), closePatience)
	defer done()
	return errors.Join(err, session.Close(closing))
}
