package windower_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// What a windower holds grows with its open windows, not with the events that went by: after four million events of ten
// it has reached its size. The windower is a process of its own, so that the embedded broker's memory does not count.
// Linux only.
func TestMemoryIsThatOfOpenWindows(t *testing.T) {
	testenv.NeedMemory(t)
	const events, partitions = 10_000_000, 12
	l := lab.New(t)
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	t.Cleanup(cancel)
	l.Ctx = ctx
	l.Topic(t, "readings", partitions)
	l.Topic(t, "readings_windows", partitions)
	l.Topic(t, "readings_late", 1)
	l.Topic(t, "readings_changelog", partitions, "cleanup.policy", "compact")
	for i := range events {
		p := i % partitions
		l.Client.Produce(ctx, &kgo.Record{Topic: "readings", Partition: int32(p),
			Key:   fmt.Appendf(nil, "p%d-%d", p, i%997%83),
			Value: fmt.Appendf(nil, `{"amount": %d}`, i%1000), Timestamp: day.Add(time.Duration(i) * 10 * time.Millisecond)},
			nil)
	}
	if err := l.Client.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	settings, err := app.ParseSettings(nil, source.Place{File: "settings.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	e := env("w")
	e.Bootstrap, e.Settings = l.Fake.ListenAddrs(), settings
	a, err := app.Start(ctx, app.Definition{Name: "w", AsProcess: true, Reference: "windower"}, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close(context.Background()) }()
	peaks := [5]int{} // in MiB, of each two million
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for done := int64(0); done < events; <-again.C {
		done = 0
		for _, o := range l.Committed(t, "metering", "readings") {
			done += o
		}
		fifth := min(int(done*5/events), 4)
		peaks[fifth] = max(peaks[fifth], resident(t, a.PID()))
		if ctx.Err() != nil {
			t.Fatalf("got %d events processed in time, want %d", done, events)
		}
	}
	t.Logf("peak resident memory of the windower in each two million events: %v MiB", peaks)
	if later := max(peaks[2], peaks[3], peaks[4]); later > max(peaks[0], peaks[1])*13/10 {
		t.Errorf("got a peak of %d MiB after four million events, want no more than 1.3 times that before, %v", later,
			peaks[:2])
	}
}

// resident is a process's resident memory in MiB.
func resident(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize() >> 20
}
