// Package lagmonitor watches how far a consumer group is behind, and raises an alert for each partition on which it is
// too far behind for too long.
//
// The promise: one alert stands for one breach. The lag was over the threshold at every look for the time given by
// for. It is raised once, and cleared once, when the lag is no longer over the threshold. Beside it a partition has a
// status, by rules after those of Burrow: see status.go. Numbers for Prometheus are served at metrics-address.
//
// What lag is, and how to ask for it without being part of the group:
//
//   - The lag of a partition is the distance from where the group goes on reading to the end of the log. With
//     isolation read-committed that end is the last stable offset, since the records of an open transaction cannot be
//     read by anybody yet.
//   - A group goes on at its committed offset; from the log's start where it never committed, or where its commit
//     points before the start because the log was truncated. Nothing of this is a sum: one partition that is stuck must
//     not hide behind the others.
//   - The ends are asked for before the commits, so that the lag seen may be a little too small, and is never larger
//     than it was. Partitions are asked for at each look, as topics gain some.
//   - Offsets count, not records: control markers of transactions and gaps that compaction left count too.
package lagmonitor

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Policy is what the monitor decides; the rest of the package carries it out.
type Policy struct {
	// Committed says that the log ends at the last stable offset, not at the high watermark.
	Committed bool
	// Lags returns the lag of each partition, in their order.
	Lags func([]Partition) []int64
	// Next tells an alarm the lag at a time, and returns what that changes.
	Next func(a *Alarm, lag int64, now time.Time) Change
}

// Run is the application lag-monitor. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	policy := Policy{Committed: set.Isolation == "read-committed", Lags: lags, Next: (*Alarm).Next}
	change(&policy)
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	m := &monitor{settings: set, policy: policy, log: env.Log, watches: map[place]*watch{}, metrics: newMetrics(set.group)}
	if err := m.run(ctx, options); err != nil {
		return fmt.Errorf("lag-monitor: %w", err)
	}
	return nil
}

func (m *monitor) run(ctx context.Context, options []kgo.Opt) error {
	// New partitions and leaders are found at the next look.
	options = append(options, kgo.MetadataMinAge(min(max(m.settings.Poll, 10*time.Millisecond), 5*time.Second)))
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer client.Close()
	if _, err := topics.Describe(ctx, client, m.settings.topics...); err != nil && ctx.Err() == nil {
		return err
	}
	stop, err := m.metrics.serve(m.settings.MetricsAddress, m.log)
	if err != nil {
		return err
	}
	defer stop()
	again := time.NewTicker(m.settings.Poll)
	defer again.Stop()
	for {
		m.look(ctx, kadm.NewClient(client))
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// look is one round: ask, judge, tell.
func (m *monitor) look(ctx context.Context, admin *kadm.Client) {
	limited, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	partitions, err := m.ask(limited, admin)
	if ctx.Err() != nil {
		return
	}
	m.metrics.looked(err)
	// What cannot be asked is not judged: alarms stay as they are. One line tells of an outage, however long it lasts.
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != m.trouble && text != "" {
		m.log.Warn("warning", "error", text)
	}
	m.trouble = text
	now := time.Now()
	for i, lag := range m.policy.Lags(partitions) {
		m.judge(partitions[i], lag, now)
	}
}
