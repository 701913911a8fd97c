package groupconsumer_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const quick = "\nheartbeat-interval: 50ms\nsession-timeout: 5s\ncommit-every: 50ms\n"

// sharings are the ways to share partitions, as settings.
var sharings = []string{"assignor: cooperative-sticky", "assignor: sticky", "assignor: range", "assignor: roundrobin",
	"assignor: uniform", "protocol: consumer\nassignor: range"}

func member(name string) app.Env {
	return app.Env{Name: name, Group: "shipping", Inputs: []string{"orders"}}
}

func fill(t *testing.T, l *lab.Lab, partitions int32, each int) {
	t.Helper()
	for p := range partitions {
		values := make([]string, each)
		for i := range values {
			values[i] = fmt.Sprint(i)
		}
		l.Values(t, "orders", p, values...)
	}
}

// Members come and go while records are processed: each record is processed once all the same, by one of them.
func TestHandoverRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, sharing := range sharings {
		t.Run(sharing, func(t *testing.T) {
			t.Parallel()
			l := lab.New(t)
			l.Topic(t, "orders", 4)
			fill(t, l, 4, 300)
			settings := sharing + quick + "work: 1ms"
			first := l.Start(t, groupconsumer.Run, member("c1"), settings)
			first.Until(t, 100, "msg=processed ")
			second := l.Start(t, groupconsumer.Run, member("c2"), settings)
			second.Until(t, 1, "msg=assigned ")
			if err := first.Stop(t); err != nil {
				t.Errorf("got %v, want nil after a graceful stop", err)
			}
			third := l.Start(t, groupconsumer.Run, member("c3"), settings)
			third.Until(t, 1, "msg=assigned ")
			l.UntilCommitted(t, "shipping", "orders", map[int32]int64{0: 300, 1: 300, 2: 300, 3: 300})
			times := map[string]int{}
			for _, run := range []*lab.Running{first, second, third} {
				if err := run.Stop(t); err != nil {
					t.Errorf("got %v, want nil after a graceful stop", err)
				}
				for _, line := range run.Lines("msg=processed ") {
					place, _, _ := strings.Cut(line[strings.Index(line, "partition="):], " key=")
					times[place]++
				}
			}
			for place, n := range times {
				if n != 1 {
					t.Errorf("got %s processed %d times, want once", place, n)
				}
			}
			if len(times) != 1200 {
				t.Errorf("got %d records processed, want 1200", len(times))
			}
		})
	}
}

// A group that does not know a member any more has lost it its partitions: they are not committed, and it joins again.
func TestLostPartitionsAreNotCommitted(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	fill(t, l, 1, 20)
	run := l.Start(t, groupconsumer.Run, member("c1"), "assignor: range\nheartbeat-interval: 50ms\nsession-timeout: "+
		"5s\ncommit-every: 1h")
	run.Until(t, 20, "msg=processed ")
	expel(t, l, "shipping")
	run.Until(t, 1, "msg=lost topic=orders partitions=0 ")
	run.Until(t, 2, "msg=assigned topic=orders partitions=0 ")
	run.Until(t, 40, "msg=processed ") // again, as nothing was committed
	if got := l.Committed(t, "shipping", "orders"); len(got) != 0 {
		t.Errorf("got committed offsets %v, want none", got)
	}
	if err := run.Stop(t); err != nil {
		t.Fatal(err)
	}
	l.UntilCommitted(t, "shipping", "orders", map[int32]int64{0: 20}) // it owned the partition when it left
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		"protocol: new":  `setting protocol: got "new", want classic or consumer`,
		"assignor: fair": `setting assignor: got "fair", want one of the protocol classic: cooperative-sticky, range, roundrobin, sticky`,
		"protocol: consumer\nassignor: " +
			"cooperative-sticky": `setting assignor: got "cooperative-sticky", want one of the protocol consumer: range, uniform`,
		"batch: 0": "got batch 0, commit-every 1s, revoke-within 3s, want all above zero",
		"heartbeat-interval: 1m": "got heartbeat-interval 1m0s and session-timeout 45s, want several heartbeats in a " +
			"session; a third is usual",
		"asignor: range": `settings.yaml:1: got unknown setting "asignor"; did you mean "assignor"?`,
	} {
		t.Run(settings, func(t *testing.T) {
			t.Parallel()
			l := lab.New(t)
			if err := l.Start(t, groupconsumer.Run, member("c1"), settings).Wait(t); err == nil || err.Error() != want {
				t.Errorf("got error %v, want %s", err, want)
			}
		})
	}
	l := lab.New(t)
	err := l.Start(t, groupconsumer.Run, member("c1"), "").Wait(t)
	if err == nil || !strings.Contains(err.Error(), `topic "orders": UNKNOWN_TOPIC_OR_PARTITION`) {
		t.Errorf("got error %v, want it to name the topic that is missing", err)
	}
}
