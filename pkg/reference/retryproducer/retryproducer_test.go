package retryproducer_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func env() app.Env { return app.Env{Name: "sender", Outputs: []string{"events"}} }

// refuse answers the next Produce requests with an error, and returns when requests came.
func refuse(l *lab.Lab, times int64, with *kerr.Error) *[]time.Time {
	return refuseAfter(l, 0, times, with)
}

// refuseAfter lets some requests pass before that.
func refuseAfter(l *lab.Lab, first, times int64, with *kerr.Error) *[]time.Time {
	var came []time.Time
	var seen atomic.Int64
	l.Fake.ControlKey(int16(kmsg.Produce), func(request kmsg.Request) (kmsg.Response, error, bool) {
		l.Fake.KeepControl()
		came = append(came, time.Now())
		if n := seen.Add(1); n <= first || n > first+times {
			return nil, nil, false
		}
		r := request.(*kmsg.ProduceRequest)
		answer := r.ResponseKind().(*kmsg.ProduceResponse)
		for _, t := range r.Topics {
			topic := kmsg.NewProduceResponseTopic()
			topic.Topic, topic.TopicID = t.Topic, t.TopicID
			for _, p := range t.Partitions {
				partition := kmsg.NewProduceResponseTopicPartition()
				partition.Partition, partition.ErrorCode = p.Partition, with.Code
				topic.Partitions = append(topic.Partitions, partition)
			}
			answer.Topics = append(answer.Topics, topic)
		}
		return answer, nil, true
	})
	return &came
}

// once checks that the events are there, each once and in order per user.
func once(t *testing.T, records []*kgo.Record, want int) {
	t.Helper()
	last, seen := map[string]string{}, map[string]bool{}
	for _, r := range records {
		seq := string(r.Headers[0].Value)
		seq = strings.Repeat("0", 6-len(seq)) + seq
		if seen[seq] || last[string(r.Key)] > seq {
			t.Fatalf("got event %s of %s after %s, want each once and in order", seq, r.Key, last[string(r.Key)])
		}
		seen[seq], last[string(r.Key)] = true, seq
	}
	if len(records) != want {
		t.Errorf("got %d records, want %d", len(records), want)
	}
}

func TestTransientErrorsHeal(t *testing.T) {
	t.Parallel()
	for _, failure := range []*kerr.Error{kerr.NotLeaderForPartition, kerr.NotEnoughReplicas, kerr.RequestTimedOut} {
		t.Run(failure.Message, func(t *testing.T) {
			t.Parallel()
			l := lab.New(t)
			l.Topic(t, "events", 3)
			l.Topic(t, "events_dlq", 1)
			came := refuse(l, 3, failure)
			run := l.Start(t, retryproducer.Run, env(), "events: 200\nfirst-delay: 20ms\njitter: 0%")
			if err := run.Wait(t); err != nil {
				t.Fatal(err)
			}
			run.Until(t, 3, "msg=retrying ")
			if got := run.Lines("msg=retrying "); len(got) != 3 {
				t.Errorf("got %d retries, want 3", len(got))
			}
			run.Until(t, 1, "msg=done acknowledged=200 refused=0")
			once(t, l.Read(t, "events"), 200)
			for i, least := range []time.Duration{20 * time.Millisecond, 40 * time.Millisecond, 80 * time.Millisecond} {
				if got := (*came)[i+1].Sub((*came)[i]); got < least {
					t.Errorf("retry %d: got %v after the attempt before, want at least %v", i+1, got, least)
				}
			}
		})
	}
}

func TestPermanentErrorsAreSetAside(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 3, "max.message.bytes", "5000")
	l.Topic(t, "events_dlq", 1)
	run := l.Start(t, retryproducer.Run, env(), "events: 200\noversize-every: 100\nstart: 2026-01-05T10:00:00Z")
	if err := run.Wait(t); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 1, "msg=done acknowledged=198 refused=2")
	once(t, l.Read(t, "events"), 198)
	letters := l.Read(t, "events_dlq")
	once(t, letters, 2)
	var headers []string
	for _, h := range letters[0].Headers {
		headers = append(headers, h.Key+"="+string(h.Value))
	}
	want := "seq=99 dlq-source-topic=events dlq-error-class=MESSAGE_TOO_LARGE dlq-error-message=MESSAGE_TOO_LARGE"
	if got := strings.Join(headers, " "); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "dlq-attempts=1") {
		t.Errorf("got headers %s, want them to start with %s", got, want)
	}
	if got := letters[0].Timestamp.UTC().Format(time.RFC3339Nano); got != "2026-01-05T10:00:00.099Z" {
		t.Errorf("got timestamp %s, want the record's", got)
	}
}

func TestARecordRefusedAloneIsSetAside(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 1)
	l.Topic(t, "events_dlq", 1)
	refuse(l, 1, kerr.InvalidRecord)
	run := l.Start(t, retryproducer.Run, env(), "events: 1")
	if err := run.Wait(t); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 1, "msg=done acknowledged=0 refused=1")
}

func TestABatchRefusedForOneRecordIsSentAgainOneByOne(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 1)
	l.Topic(t, "events_dlq", 1)
	// The first record goes alone, what follows is the batch.
	refuseAfter(l, 1, 1, kerr.InvalidRecord)
	run := l.Start(t, retryproducer.Run, env(), "events: 50")
	if err := run.Wait(t); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 1, "msg=done acknowledged=50 refused=0")
	once(t, l.Read(t, "events"), 50)
}

func TestAttemptsEnd(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 1)
	l.Topic(t, "events_dlq", 1)
	refuse(l, 3, kerr.NotEnoughReplicas)
	run := l.Start(t, retryproducer.Run, env(), "events: 2\nattempts: 3\nfirst-delay: 5ms")
	if err := run.Wait(t); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 1, "msg=dead-lettered ", "error=\"NOT_ENOUGH_REPLICAS", "attempts=3")
	run.Until(t, 1, "msg=done acknowledged=1 refused=1")
}

func TestUnknownTopicIsSetAsideWhole(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "letters", 1)
	run := l.Start(t, retryproducer.Run, env(), "events: 3\ntopic: nowhere\ndead-letter-topic: letters\nfirst-delay: 5ms")
	if err := run.Wait(t); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 3, "msg=dead-lettered topic=nowhere ", "error=\"UNKNOWN_TOPIC_OR_PARTITION")
	once(t, l.Read(t, "letters"), 3)
}

func TestALetterThatCannotBeWrittenEndsTheRun(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 1)
	l.Topic(t, "events_dlq", 1)
	refuse(l, 2, kerr.TopicAuthorizationFailed)
	run := l.Start(t, retryproducer.Run, env(), "events: 3")
	err := run.Wait(t)
	if err == nil || !strings.Contains(err.Error(),
		`record 0 with key "user-000000" is neither in "events" (TOPIC_AUTHORIZATION_FAILED`) {
		t.Errorf("got %v, want the record that is lost", err)
	}
	run.Until(t, 1, "level=ERROR msg=undelivered topic=events key=user-000000 seq=0 ")
}

func TestStopSettlesWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 1)
	l.Topic(t, "events_dlq", 1)
	refuse(l, 1, kerr.NotEnoughReplicas)
	run := l.Start(t, retryproducer.Run, env(), "events: 1M\nfirst-delay: 50ms")
	run.Until(t, 1, "msg=retrying ")
	if err := run.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	run.Until(t, 1, "msg=interrupted ")
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	for settings, want := range map[string]string{
		"users: 0":                  "users 0",
		"first-delay: 0s":           "first-delay 0s",
		"factor: 0.5":               "factor 0.5",
		"start: yesterday":          "want a time such as",
		"dead-letter-topic: events": "to another topic",
	} {
		err := l.Start(t, retryproducer.Run, env(), settings).Wait(t)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q in it", settings, err, want)
		}
	}
}
