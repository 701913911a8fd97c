package wire

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// ownersOf are the times in which members of group shipping owned a partition, as its facts tell.
func ownersOf(r *recorder, topic string, partition int32) []membership.Ownership {
	return slices.DeleteFunc(membership.Ownerships(r.all(), "shipping"), func(o membership.Ownership) bool {
		return o.Topic != topic || o.Partition != partition
	})
}

// protocol is a way to share partitions.
type protocol struct {
	options []kgo.Opt
	moves   bool // only what moves is interrupted
}

var protocols = map[string]protocol{
	"eager":        {[]kgo.Opt{kgo.Balancers(kgo.RangeBalancer())}, false},
	"cooperative":  {[]kgo.Opt{kgo.Balancers(kgo.CooperativeStickyBalancer())}, true},
	"new protocol": {[]kgo.Opt{kgo.ServerSideBalancer()}, true},
}

func TestHistoryOfRealGroups(t *testing.T) {
	t.Parallel()
	for name, protocol := range protocols {
		t.Run(name, func(t *testing.T) {
			c := cluster(t, 3, kfake.SeedTopics(6, "orders-ks"))
			r := new(recorder)
			protocol.share(t, wired(t, c, Options{Observe: r.observe, Names: suffixed{}}), r, "orders-ks", "shipping-ks")
		})
	}
}

// share lets a second member come and go, and looks at the history of the six partitions. The names are physical; the
// history has "orders" and "shipping".
func (protocol protocol) share(t *testing.T, p *Proxy, r *recorder, topic, group string) {
	const partitions = 6
	ctx := deadline(t)
	if err := client(t, p, "producer").ProduceSync(ctx, numbered(topic, 100)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	options := append(slices.Clone(protocol.options), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.HeartbeatInterval(50*time.Millisecond))
	first := client(t, p, "first", options...)
	read(ctx, t, first, 100)
	if err := first.CommitUncommittedOffsets(ctx); err != nil {
		t.Fatal(err)
	}
	second := client(t, p, "second", options...)
	waitOwned(ctx, t, r, map[string]int{"first": partitions / 2, "second": partitions / 2})
	second.Close() // leaves
	waitOwned(ctx, t, r, map[string]int{"first": partitions})
	stayed := 0
	for n := range int32(partitions) {
		owners := ownersOf(r, "orders", n)
		for i := 1; i < len(owners); i++ {
			if before := owners[i-1]; before.Member != owners[i].Member && (before.To == 0 || before.To > owners[i].From) {
				t.Errorf("partition %d: got %+v, want no overlap", n, owners)
			}
		}
		if len(owners) == 1 {
			stayed++
		}
		commits, _ := of[*journal.Commit](r.all())
		i := slices.IndexFunc(commits, func(f journal.Fact) bool { return f.Group == "shipping" && f.Partition == n })
		if i >= 0 && commits[i].App != "first" {
			t.Errorf("partition %d: got commit %+v, want the first by first", n, commits[i])
		}
	}
	if want := map[bool]int{true: partitions / 2}[protocol.moves]; stayed != want {
		t.Errorf("got %d partitions that never moved, want %d", stayed, want)
	}
}

// waitOwned waits until every application owns as many partitions as said.
func waitOwned(ctx context.Context, t testing.TB, r *recorder, want map[string]int) {
	t.Helper()
	var got map[string]int
	err := await.Until(ctx, await.Options{Within: within, What: "ownership " + fmt.Sprint(want)},
		func(context.Context) (bool, error) {
			got = make(map[string]int)
			for _, o := range membership.Ownerships(r.all(), "shipping") {
				if o.End == membership.Owning {
					got[o.App]++
				}
			}
			return cmp.Equal(got, want), nil
		})
	if err != nil {
		t.Fatalf("%v; got %v", err, got)
	}
}
