package dlqredrive_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqredrive"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func consumer() app.Env {
	return app.Env{Name: "shipping", Group: "shipping", Inputs: []string{"orders"}}
}

func redriver() app.Env {
	return app.Env{Name: "redrive", Group: "redrive", Inputs: []string{"orders_dlq"}}
}

func bench(t *testing.T) *lab.Lab {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "orders", 3)
	l.Topic(t, "orders_dlq", 2)
	l.Topic(t, "orders_dlq_parking", 1)
	return l
}

// show is all of a record that must come back.
func show(r *kgo.Record) string {
	text := fmt.Sprintf("%d %q=%q @%d", r.Partition, r.Key, r.Value, r.Timestamp.UnixMilli())
	for _, h := range r.Headers {
		text += fmt.Sprintf(" %s:%s", h.Key, h.Value)
	}
	return text
}

func shows(records []*kgo.Record) []string {
	var all []string
	for _, r := range records {
		all = append(all, show(r))
	}
	return all
}

// Poison goes to the dead letters and back, for each mode of the consumer, and what comes back is the record.
func TestLettersGoBackWholeAndAttemptsGoOn(t *testing.T) {
	for _, mode := range []string{"transactional: false", "transactional: true"} {
		t.Run(mode, func(t *testing.T) {
			l := bench(t)
			at := time.UnixMilli(1_700_000_000_000)
			l.Send(t,
				&kgo.Record{Topic: "orders", Partition: 2, Key: []byte("u1"), Value: []byte("bad"), Timestamp: at,
					Headers: []kgo.RecordHeader{{Key: "trace", Value: []byte("a")}}},
				&kgo.Record{Topic: "orders", Partition: 1, Value: []byte("bad too"), Timestamp: at.Add(time.Second)},
			)
			run := l.Start(t, dlqconsumer.Run, consumer(), mode)
			for round := 1; round <= 3; round++ {
				run.Until(t, 1, "msg=committed ", fmt.Sprintf("partition=1 offset=%d ", round))
				run.Until(t, 1, "msg=committed ", fmt.Sprintf("partition=2 offset=%d ", round))
				redrive := l.Start(t, dlqredrive.Run, redriver(), "max-attempts: 3")
				if err := redrive.Wait(t); err != nil {
					t.Fatal(err)
				}
				want := "msg=done redriven=2 parked=0 "
				if round == 3 {
					want = "msg=done redriven=0 parked=2 "
				}
				redrive.Until(t, 1, want)
			}
			want := []string{
				`1 ""="bad too" @1700000001000`, `1 ""="bad too" @1700000001000 dlq-attempts:1`,
				`1 ""="bad too" @1700000001000 dlq-attempts:2`,
				`2 "u1"="bad" @1700000000000 trace:a`, `2 "u1"="bad" @1700000000000 trace:a dlq-attempts:1`,
				`2 "u1"="bad" @1700000000000 trace:a dlq-attempts:2`,
			}
			if diff := cmp.Diff(want, shows(l.Read(t, "orders"))); diff != "" {
				t.Errorf("orders differ (-want +got):\n%s", diff)
			}
			parked := shows(l.Read(t, "orders_dlq_parking"))
			if len(parked) != 2 || !strings.Contains(strings.Join(parked, "\n"),
				`"u1"="bad" @1700000000000 trace:a dlq-source-topic:orders dlq-source-partition:2 dlq-source-offset:2`) {
				t.Errorf("got parked records %q, want both letters as they were", parked)
			}
			if got := len(l.Read(t, "orders_dlq")); got != 6 {
				t.Errorf("got %d dead letters, want 6", got)
			}
		})
	}
}

// What fails again while it runs is left for the next run, however fast it comes back.
func TestEndIsTheEndAtTheStart(t *testing.T) {
	l := bench(t)
	l.Values(t, "orders", 0, strings.Fields(strings.Repeat("poison ", 50))...)
	run := l.Start(t, dlqconsumer.Run, consumer(), "")
	run.Until(t, 1, "msg=committed ", "offset=50 ")
	redrive := l.Start(t, dlqredrive.Run, redriver(), "batch: 1")
	if err := redrive.Wait(t); err != nil {
		t.Fatal(err)
	}
	redrive.Until(t, 1, "msg=done redriven=50 parked=0 ")
	if got := len(l.Read(t, "orders")); got != 100 {
		t.Errorf("got %d records, want 100", got)
	}
}

func TestNothingToDoEndsAtOnce(t *testing.T) {
	l := bench(t)
	run := l.Start(t, dlqredrive.Run, redriver(), "")
	if err := run.Wait(t); err != nil {
		t.Error(err)
	}
	run.Until(t, 1, "msg=done redriven=0 parked=0 ")
}

func TestFollowGoesOn(t *testing.T) {
	l := bench(t)
	run := l.Start(t, dlqredrive.Run, redriver(), "follow: true\nmax-attempts: 2")
	for n := 1; n <= 3; n++ {
		l.Send(t, &kgo.Record{Topic: "orders_dlq", Value: []byte("{}"),
			Headers: []kgo.RecordHeader{{Key: "dlq-source-topic", Value: []byte("orders")}}})
		run.Until(t, n, "msg=redriven topic=orders_dlq partition=0 ", "to=orders ")
	}
	if err := run.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	if diff := cmp.Diff(map[int32]int64{0: 3}, l.Committed(t, "redrive", "orders_dlq")); diff != "" {
		t.Errorf("committed offsets differ (-want +got):\n%s", diff)
	}
}

func TestRefusedRecordStopsBeforeItsLetterIsCommitted(t *testing.T) {
	l := bench(t)
	letter := func(value string) *kgo.Record {
		return &kgo.Record{Topic: "orders_dlq", Value: []byte(value),
			Headers: []kgo.RecordHeader{{Key: "dlq-source-topic", Value: []byte("orders")}}}
	}
	l.Send(t, letter("{}"), letter(strings.Repeat("x", 3000)), letter("{}"))
	l.Set(t, "orders", "max.message.bytes", "2000")
	run := l.Start(t, dlqredrive.Run, redriver(), "")
	if err := run.Wait(t); err == nil || !strings.Contains(err.Error(),
		"letter of topic orders_dlq partition 0 offset 1 to orders: MESSAGE_TOO_LARGE") {
		t.Errorf("got error %v, want one that names the letter and MESSAGE_TOO_LARGE", err)
	}
	if diff := cmp.Diff(map[int32]int64{0: 1}, l.Committed(t, "redrive", "orders_dlq")); diff != "" {
		t.Errorf("committed offsets differ (-want +got):\n%s", diff)
	}
}

func TestWhatIsNoLetterIsParked(t *testing.T) {
	l := bench(t)
	l.Send(t, &kgo.Record{Topic: "orders_dlq", Key: []byte("k"), Value: []byte("stray")})
	run := l.Start(t, dlqredrive.Run, redriver(), "")
	if err := run.Wait(t); err != nil {
		t.Error(err)
	}
	if got := l.Read(t, "orders_dlq_parking"); len(got) != 1 || string(got[0].Value) != "stray" {
		t.Errorf("got parked %v, want the stray record", got)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	l := bench(t)
	if err := l.Start(t, dlqredrive.Run, redriver(), "follow: true").Wait(t); err == nil ||
		!strings.Contains(err.Error(), "set max-attempts") {
		t.Errorf("got error %v, want max-attempts asked for", err)
	}
}
