package wrong_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// What windows are emitted: "minute of the start: count", and how many events are set aside. The application is
// restarted in the middle.
func TestWrongWindows(t *testing.T) {
	const right = "0:2 5:2 10:1, late 1"
	for name, want := range map[string]string{
		"":                         right,
		"win-boundary":             "0:3 5:2, late 1",
		"win-early":                "0:2 5:2 10:1 15:1, late 1",
		"win-out-of-order-dropped": "0:1 5:2 10:1, late 2",
		"win-late-updates":         "0:2 0:3 5:2 10:1, late 1",
		"win-double-emission":      "0:2 0:2 5:2 10:1, late 1",
		"win-state-lost":           "0:2 10:1, late 1",
		"win-late-dropped":         "0:2 5:2 10:1, late 0",
		"win-fastest":              "0:2 5:2 10:1 15:1, late 1",
		"win-idle-holds":           ", late 1",
		"win-processing-time":      ", late 0",
	} {
		t.Run(name, func(t *testing.T) {
			run := windower.Run
			if name != "" {
				run = variant(t, name)
			}
			if got := windowsOf(t, run); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func windowsOf(t *testing.T, run app.Func) string {
	l := lab.New(t)
	l.Topic(t, "readings", 3)
	l.Topic(t, "readings_windows", 1)
	l.Topic(t, "readings_late", 1)
	l.Topic(t, "readings_changelog", 3, "cleanup.policy", "compact")
	const settings = "commit-interval: 10ms\nsession-timeout: 1s\nheartbeat-interval: 50ms"
	env := app.Env{Name: "meter", Group: "meter", Inputs: []string{"readings"}}
	send := func(p int32, at time.Duration) {
		l.Send(t, &kgo.Record{Topic: "readings", Partition: p, Key: fmt.Append(nil, p), Value: []byte(`{"amount": 1}`),
			Timestamp: time.UnixMilli(1_767_571_200_000).Add(at)})
	}
	send(0, time.Minute)
	send(0, 5*time.Minute)
	send(0, 4*time.Minute) // out of order, in time
	send(0, 6*time.Minute)
	running := l.Start(t, run, env, settings)
	committed(t, l, 0, 4)
	send(0, 3*time.Minute) // late
	committed(t, l, 0, 5)
	if err := running.Stop(t); err != nil {
		t.Fatal(err)
	}
	l.Start(t, run, env, settings)
	send(1, 16*time.Minute)
	send(0, 10*time.Minute)
	send(0, 20*time.Minute)
	send(1, 20*time.Minute+30*time.Second) // the slowest; partition 2 is idle
	committed(t, l, 1, 2)
	send(0, 22*time.Minute)
	committed(t, l, 0, 8)
	var windows []string
	for _, r := range l.Read(t, "readings_windows") {
		at := strings.Index(string(r.Value), `"start":"2026-01-05T00:`)
		var minute, count int
		if at < 0 {
			windows = append(windows, "other")
			continue
		}
		_, _ = fmt.Sscanf(string(r.Value[at+len(`"start":"2026-01-05T00:`):]), `%d:`, &minute)
		_, _ = fmt.Sscanf(string(r.Value[strings.Index(string(r.Value), `"count":`)+len(`"count":`):]), `%d`, &count)
		windows = append(windows, fmt.Sprintf("%d:%d", minute, count))
	}
	return fmt.Sprintf("%s, late %d", strings.Join(windows, " "), len(l.Read(t, "readings_late")))
}

// committed waits for a partition's committed offset.
func committed(t *testing.T, l *lab.Lab, partition int32, want int64) {
	t.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for l.Committed(t, "meter", "readings")[partition] != want {
		select {
		case <-again.C:
		case <-l.Ctx.Done():
			t.Fatalf("got committed offsets %v, want %d of partition %d", l.Committed(t, "meter", "readings"), want, partition)
		}
	}
}
