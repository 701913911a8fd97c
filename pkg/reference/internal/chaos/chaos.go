// Package chaos tries an application that keeps state: instances of it are started, stopped, killed and frozen at
// random while records come in, and afterwards what they left behind is compared with what one undisturbed instance
// would have left. It serves tests only.
//
// A test names the application and gives an oracle:
//
//	func TestMain(m *testing.M) { app.Main(reference.Lookup); os.Exit(m.Run()) }
//
//	// KAFKASPEC_LOCAL=1 runs it on local Apache Kafka.
//	func TestChaos(t *testing.T) {
//		chaos.Test(t, chaos.Plan{
//			Reference: "windower",
//			Topics:    []chaos.Topic{{Name: "sales", Partitions: 3}, {Name: "totals", Partitions: 1}},
//			Inputs:    []string{"sales"},
//			Outputs:   []string{"totals"},
//			Settings:  func(instance string) string { return "session-timeout: 1s\nrebalance-timeout: 800ms\nheartbeat-interval: 100ms" },
//			Record: func(r *rand.Rand, i int) *kgo.Record {
//				return &kgo.Record{Topic: "sales", Partition: int32(i % 3), Value: fmt.Appendf(nil, `{"seq": %d}`, i)}
//			},
//			Check: func(ctx context.Context, run *chaos.Run) error { … run.Sent … run.Read(ctx, "totals") … },
//		})
//	}
//
// Each run has a seed, from which come the schedule and the records. A schedule has, for one to three instances, each a
// real process (the test binary started again, see app.Main): starts, graceful stops, kills (SIGKILL), and freezes
// (SIGSTOP, then SIGCONT), most of them longer than the session timeout, so that the instance wakes as a zombie whose
// partitions belong to others. It ends quietly: what is frozen is woken, at least one instance runs, the group commits
// the end of its inputs, every instance is stopped and must end with exit code 0.
//
// A run that fails shows its seed and what happened when, and the last log lines of each instance. These variables say
// what is run:
//
//	KAFKASPEC_CHAOS_RUNS=200   so many runs, each with a seed of its own; 3 without it (`make chaos` runs 200)
//	KAFKASPEC_CHAOS_SEED=17    the run with this seed only; the schedule is the same again, how it meets the records is up to the machine
//	KAFKASPEC_CHAOS_LOGS=DIR   keep all that the instances write in files of this folder, and after a failure their goroutines
//	KAFKASPEC_LOCAL=1          on three local Apache Kafka brokers in place of the embedded one
package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

const (
	closePatience = 30 * time.Second
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
	Outputs   []string
	// Settings are those of one instance (c1, c2, c3), as YAML. A short session timeout keeps a run short, and so does a
	// short rebalance timeout (kgo.RebalanceTimeout): a member that was killed while it joined counts as present for so
	// long. Let it be shorter than the session timeout: kfake expires a member that waits longer than that for others to
	// join, and never answers it. nil: none.
	Settings func(instance string) string
	// Database makes a new database for a run and returns its address. nil: the application gets none.
	Database func(t testing.TB) string

	Instances      int           // at most so many at once; 0: 3
	SessionTimeout time.Duration // what Settings asks for: a zombie is frozen for longer; 0: 1s
	Producing      time.Duration // how long records come in, and things happen; 0: 1.5s
	Records        int           // in a run; 0: 500
	Patience       time.Duration // for the quiet end; 0: 60s
	// Supervised instances that end with an error are started again, as a supervisor would. Otherwise such an end fails
	// the run.
	Supervised bool
	// Record makes the i-th record, counted from 0. It goes to the partition it names, in order.
	Record func(r *rand.Rand, i int) *kgo.Record
	// Drained says whether the inputs have been worked off. nil: the group has committed the end of every input partition.
	Drained func(ctx context.Context, run *Run) (bool, error)
	// Check compares what there is with what there should be, when every instance has ended.
	Check func(ctx context.Context, run *Run) error
}

func (p Plan) withDefaults() Plan {
	if p.Instances == 0 {
		p.Instances = 3
	}
	if p.SessionTimeout == 0 {
		p.SessionTimeout = time.Second
	}
	if p.Producing == 0 {
		p.Producing = 1500 * time.Millisecond
	}
	if p.Records == 0 {
		p.Records = 500
	}
	if p.Patience == 0 {
		p.Patience = time.Minute
	}
	if p.Settings == nil {
		p.Settings = func(string) string { return "" }
	}
	if p.Drained == nil {
		p.Drained = committedAll
	}
	return p
}

// Test runs the plan with several seeds, each as a subtest, and stops at the first that fails.
func Test(t *testing.T, p Plan) {
	t.Helper()
	seeds := seeds(t)
	backend := openBackend(t)
	t.Logf("%d runs on %s", len(seeds), backend.Describe())
	for _, seed := range seeds {
		passed := t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			if err := Once(t, backend, p, seed); err != nil {
				t.Error(err)
			}
		})
		if !passed {
			return
		}
	}
}

// seeds are those the environment asks for.
func seeds(t *testing.T) []int64 {
	t.Helper()
	if seed, only := testenv.ChaosSeed(t); only {
		return []int64{int64(seed)}
	}
	first := 1 + rand.Int64N(999_999) // short, to be typed again
	var seeds []int64
	for i := range int64(testenv.ChaosRuns(t)) {
		seeds = append(seeds, first+i)
	}
	return seeds
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
func Once(t testing.TB, backend cluster.Backend, p Plan, seed int64) error {
	t.Helper()
	p = p.withDefaults()
	ctx, cancel := context.WithTimeout(context.Background(), p.Producing+2*p.Patience)
	defer cancel()
	session, err := backend.Open(ctx, cluster.Needs{})
	if err != nil {
		return err
	}
	run := &Run{Seed: seed, Session: session, plan: p, random: rand.New(rand.NewPCG(uint64(seed), 0))}
	f := &fleet{run: run, schedule: newSchedule(p, rand.New(rand.NewPCG(uint64(seed), 1)))}
	if f.logs, err = openLogs(p, seed); err == nil {
		err = f.live(ctx, t)
	}
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, f.story())
	}
	f.end(ctx)
	closing, done := context.WithTimeout(context.Background(), closePatience)
	defer done()
	return errors.Join(err, session.Close(closing), f.logs.close())
}
