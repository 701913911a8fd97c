package world

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// TestShareGroupsAreNoConsumerGroups holds that the members of a share group are counted, and that nothing is said of
// commits and owners that it does not have, whether it is heard through the wire or only known to the cluster.
func TestShareGroupsAreNoConsumerGroups(t *testing.T) {
	for _, wired := range []bool{true, false} {
		topic := newTopic(t)
		w, ctx := topic.world, t.Context()
		brokers := w.Session.Bootstrap()
		if wired {
			proxy, err := w.wire(ctx)
			if err != nil {
				t.Fatal(err)
			}
			link, err := proxy.Application("app")
			if err != nil {
				t.Fatal(err)
			}
			brokers = link.Bootstrap()
		}
		client, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.ShareGroup("workers"), kgo.ConsumeTopics("orders"))
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		group := w.Group("workers")
		err = await.Until(ctx, await.Options{Within: 10 * time.Second, What: "the member"},
			func(ctx context.Context) (bool, error) {
				members, err := group.members(ctx)
				return len(members) == 1 && members[0].partitions["orders"] == 1, err
			})
		if err != nil {
			t.Fatal(err)
		}
		_, committed := group.Committed(ctx, topic)
		said := map[string]error{"committed": committed, "no lag": group.NoLag(ctx, topic)}
		if wired {
			said["owners"] = group.Judge(topic, func(h *membership.History) verdict.Result { return verdict.Owners(h) })
		}
		for what, err := range said {
			if !errors.Is(err, verdict.ErrInconclusive) || !IsFinal(err) || !strings.Contains(err.Error(), "share group") {
				t.Errorf("%s (wired: %t): got %v, want it inconclusive at once, as it is a share group", what, wired, err)
			}
		}
	}
}

// TestGroupsOfOtherKindsThatAreNone holds that a group which does not exist has no members, on a cluster that has no
// groups of the other kinds either.
func TestGroupsOfOtherKindsThatAreNone(t *testing.T) {
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(t.Context(), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	w := topicIn(t, Options{Session: session}).world
	if members, err := w.Group("nobody").Members(t.Context()); members != 0 || err != nil {
		t.Errorf("got %d members, %v, want none", members, err)
	}
}
