package clients_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// The ways from a client to the cluster.
const (
	direct  = "direct"
	wired   = "wire"
	cut     = "wire, an answer cut"
	delayed = "wire, answers late"
)

// lateness is how late an answer comes that is delayed.
const lateness = 300 * time.Millisecond

// patience is how long a row may take, on a busy machine.
const patience = 90 * time.Second

// scene is one row on a cluster, with names of its own.
type scene struct {
	*testing.T
	ctx    context.Context
	row    row
	names  *cluster.Names
	admin  *kadm.Client
	client func(...kgo.Opt) (*kgo.Client, error)

	settings map[string]string // for the driver
	proxy    *wire.Proxy       // nil: direct
	fault    *wire.Handle      // nil: none
	seen     *journal.Journal  // by the wire
}

func (s *scene) topic(suffix string) string { return s.names.Topic("t") + suffix }
func (s *scene) group() string              { return s.names.Group("g") }

// open makes the topics and what the row needs, and the way to the cluster.
func open(t *testing.T, r row, way string, p place) *scene {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	t.Cleanup(stop)
	s := &scene{T: t, ctx: ctx, row: r, settings: make(map[string]string), seen: journal.New()}
	at := p.open(s)
	maps.Copy(s.settings, r.settings)
	client, err := s.client()
	if err != nil {
		t.Fatal(err)
	}
	s.admin = kadm.NewClient(client)
	counts := make(map[string]int32)
	for suffix, partitions := range r.topics {
		if _, err := s.admin.CreateTopic(ctx, partitions, 1, nil, s.topic(suffix)); err != nil {
			t.Fatal(err)
		}
		counts[s.topic(suffix)] = partitions
	}
	if err := cluster.AwaitTopics(ctx, client, counts); err != nil {
		t.Fatal(err)
	}
	if r.before != nil {
		r.before(s)
	}
	s.settings["topic"], s.settings["in"] = s.topic(""), s.topic("-in")
	s.settings["group"], s.settings["id"] = s.group(), s.names.TransactionalID("id")
	s.settings["bootstrap"] = strings.Join(at.bootstrap, ",")
	if way != direct {
		if r.login.tls { // the wire gets in with its own, and applications need none
			for _, name := range []string{"user", "password", "mechanism", "protocol", "ca"} {
				delete(s.settings, name)
			}
		} else {
			at.access = access.Access{} // applications bring their own
		}
		s.wire(way, at)
	}
	return s
}

// wire puts the wire between the client and the cluster, with a fault.
func (s *scene) wire(way string, at address) {
	s.Helper()
	proxy, err := wire.New(context.Background(), wire.Options{Upstream: at.bootstrap, Access: at.access, Names: s.names,
		Observe: func(f journal.Fact) { s.seen.Add(f) }, Since: s.seen.Since})
	if err != nil {
		s.Fatal(err)
	}
	s.proxy = proxy
	s.Cleanup(func() {
		if err := proxy.Close(); err != nil {
			s.Error(err)
		}
		if s.Failed() {
			s.Logf("the wire saw\n%s", s.seen.Timeline(func(*journal.Fact) bool { return true }, 200))
		}
	})
	link, err := proxy.Application("app")
	if err != nil {
		s.Fatal(err)
	}
	s.settings["bootstrap"] = strings.Join(link.Bootstrap(), ",")
	var rule wire.Rule
	switch way {
	case cut:
		rule = wire.On(s.row.cut, wire.CutAfter())
		rule.Times = 1
	case delayed:
		rule = wire.On(s.row.delay, wire.Delay(lateness))
		rule.Times = 3
	default:
		return
	}
	if s.fault, err = proxy.Add(rule); err != nil {
		s.Fatal(err)
	}
}

// judge holds what the driver said, what is left in the cluster and what the wire saw against what is expected.
func (s *scene) judge(said string) {
	s.Helper()
	if want := "result " + s.row.want; said != want {
		s.Fatalf("got %s, want %s", said, want)
	}
	if s.row.after != nil {
		s.row.after(s)
	}
	if s.fault != nil && s.fault.Fired() == 0 {
		s.Errorf("%s: it has not struck", s.fault.Rule())
	}
	if s.proxy != nil && len(s.seen.Select(nil)) == 0 {
		s.Error("the wire has seen nothing")
	}
	for _, f := range s.seen.Select(journal.Kinds(journal.Note)) {
		s.Errorf("got the note %q, want everything read", f.Text)
	}
}

func (s *scene) send(suffix string, records []*kgo.Record, options ...kgo.Opt) {
	s.Helper()
	client, err := s.client(append(options, kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
	if err != nil {
		s.Fatal(err)
	}
	for i, r := range records {
		r.Topic = s.topic(suffix)
		if r.Partition < 0 {
			r.Partition = int32(i) % s.row.topics[suffix]
		}
	}
	if err := client.ProduceSync(s.ctx, records...).FirstErr(); err != nil {
		s.Fatal(err)
	}
}

// read has so many committed records, and fails if there are more.
func (s *scene) read(suffix string, count int) (got []*kgo.Record) {
	s.Helper()
	client, err := s.client(kgo.ConsumeTopics(s.topic(suffix)), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		s.Fatal(err)
	}
	defer client.Close()
	ends, err := s.admin.ListCommittedOffsets(s.ctx, s.topic(suffix))
	if err = errors.Join(err, ends.Error()); err != nil {
		s.Fatal(err)
	}
	left := int64(0)
	ends.Each(func(o kadm.ListedOffset) { left += o.Offset })
	for int64(len(got)) < left {
		fetches := client.PollFetches(s.ctx)
		if err := fetches.Err(); err != nil {
			s.Fatal(err)
		}
		got = append(got, fetches.Records()...)
	}
	if len(got) != count {
		s.Errorf("got %d records in %s, want %d", len(got), s.topic(suffix), count)
	}
	slices.SortFunc(got, func(a, b *kgo.Record) int { return cmp.Compare(a.Offset, b.Offset) })
	return got
}

func (s *scene) wantCommitted(suffix string, want int64) {
	s.Helper()
	offsets, err := s.admin.FetchOffsets(s.ctx, s.group())
	if err != nil {
		s.Fatal(err)
	}
	got := int64(0)
	offsets.Each(func(o kadm.OffsetResponse) {
		if o.Topic == s.topic(suffix) {
			got += o.At
		}
	})
	if got != want {
		s.Errorf("got committed offsets of %d in all, want %d", got, want)
	}
}

func (s *scene) configure(name, value string) {
	s.Helper()
	answers, err := s.admin.AlterTopicConfigs(s.ctx, []kadm.AlterConfig{{Op: kadm.SetConfig, Name: name, Value: &value}},
		s.topic(""))
	if err == nil {
		_, err = answers.On(s.topic(""), func(r *kadm.AlterConfigsResponse) error { return r.Err })
	}
	if err != nil {
		s.Fatal(err)
	}
}

// commit leaves the group without members and with an offset.
func (s *scene) commit(at int64) {
	s.Helper()
	offsets := make(kadm.Offsets)
	offsets.AddOffset(s.topic(""), 0, at, -1)
	if err := s.admin.CommitAllOffsets(s.ctx, s.group(), offsets); err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		s.Fatal(err)
	}
}
