package windower_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/chaos"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Instances come and go, crash and freeze: at read_committed there are exactly the windows that the events ask for.
// KAFKASPEC_LOCAL=1 runs it on local Apache Kafka.
func TestWindowsInChaos(t *testing.T) {
	t.Parallel()
	chaos.Test(t, plan("windower"))
}

// A windower that forgets, or emits again, after a restart is found out.
func TestChaosFindsWrongWindows(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		// the one where more events came to the window after the loss
		"win-state-lost":      {verdict.WindowWrong, verdict.WindowMissing},
		"win-double-emission": {verdict.WindowTwice},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var err error
			for seed := range 5 { // on a busy machine a schedule may restart nobody who holds a window
				err = chaos.Once(t, cluster.NewEmbedded(cluster.EmbeddedOptions{}), plan("wrong/"+name), 17+seed)
				if err != nil && slices.ContainsFunc(want, func(kind string) bool { return strings.Contains(err.Error(), kind) }) {
					return
				}
			}
			t.Errorf("got %.500v from the last of five schedules, want one of %q", err, want)
		})
	}
}

func plan(reference string) chaos.Plan {
	return chaos.Plan{
		Reference: reference,
		Topics: []chaos.Topic{
			{Name: "readings", Partitions: 4}, {Name: "readings_windows", Partitions: 2}, {Name: "readings_late", Partitions: 1},
			{Name: "readings_changelog", Partitions: 4, Configs: map[string]string{"cleanup.policy": "compact"}},
		},
		Inputs: []string{"readings"},
		Settings: "commit-interval: 20ms\ntransaction-timeout: 2s\nsession-timeout: 1s\nrebalance-timeout: 800ms\n" +
			"heartbeat-interval: 100ms\nidle-after: 20m",
		Records: 1000,
		Record:  reading,
		Settled: settled,
		Check: func(ctx context.Context, run *chaos.Run) error {
			result, err := judge(ctx, run.Sent, run.Read, 20*time.Minute)
			if err != nil {
				return err
			}
			return result.Err()
		},
	}
}

// reading is an event every ten seconds, up to two minutes out of order. The last partition falls idle early on.
func reading(r *rand.Rand, i int) *kgo.Record {
	p := r.IntN(3)
	if i < 60 {
		p = i % 4
	}
	return &kgo.Record{
		Topic: "readings", Partition: int32(p), Key: fmt.Appendf(nil, "p%d-%d", p, r.IntN(4)),
		Value:     fmt.Appendf(nil, `{"amount": %d}`, r.IntN(100)),
		Timestamp: day.Add(10*time.Hour + time.Duration(i)*10*time.Second - time.Duration(r.IntN(120_000))*time.Millisecond),
	}
}

// settled waits for the windows as well as for the offsets: the last ones are emitted when an instance has heard how
// far the others are. What is wrong already stays so.
func settled(ctx context.Context, run *chaos.Run) (bool, error) {
	result, err := judge(ctx, run.Sent, run.Read, 20*time.Minute)
	_, wrong := result.Lasting(verdict.WindowWrong, verdict.WindowTwice)
	return err == nil && (result.Outcome == verdict.Pass || wrong), err
}

// judge holds what is read against what was sent.
func judge(ctx context.Context, sent []*kgo.Record, read func(context.Context, string) ([]*kgo.Record, error),
	idleAfter time.Duration) (verdict.Result, error) {
	w := verdict.NewWindows("readings", "readings_windows", "readings_late",
		verdict.WindowRules{Size: 5 * time.Minute, Grace: time.Minute, IdleAfter: idleAfter, Field: "amount"})
	for _, side := range []struct {
		topic string
		see   func(*record.Record)
	}{{"readings_late", w.Late}, {"readings_windows", w.Window}} {
		records, err := read(ctx, side.topic)
		if err != nil {
			return verdict.Result{}, err
		}
		for _, k := range records {
			r := record.FromKgo(side.topic, k)
			side.see(&r)
		}
	}
	for _, k := range sent {
		r := record.FromKgo("readings", k)
		w.Input(&r)
	}
	return w.Result(), nil
}
