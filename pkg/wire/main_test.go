package wire

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kversion"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// within is how long a test waits for what must happen.
const within = 20 * time.Second

func deadline(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	t.Cleanup(cancel)
	return ctx
}

// cluster starts kfake; options are added to a cluster of n brokers.
func cluster(t testing.TB, n int, options ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	options = append([]kfake.Opt{
		kfake.NumBrokers(n), kfake.SleepOutOfOrder(),
		kfake.BrokerConfigs(map[string]string{"group.consumer.heartbeat.interval.ms": "100"}),
	}, options...)
	c, err := kfake.NewCluster(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// wired puts a proxy in front of a cluster. It must be closed within a second.
func wired(t testing.TB, c *kfake.Cluster, o Options) *Proxy {
	t.Helper()
	o.Upstream = c.ListenAddrs()
	p, err := New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		start := time.Now()
		if err := p.Close(); err != nil {
			t.Errorf("close: got %v, want no error", err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("close: took %v, want at most 1s", took)
		}
	})
	return p
}

// client is a franz-go client of one application.
func client(t testing.TB, p *Proxy, app string, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	l, err := p.Application(app)
	if err != nil {
		t.Fatal(err)
	}
	return direct(t, l.Bootstrap(), append([]kgo.Opt{kgo.ClientID(app)}, options...)...)
}

func direct(t testing.TB, bootstrap []string, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	options = append([]kgo.Opt{
		kgo.SeedBrokers(bootstrap...), kgo.ProducerLinger(0), kgo.MetadataMinAge(50 * time.Millisecond),
		kgo.RetryBackoffFn(func(int) time.Duration { return 20 * time.Millisecond }),
		kgo.FetchMaxWait(200 * time.Millisecond),
	}, options...)
	c, err := kgo.NewClient(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseAllowingRebalance)
	return c
}

// awaitFired waits until a rule has fired n times.
func awaitFired(ctx context.Context, t testing.TB, h *Handle, n int) {
	t.Helper()
	err := await.Until(ctx, await.Options{Within: within, What: fmt.Sprintf("%d times that %s", n, h.Rule())},
		func(context.Context) (bool, error) { return h.Fired() >= n, nil })
	if err != nil {
		t.Fatal(err)
	}
}

// numbered makes records with values 0 to n-1, eight keys.
func numbered(topic string, n int) []*kgo.Record {
	records := make([]*kgo.Record, n)
	for i := range records {
		records[i] = &kgo.Record{Topic: topic, Key: fmt.Append(nil, i%8), Value: fmt.Append(nil, i)}
	}
	return records
}

// read polls until n records are there and returns how often each value came.
func read(ctx context.Context, t testing.TB, c *kgo.Client, n int) map[string]int {
	t.Helper()
	values := make(map[string]int)
	for got := 0; got < n; {
		fetches := c.PollFetches(ctx)
		if ctx.Err() != nil {
			t.Fatalf("got %d records, want %d", got, n)
		}
		fetches.EachRecord(func(r *kgo.Record) { values[string(r.Value)]++; got++ })
		c.AllowRebalance()
	}
	return values
}

// wantOnce fails unless the values are 0 to n-1, each times times.
func wantOnce(t testing.TB, values map[string]int, n int) {
	t.Helper()
	if len(values) != n {
		t.Errorf("got %d values, want %d", len(values), n)
	}
	for value, times := range values {
		if times != 1 {
			t.Errorf("value %s: got it %d times, want once", value, times)
		}
	}
}

// version limits one API to a version, as an older client would.
func version(key, newest int16) *kversion.Versions {
	versions := kversion.Stable()
	versions.SetMaxKeyVersion(key, newest)
	return versions
}
