package lagmonitor_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func env() app.Env {
	return app.Env{Name: "monitor", WatchedGroup: "shipping", Inputs: []string{"orders"}}
}

const quick = "threshold: 3\npoll: 10ms\nwindow: 150ms"

func commit(t *testing.T, l *lab.Lab, partition int32, offset int64) {
	t.Helper()
	var offsets kadm.Offsets
	offsets.AddOffset("orders", partition, offset, -1)
	if err := l.Admin.CommitAllOffsets(l.Ctx, "shipping", offsets); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, l *lab.Lab, partition int32, n int) {
	t.Helper()
	l.Values(t, "orders", partition, strings.Split(strings.Repeat("x", n), "")...)
}

func TestOneAlertPerBreach(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 2)
	commit(t, l, 0, 0)
	fill(t, l, 0, 3)
	run := l.Start(t, lagmonitor.Run, env(), quick)
	run.Until(t, 1, "msg=status ", "partition=0 ", "status=stopped ")
	if got := run.Lines("msg=alert "); len(got) != 0 {
		t.Errorf("got alerts at the threshold: %v", got)
	}
	fill(t, l, 0, 2)
	alert := run.Until(t, 1, "msg=alert ", "group=shipping topic=orders partition=0 ")
	if !strings.Contains(alert[0], "threshold=3 at=20") {
		t.Errorf("got %q, want it to name threshold and time", alert[0])
	}
	commit(t, l, 0, 2)
	run.Until(t, 1, "msg=cleared ", "partition=0 ", "lag=3 ")
	fill(t, l, 0, 1)
	run.Until(t, 2, "msg=alert ", "partition=0 ")
	if got := run.Lines("msg=alert "); len(got) != 2 {
		t.Errorf("got alerts %v, want one per breach", got)
	}
	if err := run.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
}

func TestPartitionsWithoutCommitAndNewOnes(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	fill(t, l, 0, 4)
	run := l.Start(t, lagmonitor.Run, env(), quick)
	run.Until(t, 1, "msg=alert ", "partition=0 ", "lag=4 ")
	if _, err := l.Admin.UpdatePartitions(l.Ctx, 2, "orders"); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 1, "msg=status ", "partition=1 ", "status=ok ")
	fresh, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	for range 5 {
		if err := fresh.ProduceSync(l.Ctx, &kgo.Record{Topic: "orders", Partition: 1}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	run.Until(t, 1, "msg=alert ", "partition=1 ")
}

// An open transaction is beyond the last stable offset.
func TestOpenTransaction(t *testing.T) {
	t.Parallel()
	for isolation, want := range map[string]int{"read-committed": 0, "read-uncommitted": 1} {
		t.Run(isolation, func(t *testing.T) {
			t.Parallel()
			l := lab.New(t)
			l.Topic(t, "orders", 1)
			client, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.TransactionalID("t"),
				kgo.DefaultProduceTopic("orders"))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			if err := client.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			for range 5 {
				if err := client.ProduceSync(l.Ctx, kgo.StringRecord("x")).FirstErr(); err != nil {
					t.Fatal(err)
				}
			}
			run := l.Start(t, lagmonitor.Run, env(), quick+"\nisolation: "+isolation)
			run.Until(t, 1, "msg=status ")
			run.Until(t, want, "msg=alert ")
			if got := run.Lines("msg=alert "); len(got) != want {
				t.Errorf("got %d alerts while the transaction is open, want %d", len(got), want)
			}
			if err := client.EndTransaction(l.Ctx, kgo.TryCommit); err != nil {
				t.Fatal(err)
			}
			run.Until(t, 1, "msg=alert ")
		})
	}
}

// Members are found whichever of the two group protocols they speak.
func TestStatusFollowsTheMembers(t *testing.T) {
	t.Parallel()
	const steps = 500
	for protocol, options := range map[string][]kgo.Opt{"classic": nil,
		"consumer": {kgo.ServerSideBalancer(), kgo.Balancers(kgo.RangeBalancer())}} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			l := lab.New(t)
			l.Topic(t, "orders", 1)
			// More records than are committed below: a look that is slow between asking for the ends and asking for the
			// commits sees a smaller lag, and a lag of 0 is ok for a whole window.
			fill(t, l, 0, steps+1)
			run := l.Start(t, lagmonitor.Run, env(), quick)
			run.Until(t, 1, "msg=status ", "status=stopped was=unknown ")
			member, err := kgo.NewClient(append(options, kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.ConsumerGroup("shipping"),
				kgo.ConsumeTopics("orders"), kgo.DisableAutoCommit())...)
			if err != nil {
				t.Fatal(err)
			}
			defer member.Close()
			run.Until(t, 1, "msg=status ", "status=stalled was=stopped ")
			for offset := range int64(steps) { // one step forward, two more records
				fill(t, l, 0, 2)
				member.CommitOffsetsSync(l.Ctx, map[string]map[int32]kgo.EpochOffset{"orders": {0: {Epoch: -1, Offset: offset +
					1}}}, nil)
				if len(run.Lines("status=slow ")) > 0 {
					break
				}
			}
			run.Until(t, 1, "msg=status ", "status=slow ")
		})
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	fill(t, l, 0, 5)
	commit(t, l, 0, 1)
	run := l.Start(t, lagmonitor.Run, env(), quick)
	line := run.Until(t, 1, "msg=metrics ")[0]
	_, address, _ := strings.Cut(line, "address=")
	run.Until(t, 1, "status=stopped ")
	text := get(t, l.Ctx, address)
	for _, want := range []string{
		`lag_monitor_lag{group="shipping",partition="0",topic="orders"} 4`,
		`lag_monitor_committed_offset{group="shipping",partition="0",topic="orders"} 1`,
		`lag_monitor_start_offset{group="shipping",partition="0",topic="orders"} 0`,
		`lag_monitor_end_offset{group="shipping",partition="0",topic="orders"} 5`,
		`lag_monitor_alert{group="shipping",partition="0",topic="orders"} 1`,
		`lag_monitor_looks_total{group="shipping",result="complete"}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %q in\n%s", want, text)
		}
	}
}

func get(t *testing.T, ctx context.Context, address string) string {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	for settings, want := range map[string]string{
		"isolation: serializable":          "want read-committed or read-uncommitted",
		"poll: 0s":                         "a poll above zero",
		"poll: 1s\nwindow: 1s":             "at least two polls",
		"treshold: 5":                      "threshold",
		"metrics-address: 127.0.0.1:99999": "metrics-address",
	} {
		if err := l.Start(t, lagmonitor.Run, env(), settings).Wait(t); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q in it", settings, err, want)
		}
	}
	for want, e := range map[string]app.Env{
		"no group":                         {Inputs: []string{"orders"}},
		"no input topic":                   {WatchedGroup: "shipping"},
		fmt.Sprintf("topic %q", "nowhere"): {WatchedGroup: "shipping", Inputs: []string{"nowhere"}},
	} {
		if err := l.Start(t, lagmonitor.Run, e, "").Wait(t); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
}
