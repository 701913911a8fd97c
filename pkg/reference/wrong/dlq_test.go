package wrong_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/wrong"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// variant finds a wrong application; every one in All must be asked for by a test.
func variant(t *testing.T, name string) app.Func {
	t.Helper()
	for _, v := range wrong.All() {
		if v.Name == name {
			return v.Run
		}
	}
	t.Fatalf("got no variant %q", name)
	return nil
}

func consumer() app.Env {
	return app.Env{Name: "shipping", Group: "shipping", Inputs: []string{"orders"}}
}

// sound says what is wrong with the dead letter of the record that was sent; "" when it is as it should be.
func sound(letter, sent *kgo.Record, attempts string) string {
	switch n := len(sent.Headers); {
	case string(letter.Value) != string(sent.Value):
		return "value"
	case len(letter.Headers) != n+7 || n > 0 && string(letter.Headers[0].Value) != string(sent.Headers[0].Value):
		return "headers"
	case letter.Timestamp.UnixMilli() != sent.Timestamp.UnixMilli():
		return "timestamp"
	case string(letter.Headers[n+6].Value) != attempts:
		return "attempts"
	}
	return ""
}

// What a dead letter holds: the poison was redriven once.
func TestWrongLetters(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "", "dlq-payload-altered": "value", "dlq-headers-dropped": "headers", "dlq-timestamp-now": "timestamp",
		"dlq-attempts-reset": "attempts",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := dlqconsumer.Run
			if name != "" {
				run = variant(t, name)
			}
			l := lab.New(t)
			l.Topic(t, "orders", 1)
			l.Topic(t, "orders_dlq", 1)
			trace := kgo.RecordHeader{Key: "trace", Value: []byte("a")}
			poison := &kgo.Record{Topic: "orders", Value: []byte("poison"), Timestamp: time.UnixMilli(1_700_000_000_000),
				Headers: []kgo.RecordHeader{trace}}
			again := *poison
			again.Headers = []kgo.RecordHeader{trace, {Key: "dlq-attempts", Value: []byte("1")}}
			l.Send(t, poison, &again)
			running := l.Start(t, run, consumer(), "")
			running.Until(t, 1, "msg=committed ", "offset=2 ")
			letters := l.Read(t, "orders_dlq")
			if len(letters) != 2 {
				t.Fatalf("got %d dead letters, want 2", len(letters))
			}
			got := sound(letters[0], poison, "1")
			if got == "" {
				got = sound(letters[1], poison, "2")
			}
			if got != want {
				t.Errorf("got wrong %q, want %q", got, want)
			}
		})
	}
}

// What becomes of records: processed lines, dead letters, and the two together.
func TestWrongFates(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "processed 3, dead letters 1, both 0", "dlq-drops-poison": "processed 3, dead letters 0, both 0",
		"dlq-both": "processed 4, dead letters 1, both 1", "dlq-transient-dead-lettered": "processed 0, dead letters 4, " +
			"both 0",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := dlqconsumer.Run
			if name != "" {
				run = variant(t, name)
			}
			l := lab.New(t)
			l.Topic(t, "orders", 1)
			l.Topic(t, "orders_dlq", 1)
			l.Values(t, "orders", 0, "{}", "poison", "{}", "{}")
			running := l.Start(t, run, consumer(), "fail-transient: 2\nretry-backoff: 1ms")
			running.Until(t, 1, "msg=committed ", "offset=4 ")
			both, letters := 0, l.Read(t, "orders_dlq")
			for _, r := range letters {
				both += len(running.Lines("msg=processed ", fmt.Sprintf("offset=%s ", r.Headers[2].Value)))
			}
			got := fmt.Sprintf("processed %d, dead letters %d, both %d", len(running.Lines("msg=processed ")), len(letters),
				both)
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// The right one ends with the refused letter's record uncommitted; the wrong one commits, and goes on.
func TestWrongCommit(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int64{"": 1, "dlq-commit-before-safe": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := dlqconsumer.Run
			if name != "" {
				run = variant(t, name)
			}
			l := lab.New(t)
			l.Topic(t, "orders", 1)
			l.Topic(t, "orders_dlq", 1, "max.message.bytes", "1000")
			l.Values(t, "orders", 0, "{}", strings.Repeat("poison", 300), "{}")
			running := l.Start(t, run, consumer(), "")
			l.UntilCommitted(t, "shipping", "orders", map[int32]int64{0: want})
			if name != "" {
				return
			}
			if err := running.Wait(t); err == nil {
				t.Error("got no error, want the dead letter refused")
			}
			if got := l.Committed(t, "shipping", "orders")[0]; got != want {
				t.Errorf("got committed offset %d, want %d", got, want)
			}
		})
	}
}

func TestWrongBlocking(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	l.Topic(t, "orders_dlq", 1)
	l.Values(t, "orders", 0, "{}", "poison", "{}")
	running := l.Start(t, variant(t, "dlq-poison-blocks"), consumer(),
		"retry-backoff: 1ms\nretry-backoff-max: 2ms\nretries: 1\ncommit-every: 5ms")
	running.Until(t, 50, "msg=retrying ", "offset=1 ")
	if err := running.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	if got := l.Committed(t, "shipping", "orders")[0]; got != 1 {
		t.Errorf("got committed offset %d, want 1, the poison", got)
	}
}
