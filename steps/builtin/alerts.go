package builtin

// Alerts: applications that watch how far a consumer group is behind, what they raise, clear and report, and the
// numbers they serve.

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func alertSteps(s *steps.Registry) {
	s.Then("the alerts of {app} follow the lag of group {group} on {topic} over {int}", alertsFollowLag,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers), steps.Checked(alertsCanBe))
	s.Then("the last alert of {app} for {topic} partition {int} names a lag of {int}", lastAlertNames,
		steps.FromJournal)
	s.Then("{app} reported {topic} partition {int} as {string}", reportedAs, steps.FromJournal)
	s.Then("{app} shows the metric {string} of {topic} partition {int} as {float}", showsMetric)
}

// raised counts the application's alerts for a partition, by the log pattern "alert". Say "for" how long when no
// more may come: without it the step holds as soon as that many were raised. Not looked at: when, and what was said.
//
//	Given topic "orders" with 1 partition
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | threshold | 3    |
//	  | poll      | 20ms |
//	When 4 records are sent to "orders" partition 0
//	Then "monitor" raised exactly 1 alert for "orders" partition 0
//	And for 100ms "monitor" raised exactly 1 alert for "orders" partition 0
func raised(want steps.Amount, topic string, partition int64) event {
	return alerts(want, topic, partition, "alerts for", journal.Alert)
}

// raisedOne waits for an alert for a partition, by the log pattern "alert", since the application was started last. Not
// looked at: how often, and what was said.
//
//	Given topic "orders" with 1 partition
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | threshold | 3    |
//	  | poll      | 20ms |
//	And 4 records are in "orders" partition 0
//	When "monitor" has raised an alert for "orders" partition 0
//	Then "monitor" cleared exactly 0 alerts for "orders" partition 0
func raisedOne(topic string, partition int64) event {
	return event{ofTopic(topic, func(ctx context.Context, a *world.Application, t *world.Topic) error {
		return hasDone(a, fmt.Sprintf("alerts for %q partition %d", t.Name, partition),
			about(world.FromContext(ctx), a, journal.Alert, t, partition), 1)
	}), awaited()}
}

// alerts counts the lines of a kind about a partition.
func alerts(want steps.Amount, topic string, partition int64, what string, kind journal.Kind) event {
	return event{ofTopic(topic, func(ctx context.Context, a *world.Application, t *world.Topic) error {
		got := int64(len(about(world.FromContext(ctx), a, kind, t, partition)))
		return reportedAmount(ctx, a, fmt.Sprintf("%s %q partition %d", what, t.Name, partition), kind, got,
			want)
	}), countedOptions(want)}
}

// cleared counts how often the application called off an alert for a partition, by the log pattern "cleared". It must
// have raised one. Not looked at: when, and what was said.
//
//	Given topic "orders" with 1 partition
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | threshold | 3    |
//	  | poll      | 20ms |
//	And 4 records are in "orders" partition 0
//	When "monitor" has raised an alert for "orders" partition 0
//	And group "shipping" commits offset 4 of "orders" partition 0
//	Then "monitor" cleared exactly 1 alert for "orders" partition 0
func cleared(want steps.Amount, topic string, partition int64) event {
	counted := alerts(want, topic, partition, "alerts cleared for", journal.Cleared)
	return event{ofTopic(topic, func(ctx context.Context, a *world.Application, t *world.Topic) error {
		err := counted.happened(ctx, a)
		if w := world.FromContext(ctx); err == nil && len(about(w, a, journal.Alert, t, partition)) == 0 {
			return fmt.Errorf("%w: application %q has raised no alert for %q partition %d, so there is none to clear",
				verdict.ErrInconclusive, a.Name, t.Name, partition)
		}
		return err
	}), counted.options}
}

// lastAlertNames compares the lag in the application's last alert for a partition: the field lag of the log pattern
// "alert". Not looked at: earlier alerts.
//
//	Given topic "orders" with 1 partition
//	And 4 records are in "orders" partition 0
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | threshold | 3    |
//	  | poll      | 20ms |
//	Then the last alert of "monitor" for "orders" partition 0 names a lag of 4
func lastAlertNames(ctx context.Context, a *world.Application, topic *world.Topic, partition, want int64) error {
	w := world.FromContext(ctx)
	alerts := about(w, a, journal.Alert, topic, partition)
	if len(alerts) == 0 {
		return fmt.Errorf("application %q: got no alert for %q partition %d, want one with a lag of %d", a.Name, topic.Name,
			partition, want)
	}
	if got := alerts[len(alerts)-1].Fields()["lag"]; got != strconv.FormatInt(want, 10) {
		return fmt.Errorf("application %q: its last alert for %q partition %d names a lag of %q, want %d", a.Name, topic.Name,
			partition, got, want)
	}
	return nil
}

// reportedAs is satisfied once the application has reported a status of a partition, by the field status of the log
// pattern "status". The lag-monitor knows ok, slow, stalled and stopped. Not looked at: earlier reports.
//
//	Given topic "orders" with 1 partition
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | poll   | 20ms  |
//	  | window | 200ms |
//	And 4 records are in "orders" partition 0
//	Then "monitor" reported "orders" partition 0 as "stopped"
func reportedAs(ctx context.Context, a *world.Application, topic *world.Topic, partition int64, want string) error {
	w := world.FromContext(ctx)
	got := "nothing"
	for _, f := range about(w, a, journal.Status, topic, partition) {
		if got = f.Fields()["status"]; got == want {
			return nil
		}
	}
	return fmt.Errorf("application %q: the last it reported of %q partition %d is %s, want %s", a.Name, topic.Name,
		partition, got, want)
}

// alertsFollowLag judges all alerts of an application for a topic: each is over the threshold, on a partition that
// there is, of no more than the log holds, raised once and cleared once, not before the group has committed, and those
// that are raised now are those of the partitions whose lag is over the threshold now. Alert lines need the fields
// topic, partition, lag, threshold and at, a time of the scenario; cleared lines topic, partition and lag. Those of
// another group, in the field group, are not looked at. Nor is a breach that was over before anybody was told of it,
// unless a setting says how soon one must be: within, how long a breach may last without an alert. Known are breaches
// by records that steps sent, which ended with a commit of the group. Not looked at: what an alert says beside that.
//
//	Given topic "orders" with 3 partitions
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	  | threshold | 3    |
//	  | poll      | 20ms |
//	When 4 records are sent to "orders" partition 2
//	Then the alerts of "monitor" follow the lag of group "shipping" on "orders" over 3
//	When "monitor" has raised an alert for "orders" partition 2
//	And group "shipping" commits offset 4 of "orders" partition 2
//	Then the alerts of "monitor" follow the lag of group "shipping" on "orders" over 3
//	  | within | 100ms |
func alertsFollowLag(ctx context.Context, a *world.Application, group *world.Group, topic *world.Topic,
	threshold int64, settings world.Settings) error {
	w := world.FromContext(ctx)
	within, err := readAlertSettings(settings.Parse())
	if err != nil {
		return world.Final(err)
	}
	start, end, err := topic.Bounds(ctx)
	if err != nil {
		return err
	}
	committed, err := group.Committed(ctx, topic)
	if err != nil {
		return err
	}
	began, err := time.Parse(time.RFC3339Nano, w.Variables()[record.BaseTime])
	if err != nil {
		return err
	}
	judge := verdict.NewAlerts(threshold)
	alerts := w.Journal.Select(func(f *journal.Fact) bool {
		return f.App == a.Name && f.Topic == topic.Name && (f.Kind == journal.Alert || f.Kind == journal.Cleared) &&
			(f.Group == "" || f.Group == group.Name)
	})
	for _, f := range alerts {
		if err := feedAlert(judge, &f, began); err != nil {
			return world.Final(fmt.Errorf("application %q: its line of the kind %q for %q partition %d: %w", a.Name, f.Kind,
				topic.Name, f.Partition, err))
		}
	}
	for p := range end {
		judge.Lag(topic.Name, int32(p), max(0, end[p]-max(start.At(p), committed.At(p))))
	}
	ends, err := topic.Ends(ctx) // behind the alerts
	if err != nil {
		return err
	}
	for p := range ends {
		judge.End(topic.Name, int32(p), ends[p])
		if start.At(p) != 0 || topic.Before(int32(p), 0) {
			continue
		}
		h := lagHistory{group: group, topic: topic, partition: int32(p), committed: committed.At(p), threshold: threshold}
		if h.tooSoon(w, alerts, judge); within > 0 {
			h.untold(w, alerts, within, judge)
		}
	}
	return world.Judged(judge.Result())
}

// clocksDiffer is how much an application's clock may differ from ours.
const clocksDiffer = time.Hour

func feedAlert(judge *verdict.Alerts, f *journal.Fact, began time.Time) error {
	lag, err := strconv.ParseInt(f.Fields()["lag"], 10, 64)
	if err != nil {
		return fmt.Errorf("got lag=%q, want a number", f.Fields()["lag"])
	}
	if f.Kind == journal.Cleared {
		judge.Cleared(f.Topic, f.Partition, lag)
		return nil
	}
	threshold, err := strconv.ParseInt(f.Fields()["threshold"], 10, 64)
	if err != nil {
		return fmt.Errorf("got threshold=%q, want a number", f.Fields()["threshold"])
	}
	at, err := time.Parse(time.RFC3339, f.Fields()["at"])
	if err != nil {
		return fmt.Errorf("got at=%q, want a time as in 2026-01-31T10:00:00Z", f.Fields()["at"])
	}
	if now := time.Now(); at.After(now.Add(clocksDiffer)) || at.Before(began.Add(-clocksDiffer)) {
		return fmt.Errorf("got at=%q, want a time of the scenario, which began at %s", f.Fields()["at"],
			began.UTC().Format(time.RFC3339))
	}
	judge.Raised(f.Topic, f.Partition, lag, threshold)
	return nil
}

// about returns an application's facts of one kind about one partition.
func about(w *world.World, a *world.Application, kind journal.Kind, topic *world.Topic,
	partition int64) []journal.Fact {
	return w.Journal.Select(func(f *journal.Fact) bool {
		return f.App == a.Name && f.Kind == kind && f.Topic == topic.Name && int64(f.Partition) == partition
	})
}
