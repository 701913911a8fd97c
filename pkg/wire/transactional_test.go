package wire

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	kafka "github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestTransactionalIDsAreTheScenariosOwn runs a transaction each of two scenarios on one cluster, at the same time and
// with the same id, which would end each other's.
func TestTransactionalIDsAreTheScenariosOwn(t *testing.T) {
	for name, newest := range map[string]*kversion.Versions{
		"newest": nil, "before flexible versions": kversion.V2_3_0(), "keys in a list": kversion.V3_0_0(),
	} {
		t.Run(name, func(t *testing.T) {
			c := clusterOf(t)
			ctx := deadline(t)
			var producers []*kgo.Client
			var r recorder
			for i := range 2 {
				names := kafka.NewNames(fmt.Sprintf("ks-0000000%d-", i))
				p := wired(t, c, Options{Names: names, TransactionalID: names.OwnTransactionalID(), Observe: r.observe})
				options := []kgo.Opt{kgo.TransactionalID("same")}
				if newest != nil {
					options = append(options, kgo.MaxVersions(newest))
				}
				producers = append(producers, client(t, p, "app", options...))
			}
			for _, producer := range producers { // the second one begins while the first is at work
				if err := producer.BeginTransaction(); err != nil {
					t.Fatal(err)
				}
				if err := producer.ProduceSync(ctx, numbered("orders", 3)...).FirstErr(); err != nil {
					t.Fatal(err)
				}
			}
			for _, producer := range producers {
				if err := producer.EndTransaction(ctx, kgo.TryCommit); err != nil {
					t.Errorf("got %v, want both transactions committed", err)
				}
			}
			listed, err := kadm.NewClient(direct(t, c.ListenAddrs())).ListTransactions(ctx, nil, nil)
			if got := listed.TransactionalIDs(); err != nil || strings.Join(got, " ") !=
				"ks-00000000-same ks-00000001-same" {
				t.Errorf("got the transactional ids %q (%v), want one of each scenario", got, err)
			}
			_, transactions := of[*journal.Transaction](r.all())
			_, attempts := of[*journal.Attempt](r.all())
			for _, tx := range transactions {
				if tx.TransactionalID != "same" {
					t.Errorf("got the id %q in a fact, want that of the application", tx.TransactionalID)
				}
			}
			for _, a := range attempts {
				if a.TransactionalID != "same" {
					t.Errorf("got the id %q in an attempt, want that of the application", a.TransactionalID)
				}
			}
			if len(transactions) == 0 || len(attempts) == 0 {
				t.Errorf("got %d facts of transactions and %d attempts, want some", len(transactions), len(attempts))
			}
		})
	}
}

// TestOffsetsInTransactionsKeepTheirID commits offsets in a transaction under an id that is renamed.
func TestOffsetsInTransactionsKeepTheirID(t *testing.T) {
	c := clusterOf(t)
	ctx := deadline(t)
	names := kafka.NewNames("ks-00000000-")
	var drained atomic.Int32
	var r recorder
	p := wired(t, c, Options{Names: names, TransactionalID: names.OwnTransactionalID(), Observe: r.observe,
		Committing: func(string) { drained.Add(1) }})
	if err := client(t, p, "filler").ProduceSync(ctx, numbered("orders", 5)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	link, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	session, err := kgo.NewGroupTransactSession(kgo.SeedBrokers(link.Bootstrap()...), kgo.TransactionalID("same"),
		kgo.ConsumerGroup("g"), kgo.ConsumeTopics("orders"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if err := session.Begin(); err != nil {
		t.Fatal(err)
	}
	for got := 0; got < 5; {
		got += session.PollFetches(ctx).NumRecords()
	}
	if committed, err := session.End(ctx, kgo.TryCommit); err != nil || !committed {
		t.Fatalf("got committed %v, %v, want a commit", committed, err)
	}
	if n := drained.Load(); n < 2 {
		t.Errorf("got %d requests that wait for log lines, want the offsets and the end of the transaction", n)
	}
	facts, commits := of[*journal.Commit](r.all())
	if len(commits) != 1 || commits[0].TransactionalID != "same" || facts[0].Group != "g" || facts[0].Offset != 5 {
		t.Errorf("got the commits %+v, want one of offset 5 in group g by same", facts)
	}
	offsets, err := kadm.NewClient(direct(t, c.ListenAddrs())).FetchOffsets(ctx, "g")
	if o, _ := offsets.Lookup("orders", 0); err != nil || o.At != 5 {
		t.Errorf("got the committed offset %d (%v), want 5", o.At, err)
	}
}

func clusterOf(t *testing.T) *kfake.Cluster { return cluster(t, 1, kfake.SeedTopics(1, "orders")) }

// TestUnreadableIDsPass passes on what names no transactional id, and what cannot be read.
func TestUnreadableIDsPass(t *testing.T) {
	p := &Proxy{options: Options{TransactionalID: func(id string) string { return "ks-" + id }}}
	c := &connection{listener: &listener{link: &Link{proxy: p}}}
	group := kmsg.NewPtrFindCoordinatorRequest()
	group.CoordinatorKey = "g"
	plain := kmsg.NewPtrProduceRequest()
	plain.Version = 9
	for name, frame := range map[string][]byte{
		"a group":      kmsg.NewRequestFormatter().AppendRequest(nil, group, 1),
		"no id":        kmsg.NewRequestFormatter().AppendRequest(nil, plain, 1),
		"cut short":    kmsg.NewRequestFormatter().AppendRequest(nil, plain, 1)[:14],
		"another kind": kmsg.NewRequestFormatter().AppendRequest(nil, kmsg.NewPtrHeartbeatRequest(), 1),
	} {
		x := &exchange{requestHead: requestHead{size: len(frame), key: kmsg.Key(frame[5]), version: int16(frame[7])}}
		if got := c.withOwnIDs(x, frame); string(got) != string(frame) || x.ids != nil {
			t.Errorf("%s: got %x, want it as it was: %x", name, got, frame)
		}
	}
}
