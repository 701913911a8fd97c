package dlqconsumer_test

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
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func env() app.Env { return app.Env{Name: "shipping", Group: "shipping", Inputs: []string{"orders"}} }

func orders(t *testing.T, partitions int32) *lab.Lab {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "orders", partitions)
	l.Topic(t, "orders_dlq", 1)
	return l
}

func header(t *testing.T, r *kgo.Record, key string) string {
	t.Helper()
	for _, h := range r.Headers {
		if h.Key == key {
			return string(h.Value)
		}
	}
	t.Fatalf("got headers %v, want one named %s", r.Headers, key)
	return ""
}

func TestPoisonIsSetAsideWholeAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	l := orders(t, 1)
	poison := &kgo.Record{
		Topic: "orders", Key: []byte{0xff, 0x00}, Value: []byte("not json"), Timestamp: time.UnixMilli(1_700_000_000_123),
		Headers: []kgo.RecordHeader{{Key: "trace", Value: []byte("b")}, {Key: "empty"}, {Key: "trace", Value: []byte{0}},
			{Key: "dlq-attempts", Value: []byte("many")}},
	}
	l.Values(t, "orders", 0, `{"amount": 5}`)
	l.Send(t, poison)
	l.Values(t, "orders", 0, `{"amount": 7}`, "")
	l.Send(t, &kgo.Record{Topic: "orders", Key: []byte("tombstone")})
	run := l.Start(t, dlqconsumer.Run, env(), "")
	run.Until(t, 1, "msg=assigned topic=orders partitions=0 ")
	run.Until(t, 1, "msg=committed topic=orders partition=0 offset=5 ")

	if got := len(run.Lines("msg=processed ")); got != 3 {
		t.Errorf("got %d processed lines, want 3", got)
	}
	run.Until(t, 1, "msg=processed topic=orders partition=0 offset=0 key=u ")
	run.Until(t, 1, "msg=dead-lettered topic=orders partition=0 offset=1 ", "attempts=1 ")
	letters := l.Read(t, "orders_dlq")
	if len(letters) != 2 {
		t.Fatalf("got %d dead letters, want 2", len(letters))
	}
	got := letters[0]
	if diff := cmp.Diff([]any{poison.Key, poison.Value, poison.Timestamp.UnixMilli()},
		[]any{got.Key, got.Value, got.Timestamp.UnixMilli()}); diff != "" {
		t.Errorf("dead letter differs (-want +got):\n%s", diff)
	}
	text := ""
	for _, h := range got.Headers {
		text += fmt.Sprintf("%s=%s\n", h.Key, h.Value)
	}
	want := "trace=b\nempty=\ntrace=\x00\ndlq-attempts=many\n" +
		"dlq-source-topic=orders\ndlq-source-partition=0\ndlq-source-offset=1\ndlq-source-timestamp=1700000000123\n" +
		"dlq-error-class=decode\ndlq-error-message=not JSON: invalid character 'o' in literal null (expecting " +
		"'u')\ndlq-attempts=1\n"
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("headers differ (-want +got):\n%s", diff)
	}
	if err := run.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	run.Until(t, 1, "msg=revoked topic=orders partitions=0 ")
}

// fates maps partition/offset to what the log said, and fails on a second fate.
func fates(t *testing.T, runs ...*lab.Running) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, run := range runs {
		for _, line := range run.Lines("topic=orders") {
			var kind, topic, place string
			var partition, offset int
			if n, _ := fmt.Sscanf(strings.TrimPrefix(line, "level=INFO "), "msg=%s topic=%s partition=%d offset=%d", &kind,
				&topic, &partition, &offset); n != 4 {
				continue
			}
			if kind != "processed" && kind != "dead-lettered" {
				continue
			}
			place = fmt.Sprintf("%d/%d", partition, offset)
			if all[place] != "" {
				t.Errorf("got a second fate of record %s: %s after %s, want one", place, kind, all[place])
			}
			all[place] = kind
		}
	}
	return all
}

func fill(t *testing.T, l *lab.Lab, partitions int32, each int) {
	t.Helper()
	for p := range partitions {
		values := make([]string, each)
		for i := range values {
			values[i] = fmt.Sprintf(`{"seq": %d}`, i)
		}
		l.Values(t, "orders", p, values...)
	}
}

func TestSimulatedFailuresAreRepeatable(t *testing.T) {
	t.Parallel()
	var first map[string]string
	for range 2 {
		l := orders(t, 3)
		fill(t, l, 3, 1000)
		run := l.Start(t, dlqconsumer.Run, env(), "fail-rate: 10%\nfail-seed: 7\nbatch: 100")
		for p := range 3 {
			run.Until(t, 1, "msg=committed ", fmt.Sprintf("partition=%d offset=1000 ", p))
		}
		got := fates(t, run)
		if len(got) != 3000 {
			t.Errorf("got the fate of %d records, want 3000", len(got))
		}
		letters := l.Read(t, "orders_dlq")
		if len(letters) < 240 || len(letters) > 360 {
			t.Errorf("got %d dead letters of 3000 records at 10%%, want 240 to 360", len(letters))
		}
		for _, r := range letters {
			place := header(t, r, "dlq-source-partition") + "/" + header(t, r, "dlq-source-offset")
			if got[place] != "dead-lettered" {
				t.Errorf("got dead letter of %s, which the log calls %q", place, got[place])
			}
		}
		if first != nil {
			if diff := cmp.Diff(first, got); diff != "" {
				t.Errorf("second run differs (-first +second):\n%s", diff)
			}
		}
		first = got
	}
}

func TestTransientFailuresAreRetriedWithGrowingDelay(t *testing.T) {
	t.Parallel()
	l := orders(t, 1)
	l.Values(t, "orders", 0, "{}", "{}")
	run := l.Start(t, dlqconsumer.Run, env(), "fail-transient: 3\nretry-backoff: 5ms\ncommit-every: 7ms")
	run.Until(t, 1, "msg=committed ", "offset=2 ")
	for i, delay := range []string{"5ms", "10ms", "20ms"} {
		run.Until(t, 1, "msg=retrying topic=orders partition=0 offset=1 ", fmt.Sprintf("attempt=%d delay=%s ", i+1, delay))
	}
	if letters := l.Read(t, "orders_dlq"); len(letters) != 0 {
		t.Errorf("got %d dead letters, want none", len(letters))
	}
	fates(t, run)
}

func TestRetriesEndInADeadLetter(t *testing.T) {
	t.Parallel()
	l := orders(t, 1)
	l.Values(t, "orders", 0, "{}", "{}")
	run := l.Start(t, dlqconsumer.Run, env(), "fail-transient: 9\nretry-backoff: 1ms\nretries: 3")
	run.Until(t, 1, "msg=committed ", "offset=2 ")
	letters := l.Read(t, "orders_dlq")
	if len(letters) != 2 || header(t, letters[0], "dlq-error-class") != "retries-exhausted" ||
		header(t, letters[0], "dlq-attempts") != "4" {
		t.Errorf("got dead letters %v, want two with class retries-exhausted and 4 attempts", letters)
	}
}

func TestRefusedDeadLetterStopsTheApplication(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 2)
	l.Topic(t, "orders_dlq", 1, "max.message.bytes", "2000")
	l.Values(t, "orders", 0, "{}", "{}", strings.Repeat("x", 3000), "{}")
	run := l.Start(t, dlqconsumer.Run, env(), "")
	err := run.Wait(t)
	if err == nil || !strings.Contains(err.Error(), "dead letter of topic orders partition 0 offset 2 to orders_dlq: "+
		"MESSAGE_TOO_LARGE") {
		t.Errorf("got error %v, want one that names the record and MESSAGE_TOO_LARGE", err)
	}
	run.Until(t, 1, "level=ERROR msg=refused topic=orders partition=0 offset=2 key=u ")
	if diff := cmp.Diff(map[int32]int64{0: 2}, l.Committed(t, "shipping", "orders")); diff != "" {
		t.Errorf("committed offsets differ (-want +got):\n%s", diff)
	}
	// Once the topic takes it, nothing is missing and nothing is there twice.
	l.Set(t, "orders_dlq", "max.message.bytes", "100000")
	again := l.Start(t, dlqconsumer.Run, env(), "")
	again.Until(t, 1, "msg=committed ", "offset=4 ")
	if got := len(fates(t, run, again)); got != 4 {
		t.Errorf("got the fate of %d records, want 4", got)
	}
}

func TestMissingDeadLetterTopicIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	run := l.Start(t, dlqconsumer.Run, env(), "dead-letter-topic: aside")
	if err := run.Wait(t); err == nil || !strings.Contains(err.Error(), `topic "aside": UNKNOWN_TOPIC_OR_PARTITION`) {
		t.Errorf("got error %v, want UNKNOWN_TOPIC_OR_PARTITION for topic aside", err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	l := orders(t, 1)
	for settings, want := range map[string]string{
		"dead-letter-topic: orders": "read as well",
		"decode: xml":               "want json or none",
		"batch: 0":                  "batch 0",
		"fail-rat: 1%":              "fail-rate",
	} {
		if err := l.Start(t, dlqconsumer.Run, env(), settings).Wait(t); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q in it", settings, err, want)
		}
	}
}
