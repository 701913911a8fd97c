package wrong_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// watched has a partition at the threshold, one behind since a truncation, one never committed, and an open
// transaction.
func watched(t *testing.T) *lab.Lab {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "orders", 4)
	for partition, n := range []int{3, 9, 4} {
		for range n {
			l.Values(t, "orders", int32(partition), "x")
		}
	}
	var commits, before kadm.Offsets
	for partition := range int32(2) {
		commits.AddOffset("orders", partition, 0, -1)
	}
	commits.AddOffset("orders", 3, 0, -1)
	if err := l.Admin.CommitAllOffsets(l.Ctx, "shipping", commits); err != nil {
		t.Fatal(err)
	}
	before.AddOffset("orders", 1, 8, -1)
	if _, err := l.Admin.DeleteRecords(l.Ctx, before); err != nil {
		t.Fatal(err)
	}
	open, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.TransactionalID("open"),
		kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(open.Close)
	if err := open.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	for range 7 {
		if err := open.ProduceSync(l.Ctx, &kgo.Record{Topic: "orders", Partition: 3}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// What a monitor of a threshold of 3 says of each partition: a for an alert, A for repeated ones.
func TestWrongMonitors(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "--a-", "lag-summed": "aaaa", "lag-without-commit-ignored": "----", "lag-truncation-ignored": "-aa-",
		"lag-alert-each-poll": "--A-", "lag-at-threshold": "a-a-", "lag-high-watermark": "--aa",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := lagmonitor.Run
			if name != "" {
				run = variant(t, name)
			}
			l := watched(t)
			running := l.Start(t, run, app.Env{Name: "monitor", WatchedGroup: "shipping", Inputs: []string{"orders"}},
				"threshold: 3\npoll: 10ms\nwindow: 100ms")
			running.Until(t, 1, "msg=status ", "partition=0 ", "status=stopped ")
			got := ""
			for _, partition := range []string{"partition=0 ", "partition=1 ", "partition=2 ", "partition=3 "} {
				alerts := len(running.Lines("msg=alert ", partition))
				got += string("-aA"[min(alerts, 2)])
			}
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// breached is how long a breach had lasted when it was alerted, by the line that says so.
func breached(t *testing.T, alert string) time.Duration {
	t.Helper()
	match := regexp.MustCompile(` at=(\S+) since=(\S+)`).FindStringSubmatch(alert)
	if match == nil {
		t.Fatalf("got %q, want an alert with its times", alert)
	}
	at, err := time.Parse(time.RFC3339, match[1])
	since, err2 := time.Parse(time.RFC3339, match[2])
	if err != nil || err2 != nil {
		t.Fatalf("got %q (%v, %v), want times", alert, err, err2)
	}
	return at.Sub(since)
}

func TestWrongMonitorsOverTime(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][3]bool{ // alerted before its time, cleared, new partition alerted
		"": {false, true, true}, "lag-for-ignored": {true, true, true}, "lag-never-cleared": {false, false, true},
		"lag-new-partitions-ignored": {false, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := lagmonitor.Run
			if name != "" {
				run = variant(t, name)
			}
			l := lab.New(t)
			l.Topic(t, "orders", 1)
			l.Values(t, "orders", 0, "x", "x")
			running := l.Start(t, run, app.Env{Name: "monitor", WatchedGroup: "shipping", Inputs: []string{"orders"}},
				"threshold: 1\nfor: 200ms\npoll: 10ms\nwindow: 100ms")
			var got [3]bool
			running.Until(t, 1, "msg=alert ", "partition=0 ")
			got[0] = breached(t, running.Lines("msg=alert ")[0]) < 200*time.Millisecond
			var commits kadm.Offsets
			commits.AddOffset("orders", 0, 2, -1)
			if err := l.Admin.CommitAllOffsets(l.Ctx, "shipping", commits); err != nil {
				t.Fatal(err)
			}
			running.Until(t, 1, "msg=status ", "partition=0 ", "status=ok ")
			got[1] = len(running.Lines("msg=cleared ")) > 0
			if _, err := l.Admin.UpdatePartitions(l.Ctx, 2, "orders"); err != nil {
				t.Fatal(err)
			}
			// A second client: the first has learnt of one partition.
			fresh, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
			if err != nil {
				t.Fatal(err)
			}
			defer fresh.Close()
			for _, partition := range []int32{1, 1, 0, 0} {
				if err := fresh.ProduceSync(l.Ctx, &kgo.Record{Topic: "orders", Partition: partition}).FirstErr(); err != nil {
					t.Fatal(err)
				}
			}
			running.Until(t, 2, "msg=alert ", "partition=0 ") // of the look in which the new partition's is due, or a later one
			if want[2] {
				running.Until(t, 1, "msg=alert ", "partition=1 ") // the next line, if it is the same look
			}
			got[2] = len(running.Lines("msg=alert ", "partition=1 ")) > 0
			if got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
