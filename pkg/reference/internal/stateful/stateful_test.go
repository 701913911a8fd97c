package stateful_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func TestMain(m *testing.M) {
	app.Main(func(name string) (app.Func, bool) { return counter, name == "counter" })
	goleak.VerifyTestMain(m)
}

// counter numbers the records of each key: its output for a key is 1, 2, 3 and so on. A record that is lost, repeated
// or counted without the state of those before it shows.
func counter(ctx context.Context, env app.Env) error {
	o, err := stateful.Defaults(env)
	if err != nil {
		return err
	}
	o.AcrossTasks = env.Settings.Bool("across", false)
	if err := env.Settings.Err(); err != nil {
		return err
	}
	o.Outputs, o.Changelog = []string{"numbers"}, "state"
	o.NewTask = func(int32) stateful.Task { return &counting{counts: map[string]int{}, changed: map[string]bool{}} }
	return stateful.Run(ctx, env, o)
}

type counting struct {
	counts  map[string]int
	changed map[string]bool
}

func (c *counting) Restore(key, value []byte) error {
	n, err := strconv.Atoi(string(value))
	c.counts[string(key)] = n
	return err
}

func (c *counting) Process(r *kgo.Record, out stateful.Emitter) error {
	key := string(r.Key)
	c.counts[key]++
	c.changed[key] = true
	out.Emit(&kgo.Record{Topic: "numbers", Key: r.Key, Value: strconv.AppendInt(nil, int64(c.counts[key]), 10)})
	return nil
}

func (c *counting) Commit(out stateful.Emitter) {
	for key := range c.changed {
		out.Changelog([]byte(key), strconv.AppendInt(nil, int64(c.counts[key]), 10))
	}
	clear(c.changed)
}

const (
	partitions = 4
	keys       = 5 // of each partition
)

func newLab(t *testing.T) *feed {
	l := &feed{Lab: lab.New(t)}
	l.Topic(t, "events", partitions)
	l.Topic(t, "numbers", 1)
	l.Topic(t, "state", partitions, "cleanup.policy", "compact")
	return l
}

func env(name string) app.Env {
	return app.Env{Name: name, Group: "counting", Inputs: []string{"events"}}
}

// feed is a lab with what was sent in it.
type feed struct {
	*lab.Lab
	each int // records of each partition
}

// send adds records to each partition, over its keys in turn.
func (l *feed) send(t *testing.T, each int) {
	t.Helper()
	l.each += each
	var records []*kgo.Record
	for i := range each * partitions {
		p := i % partitions
		key := fmt.Sprintf("p%d-%d", p, i/partitions%keys)
		records = append(records, &kgo.Record{Topic: "events", Partition: int32(p), Key: []byte(key), Value: []byte("x")})
	}
	l.Send(t, records...)
}

// sendUntil sends records, a few at a time, until something has come of them.
func (l *feed) sendUntil(t *testing.T, so func() bool) {
	t.Helper()
	l.Until(t, "something to come of what is sent", func() bool {
		if so() {
			return true
		}
		l.send(t, 10*keys)
		return false
	}, nil)
}

// exact holds the output against what must be in it.
func (l *feed) exact(t *testing.T) {
	t.Helper()
	each := l.each
	want := map[int32]int64{}
	for p := range int32(partitions) {
		want[p] = int64(each)
	}
	l.UntilCommitted(t, "counting", "events", want)
	// An open transaction of a member that is gone hides what is behind it until it is aborted.
	var records []*kgo.Record
	l.Until(t, "all numbers", func() bool {
		records = l.Read(t, "numbers")
		return len(records) >= each*partitions
	}, func() string { return fmt.Sprint(len(records)) })
	got := map[string][]string{}
	for _, r := range records {
		got[string(r.Key)] = append(got[string(r.Key)], string(r.Value))
	}
	if len(got) != partitions*keys {
		t.Errorf("got %d keys, want %d", len(got), partitions*keys)
	}
	for key, numbers := range got {
		var should []string
		for i := range each / keys {
			should = append(should, strconv.Itoa(i+1))
		}
		if !slices.Equal(numbers, should) {
			t.Errorf("key %s: got %d numbers ending in %s, want 1 to %d, each once and in order", key, len(numbers),
				numbers[max(0, len(numbers)-5):], each/keys)
		}
	}
}

const (
	quick = "session-timeout: 1s\nheartbeat-interval: 50ms\ncommit-interval: 20ms\ntransaction-timeout: 2s\n"
	// crashing is for members that are killed: each successor waits for the session of the one before.
	crashing = "session-timeout: 400ms\nheartbeat-interval: 50ms\ncommit-interval: 20ms\ntransaction-timeout: 1s\n"
)

func TestRestartGoesOnWithTheState(t *testing.T) {
	l := newLab(t)
	l.send(t, 50)
	run := l.Start(t, counter, env("c1"), quick)
	l.exact(t)
	if err := run.Stop(t); err != nil {
		t.Fatal(err)
	}
	l.send(t, 50)
	l.Start(t, counter, env("c1"), quick)
	l.exact(t)
}

// Members come and go, while records arrive.
func TestHandoverTakesTheStateAlong(t *testing.T) {
	for _, assignor := range []string{"range", "cooperative-sticky"} {
		t.Run(assignor, func(t *testing.T) {
			l := newLab(t)
			settings := quick + "assignor: " + assignor
			first := l.Start(t, counter, env("c1"), settings)
			commits := func(run *lab.Running) func() bool {
				return func() bool { return len(run.Lines("msg=committed ")) > 0 }
			}
			l.sendUntil(t, commits(first))
			second := l.Start(t, counter, env("c2"), settings)
			l.sendUntil(t, commits(second))
			third := l.Start(t, counter, env("c3"), settings)
			l.sendUntil(t, commits(third))
			if err := first.Stop(t); err != nil {
				t.Errorf("got %v, want nil after a graceful stop", err)
			}
			l.send(t, 500)
			l.exact(t)
			for _, run := range []*lab.Running{first, second, third} {
				if again := run.Lines("beginning again"); len(again) > 0 {
					t.Errorf("got %q, want no transaction spoiled by a graceful handover", again)
				}
			}
		})
	}
}

// sink counts committed lines of a process.
type sink struct {
	mu      sync.Mutex
	commits int
}

func (s *sink) Line(string, string) {}

func (s *sink) Event(_, kind string, _ map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind == "committed" {
		s.commits++
	}
}

// more tells when there were n more commits than now.
func (s *sink) more(n int) func() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	want := s.commits + n
	return func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.commits >= want
	}
}

func start(t *testing.T, l *feed, name, settings string) (*app.App, *sink) {
	t.Helper()
	parsed, err := app.ParseSettings([]byte(settings), source.Place{File: "settings.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	seen := &sink{}
	e := env(name)
	e.Bootstrap, e.Settings = l.Fake.ListenAddrs(), parsed
	a, err := app.Start(l.Ctx, app.Definition{Name: name, AsProcess: true, Reference: "counter"}, e, seen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close(context.Background()) })
	return a, seen
}

// A member that is killed in the middle of a transaction, again and again, with another one taking over or not.
func TestCrashLosesAndRepeatsNothing(t *testing.T) {
	for _, others := range []int{0, 1} {
		t.Run(fmt.Sprintf("%d others", others), func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.send(t, 1000)
			for i := range others {
				start(t, l, fmt.Sprintf("other%d", i), crashing)
			}
			a, seen := start(t, l, "c1", crashing)
			for range 4 {
				l.sendUntil(t, seen.more(3))
				if err := a.Kill(); err != nil {
					t.Fatal(err)
				}
				l.send(t, 1000)
				if err := a.Restart(l.Ctx); err != nil {
					t.Fatal(err)
				}
			}
			l.exact(t)
		})
	}
}

// A member that is paused until the group has given its partitions away commits nothing when it wakes up, and joins
// again.
func TestZombieCommitsNothing(t *testing.T) {
	l := newLab(t)
	l.send(t, 1000)
	zombie, seen := start(t, l, "zombie", quick)
	l.sendUntil(t, seen.more(1))
	l.send(t, 2000)
	if err := zombie.Pause(); err != nil {
		t.Fatal(err)
	}
	_, healthy := start(t, l, "healthy", quick)
	l.sendUntil(t, healthy.more(4))
	if err := zombie.Resume(); err != nil {
		t.Fatal(err)
	}
	l.send(t, 1000)
	l.exact(t)
	l.sendUntil(t, seen.more(1)) // it has partitions again
	l.send(t, 1000)
	l.exact(t)
}
