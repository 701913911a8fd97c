package stateful_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// The records of two topics come in the order of their timestamps, whatever is fetched first.
func TestOrderOfTimestampsOverTopics(t *testing.T) {
	for _, across := range []bool{false, true} {
		t.Run(fmt.Sprintf("across %v", across), func(t *testing.T) {
			l := lab.New(t)
			l.Topic(t, "left", 2)
			l.Topic(t, "right", 2)
			l.Topic(t, "seen", 1)
			l.Topic(t, "state", 2, "cleanup.policy", "compact")
			day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
			for i := range 400 { // right has every second of the first hundred, and all that follow on one partition only
				topic, p := "left", int32(i%4/2)
				if i%2 == 1 {
					topic = "right"
				}
				l.Client.Produce(l.Ctx, &kgo.Record{Topic: topic, Partition: p, Value: strconv.AppendInt(nil, int64(i), 10),
					Timestamp: day.Add(time.Duration(i) * time.Second)}, nil)
			}
			if err := l.Client.Flush(l.Ctx); err != nil {
				t.Fatal(err)
			}
			order := func(ctx context.Context, env app.Env) error {
				o, err := stateful.Defaults(env)
				if err != nil {
					return err
				}
				o.AcrossTasks, o.Outputs, o.Changelog = across, []string{"seen"}, "state"
				o.NewTask = func(int32) stateful.Task { return passing{} }
				return stateful.Run(ctx, env, o)
			}
			running := l.Start(t, order, app.Env{Name: "c", Group: "ordered", Inputs: []string{"left", "right"}}, quick)
			running.Until(t, 1, "msg=committed ")
			l.UntilCommitted(t, "ordered", "left", map[int32]int64{0: 100, 1: 100})
			l.UntilCommitted(t, "ordered", "right", map[int32]int64{0: 100, 1: 100})
			last := map[bool]int{false: -1, true: -1}
			for _, r := range l.Read(t, "seen") {
				i, err := strconv.Atoi(string(r.Value))
				if err != nil {
					t.Fatal(err)
				}
				lane := across || i%4/2 == 0
				if i < last[lane] {
					t.Fatalf("got %d after %d, want the order of timestamps", i, last[lane])
				}
				last[lane] = i
			}
		})
	}
}

type passing struct{}

func (passing) Restore(_, _ []byte) error { return nil }
func (passing) Commit(stateful.Emitter)   {}
func (passing) Process(r *kgo.Record, out stateful.Emitter) error {
	out.Emit(&kgo.Record{Topic: "seen", Value: r.Value})
	return nil
}

// Tasks that need no order among them are worked on at the same time, and others are not.
func TestTasksAreWorkedOnSideBySide(t *testing.T) {
	for _, across := range []bool{false, true} {
		t.Run(fmt.Sprintf("across %v", across), func(t *testing.T) {
			l := newLab(t)
			var now, most atomic.Int32
			crowd := func(ctx context.Context, env app.Env) error {
				o, err := stateful.Defaults(env)
				if err != nil {
					return err
				}
				o.AcrossTasks, o.Outputs, o.Changelog = across, []string{"numbers"}, "state"
				o.NewTask = func(int32) stateful.Task { return slow{&now, &most} }
				return stateful.Run(ctx, env, o)
			}
			running := l.Start(t, crowd, env("c"), quick)
			if across {
				l.send(t, 20)
				l.UntilCommitted(t, "counting", "events", map[int32]int64{0: 20, 1: 20, 2: 20, 3: 20})
				if got := most.Load(); got != 1 {
					t.Errorf("got %d tasks at a time, want one", got)
				}
			} else {
				l.sendUntil(t, func() bool { return most.Load() > 1 })
			}
			if err := running.Stop(t); err != nil {
				t.Error(err)
			}
		})
	}
}

// slow takes a moment for each record, and counts how many do at a time.
type slow struct{ now, most *atomic.Int32 }

func (slow) Restore(_, _ []byte) error { return nil }
func (slow) Commit(stateful.Emitter)   {}
func (s slow) Process(*kgo.Record, stateful.Emitter) error {
	n := s.now.Add(1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
	}
	grace.Pause(context.Background(), time.Millisecond)
	s.now.Add(-1)
	return nil
}
