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
func TestWindowsInChaos(t *testing.T) { chaos.Test(t, plan("windower")) }

// A windower that forgets, or emits again, after a restart is found out.
func TestChaosFindsWrongWindows(t *testing.T) {
	for name, want := range map[string][]string{
		// the one where more events came to the window after the loss
		"win-state-lost":      {verdict.WindowWrong, verdict.WindowMissing},
		"win-double-emission": {verdict.WindowTwice},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			for seed := range int64(5) { // on a busy machine a schedule may restart nobody who holds a window
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
	drained := &drain{since: map[*chaos.Run]time.Time{}}
	return chaos.Plan{
		Reference: reference,
		Topics: []chaos.Topic{
			{Name: "readings", Partitions: 4}, {Name: "readings_windows", Partitions: 2}, {Name: "readings_late", Partitions: 1},
			{Name: "readings_changelog", Partitions: 4, Configs: map[string]string{"cleanup.policy": "compact"}},
		},
		Inputs:  []string{"readings"},
		Outputs: []string{"readings_windows"},
		Settings: func(string) string {
			return "commit-interval: 20ms\ntransaction-timeout: 2s\nsession-timeout: 1s\nrebalance-timeout: " +
				"2s\nheartbeat-interval: 100ms\nidle-after: 20m"
		},
		Records: 1000,
		Record:  reading,
		Drained: drained.now,
		Check: func(ctx context.Context, run *chaos.Run) error {
			result, err := judge(ctx, run)
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

// drain knows when nothing more will come.
type drain struct{ since map[*chaos.Run]time.Time }

// now waits for the windows as well as for the offsets: the last ones are emitted when an instance has heard how far
// the others are. What is missing for long is for the check to say.
func (d *drain) now(ctx context.Context, run *chaos.Run) (bool, error) {
	committed, err := run.Committed(ctx, "readings")
	if err != nil {
		return false, err
	}
	for partition, end := range run.Ends("readings") {
		if committed[partition] < end {
			return false, nil
		}
	}
	if d.since[run].IsZero() {
		d.since[run] = time.Now()
	}
	result, err := judge(ctx, run)
	return err == nil && (result.Outcome == verdict.Pass || time.Since(d.since[run]) > 10*time.Second), err
}

func judge(ctx context.Context, run *chaos.Run) (verdict.Result, error) {
	w := verdict.NewWindows("readings", "readings_windows", "readings_late",
		verdict.WindowRules{Size: 5 * time.Minute, Grace: time.Minute, IdleAfter: 20 * time.Minute, Field: "amount"})
	for _, side := range []struct {
		topic string
		see   func(*record.Record)
	}{{"readings_late", w.Late}, {"readings_windows", w.Window}} {
		records, err := run.Read(ctx, side.topic)
		if err != nil {
			return verdict.Result{}, err
		}
		for _, k := range records {
			r := record.FromKgo(side.topic, k)
			side.see(&r)
		}
	}
	for _, k := range run.Sent {
		r := record.FromKgo("readings", k)
		w.Input(&r)
	}
	return w.Result(), nil
}
