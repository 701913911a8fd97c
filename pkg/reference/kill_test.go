package reference_test

import (
	"fmt"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

// fates is a Sink that counts what the log says of each record.
type fates struct {
	mu        sync.Mutex
	processed map[string]int // by partition/offset
	changed   chan struct{}
}

func (f *fates) Line(string, string) {}

func (f *fates) Event(_, kind string, fields map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kind == "processed" {
		f.processed[fields["partition"]+"/"+fields["offset"]]++
	}
	close(f.changed)
	f.changed = make(chan struct{})
}

// until waits for the processed records to be so many.
func (f *fates) until(t *testing.T, l *lab.Lab, n int) {
	t.Helper()
	for {
		f.mu.Lock()
		got, changed := len(f.processed), f.changed
		f.mu.Unlock()
		if got >= n {
			return
		}
		select {
		case <-changed:
		case <-l.Ctx.Done():
			t.Fatalf("got %d processed records, want %d", got, n)
		}
	}
}

// A dlq-consumer that is killed again and again loses nothing; and in transactions no dead letter is there twice.
func TestKilledConsumerLosesNothing(t *testing.T) {
	const records = 2000
	for _, mode := range []string{"transactional: false", "transactional: true"} {
		t.Run(mode, func(t *testing.T) {
			l := lab.New(t)
			l.Topic(t, "orders", 2)
			l.Topic(t, "orders_dlq", 1)
			poisoned := 0
			for i := range records {
				value := fmt.Sprintf(`{"seq": %d}`, i)
				if i%5 == 0 {
					value, poisoned = fmt.Sprintf("poison %d", i), poisoned+1
				}
				l.Values(t, "orders", int32(i%2), value)
			}
			settings, err := app.ParseSettings([]byte(mode+"\nsession-timeout: 1s\nheartbeat-interval: 100ms\nbatch: 20"),
				source.Place{File: "settings.yaml"})
			if err != nil {
				t.Fatal(err)
			}
			seen := &fates{processed: map[string]int{}, changed: make(chan struct{})}
			a, err := app.Start(l.Ctx, app.Definition{Name: "shipping", AsProcess: true, Reference: "dlq-consumer"}, app.Env{
				Bootstrap: l.Fake.ListenAddrs(), Group: "shipping", Inputs: []string{"orders"}, Settings: settings,
			}, seen)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = a.Close(l.Ctx) }()
			for _, at := range []int{100, 500, 900} {
				seen.until(t, l, at)
				if err := a.Kill(); err != nil {
					t.Fatal(err)
				}
				if err := a.Restart(l.Ctx); err != nil {
					t.Fatal(err)
				}
			}
			if mode == "transactional: false" { // with transactions, lines may be missing after a kill
				seen.until(t, l, records-poisoned)
			}
			l.UntilCommitted(t, "shipping", "orders", map[int32]int64{0: records / 2, 1: records / 2})
			if err := a.Stop(l.Ctx); err != nil {
				t.Error(err)
			}
			letters := map[string]int{}
			for _, r := range l.Read(t, "orders_dlq") {
				letters[string(r.Value)]++
			}
			if len(letters) != poisoned {
				t.Errorf("got dead letters of %d records, want %d", len(letters), poisoned)
			}
			for value, n := range letters {
				if n > 1 && mode == "transactional: true" {
					t.Errorf("got %d dead letters of %q, want one", n, value)
				}
			}
		})
	}
}
