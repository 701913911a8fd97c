package joiner_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

const quick = "commit-interval: 20ms\n"

func env(name string) app.Env {
	return app.Env{Name: name, Group: "joins", Inputs: []string{"user_events", "payment_events"}}
}

func topics(t *testing.T, users, payments int32) *lab.Lab {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "user_events", users)
	l.Topic(t, "payment_events", payments)
	l.Topic(t, "enriched_events", 1)
	l.Topic(t, "unmatched_payments", 1)
	l.Topic(t, "joins_changelog", users, "cleanup.policy", "compact")
	return l
}

func user(partition int32, key string, second int, value string) *kgo.Record {
	r := &kgo.Record{Topic: "user_events", Partition: partition, Key: []byte(key),
		Timestamp: time.Unix(1_700_000_000+int64(second), 0)}
	if value != "" {
		r.Value = []byte(value)
	}
	return r
}

func payment(partition int32, key string, second int, id string) *kgo.Record {
	r := user(partition, key, second, fmt.Sprintf(`{"id":%q}`, id))
	r.Topic = "payment_events"
	return r
}

// results are what the outputs hold, sorted.
func results(t *testing.T, l *lab.Lab) []string {
	t.Helper()
	var all []string
	for _, topic := range []string{"enriched_events", "unmatched_payments"} {
		for _, r := range l.Read(t, topic) {
			text := fmt.Sprintf("%s %s %d %s", topic, r.Key, r.Timestamp.Unix()-1_700_000_000, r.Value)
			for _, h := range r.Headers {
				text += fmt.Sprintf(" %s=%s", h.Key, h.Value)
			}
			all = append(all, text)
		}
	}
	return slices.Sorted(slices.Values(all))
}

// Every order of five events gives the same results: 120 partitions, each with an order of its own, where each event
// arrives after the one before it has been processed.
func TestEveryArrivalOrder(t *testing.T) {
	var orders [][]int
	permute(5, func(order []int) { orders = append(orders, slices.Clone(order)) })
	partitions := int32(len(orders))
	l := topics(t, partitions, partitions)
	run := l.Start(t, joiner.Run, env("joiner"), quick+"wait: 1m")
	ends := map[string]map[int32]int64{"user_events": {}, "payment_events": {}}
	send := func(records ...*kgo.Record) {
		l.Send(t, records...)
		for _, r := range records {
			ends[r.Topic][r.Partition]++
		}
		for topic, want := range ends {
			if len(want) == int(partitions) {
				l.UntilCommitted(t, "joins", topic, want)
			}
		}
	}
	for step := range 5 {
		var records []*kgo.Record
		for p, order := range orders {
			key := fmt.Sprintf("u%d", p)
			events := []*kgo.Record{
				user(int32(p), key, 10, `"Ada"`), user(int32(p), key, 30, `"Ada Lovelace"`), user(int32(p), key, 50, ""),
				payment(int32(p), key, 20, "a"), payment(int32(p), key, 30, "b"),
			}
			records = append(records, events[order[step]])
		}
		send(records...)
	}
	if got := results(t, l); len(got) > 0 {
		t.Errorf("got %d results before their time, the first %s", len(got), got[0])
	}
	var want []string
	var last []*kgo.Record
	for p := range partitions {
		last = append(last, user(p, "nobody", 100, `""`))
		want = append(want, fmt.Sprintf(`enriched_events u%d 20 {"id":"a","user":"Ada"}`, p),
			fmt.Sprintf(`enriched_events u%d 30 {"id":"b","user":"Ada Lovelace"}`, p))
	}
	send(last...)
	slices.Sort(want)
	if err := run.Stop(t); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(want, results(t, l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func permute(n int, see func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var from func(int)
	from = func(k int) {
		if k == n {
			see(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			from(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	from(0)
}

func TestCountsThatDiffer(t *testing.T) {
	l := topics(t, 3, 2)
	err := l.Start(t, joiner.Run, env("joiner"), quick).Wait(t)
	want := `joiner: topic "payment_events" has 2 partitions, want 3, as many as "user_events": a user's payments must be on the partition of the user; create it anew with 3, or set repartition: true`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// Payments of a topic with other partitions are brought to their users, each once, also by two instances.
func TestRepartition(t *testing.T) {
	l := topics(t, 3, 2)
	sticky := kgo.StickyKeyPartitioner(nil).ForTopic("")
	var want []string
	for i := range 60 {
		key := fmt.Sprintf("u%d", i%20)
		p := payment(int32(i%2), key, 10, fmt.Sprint(i))
		p.Headers = []kgo.RecordHeader{{Key: "trace", Value: []byte("x")}}
		l.Send(t, p)
		if i < 20 {
			u := user(0, key, 5, fmt.Sprintf("%q", key))
			u.Partition = int32(sticky.Partition(u, 3))
			l.Send(t, u)
		}
		want = append(want, fmt.Sprintf(`enriched_events %s 10 {"id":"%d","user":%q} trace=x`, key, i, key))
	}
	for p := range int32(3) {
		l.Send(t, user(p, "nobody", 1000, `""`))
	}
	slices.Sort(want)
	settings := quick + "repartition: true\nsession-timeout: 2s\nheartbeat-interval: 100ms"
	first := l.Start(t, joiner.Run, env("a"), settings)
	second := l.Start(t, joiner.Run, env("b"), settings)
	first.UntilTrue(t, func() bool { return len(results(t, l)) >= len(want) }, second)
	for _, run := range []*lab.Running{first, second} {
		if err := run.Stop(t); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(want, results(t, l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSettings(t *testing.T) {
	for settings, want := range map[string]string{
		"wait: soon": `settings.yaml:1: wait: got "soon", want a duration such as 250ms, 5s or 2m`,
		"wiat: 5s":   `settings.yaml:1: got unknown setting "wiat"; did you mean "wait"?`,
		"buffer: 0":  "setting buffer: got 0, want at least 1",
		"wait: 2h": "setting history: got 1h0m0s, want at least wait, 2h0m0s: a payment that " +
			"waited would find the versions of its time forgotten",
		"unmatched: enriched_events":          `topic "enriched_events" has two uses; give users, payments, enriched, unmatched, changelog-topic and repartition-topic a topic each`,
		"users: customers":                    `got the input topics [user_events payment_events], want "customers" and "payment_events" among them; let the application read both, or set users and payments to those it reads`,
		"assignor: cooperative-sticky":        "range",
		"commit-interval: 20s":                "less than transaction-timeout",
		"enriched: nowhere\nwait: 1s":         `topic "nowhere"`,
		"changelog-topic: enriched_events\n#": `topic "enriched_events" has two uses`,
		"users: nobody\npayments: nothing":    "nobody",
	} {
		t.Run(settings, func(t *testing.T) {
			t.Parallel()
			l := topics(t, 2, 2)
			err := l.Start(t, joiner.Run, env("joiner"), settings).Wait(t)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v\nwant %s", err, want)
			}
		})
	}
}
