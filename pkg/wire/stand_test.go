package wire

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	kafka "github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// stand is a cluster of one broker behind the wire, with the topics orders (two partitions) and payments (one).
type stand struct {
	t        testing.TB
	ctx      context.Context
	proxy    *Proxy
	recorder *recorder
	admin    *kadm.Client // not through the wire
	node     int32        // id of the broker
	names    *kafka.Names
	handle   *Handle // of the rule
}

func (s *stand) topic(name string) string { return s.names.Topic(name) }
func (s *stand) group(name string) string { return s.names.Group(name) }
func (s *stand) id(name string) string    { return s.names.TransactionalID(name) }

// eachStand runs a test on kfake, where each stand has a cluster of its own, and on Apache Kafka, where all share one.
func eachStand(t *testing.T, test func(*testing.T, func(*testing.T) *stand)) {
	t.Run("kfake", func(t *testing.T) {
		test(t, func(t *testing.T) *stand {
			c := cluster(t, 1, kfake.SeedTopics(2, "orders"), kfake.SeedTopics(1, "payments"))
			return newStand(t, Options{Upstream: c.ListenAddrs()}, kafka.NewNames(""), direct(t, c.ListenAddrs()))
		})
	})
	t.Run("kafka", func(t *testing.T) {
		backend := realBrokers(t, 1)
		test(t, func(t *testing.T) *stand {
			session := openSession(t, backend)
			client, err := session.Client()
			if err != nil {
				t.Fatal(err)
			}
			for topic, partitions := range map[string]int32{"orders": 2, "payments": 1} {
				if _, err := kadm.NewClient(client).CreateTopic(deadline(t), partitions, -1, nil,
					session.Names().Topic(topic)); err != nil {
					t.Fatal(err)
				}
			}
			return newStand(t, Options{Upstream: session.Bootstrap(), Access: session.Access(), Names: session.Names()},
				session.Names(), client)
		})
	})
}

func newStand(t *testing.T, o Options, names *kafka.Names, admin *kgo.Client) *stand {
	t.Helper()
	// A Java client alone takes seconds to start on a busy machine.
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	s := &stand{t: t, ctx: ctx, recorder: new(recorder), admin: kadm.NewClient(admin), names: names}
	o.Observe, o.Seed = s.recorder.observe, 42
	var err error
	if s.proxy, err = New(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.proxy.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := kafka.AwaitTopics(ctx, admin, map[string]int32{names.Topic("orders"): 0,
		names.Topic("payments"): 0}); err != nil {
		t.Fatal(err)
	}
	brokers, err := s.admin.ListBrokers(ctx)
	if err != nil || len(brokers) != 1 {
		t.Fatalf("got %d brokers, error %v, want one", len(brokers), err)
	}
	s.node = brokers[0].NodeID
	return s
}

// client is a franz-go client of an application that sends each record where it says.
func (s *stand) client(app string, options ...kgo.Opt) *kgo.Client {
	return client(s.t, s.proxy, app, append([]kgo.Opt{kgo.RecordPartitioner(kgo.ManualPartitioner())}, options...)...)
}

func (s *stand) record(topic string, partition int32) *kgo.Record {
	return &kgo.Record{Topic: s.topic(topic), Partition: partition, Value: []byte("v")}
}

// attempts are those of the application "app" to write, to commit and to end transactions.
func (s *stand) attempts() string {
	by := make(map[string][]string)
	for _, e := range s.recorder.all() {
		if e.App != "app" {
			continue
		}
		var about string
		var code int16
		switch d := e.Detail.(type) {
		case *journal.Attempt:
			about, code = fmt.Sprintf("%s/%d", e.Topic, e.Partition), d.Code
		case *journal.Commit:
			about, code = fmt.Sprintf("%s %s/%d", e.Group, e.Topic, e.Partition), d.Code
		case *journal.Transaction:
			about, code = d.TransactionalID, d.Code
		}
		if _, ok := e.Detail.(*journal.Transaction); about == "" || ok && e.Request.API != "EndTxn" {
			continue
		}
		if code == kerr.ConcurrentTransactions.Code && e.Request.Outcome == journal.Answered {
			continue // a broker that is still at the former attempt has it asked again
		}
		how := string(e.Request.Outcome)
		if code != 0 && e.Request.Outcome != journal.Cut { // what was cut was never told
			how += " " + errorName(code)
		}
		by[about] = append(by[about], how)
	}
	var all []string
	for _, about := range slices.Sorted(maps.Keys(by)) {
		all = append(all, about+": "+counted(by[about]))
	}
	return strings.Join(all, "; ")
}

// counted writes what comes several times in a row once: "refused ×3, answered".
func counted(words []string) string {
	var all []string
	for i := 0; i < len(words); {
		n := i
		for n < len(words) && words[n] == words[i] {
			n++
		}
		if n-i > 1 {
			all = append(all, fmt.Sprintf("%s ×%d", words[i], n-i))
		} else {
			all = append(all, words[i])
		}
		i = n
	}
	return strings.Join(all, ", ")
}

// nameOf is Kafka's name of an error, NONE for none.
func nameOf(err error) string {
	var known *kerr.Error
	switch {
	case err == nil:
		return "NONE"
	case errors.As(err, &known):
		return errorName(known.Code)
	}
	return err.Error()
}

// written counts what the partitions hold, control markers included.
func written(s *stand) (n int64) {
	s.t.Helper()
	ends, err := s.admin.ListEndOffsets(s.ctx, s.topic("orders"), s.topic("payments"))
	if err = errors.Join(err, ends.Error()); err != nil {
		s.t.Fatal(err)
	}
	ends.Each(func(o kadm.ListedOffset) { n += o.Offset })
	return n
}

// writtenInTransactions waits for two records and the marker behind each: Apache Kafka answers before it has written
// the markers.
func writtenInTransactions(s *stand) (n int64) {
	s.t.Helper()
	_ = await.Until(s.ctx, await.Options{Within: within, What: "the markers"}, func(context.Context) (bool, error) {
		n = written(s)
		return n >= 4, nil
	})
	return n
}

// committed is the offset that the group shipping has committed for orders/0, -1 for none.
func committed(s *stand) int64 {
	s.t.Helper()
	offsets, err := s.admin.FetchOffsets(s.ctx, s.group("shipping"))
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		s.t.Fatal(err)
	}
	if o, ok := offsets.Lookup(s.topic("orders"), 0); ok {
		return o.At
	}
	return -1
}
