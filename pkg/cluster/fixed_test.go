package cluster_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// observer is an administrator that belongs to nobody.
func observer(t *testing.T, running *kfake.Cluster) (*kgo.Client, *kadm.Client) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(running.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client, kadm.NewClient(client)
}

// there are the names of all topics and groups.
func there(t *testing.T, client *kgo.Client) (topics, groups []string) {
	t.Helper()
	admin := kadm.NewClient(client)
	listed, err := kmsg.NewPtrMetadataRequest().RequestWith(within(t), client) // kadm remembers topics for a while
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range listed.Topics {
		topics = append(topics, *topic.Topic)
	}
	inGroups, err := admin.ListGroups(within(t))
	if err != nil {
		t.Fatal(err)
	}
	return topics, inGroups.Groups()
}

func makeTopics(t *testing.T, session cluster.Session, names ...string) {
	t.Helper()
	made, err := kadm.NewClient(client(t, session)).CreateTopics(within(t), 1, -1, nil, names...)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range made {
		if topic.Err != nil {
			t.Fatal(topic.Topic, topic.Err)
		}
	}
}

// madeByApplication says that applications made topics, whether or not they may have.
func madeByApplication(session cluster.Session, names ...string) {
	for _, name := range names {
		session.(cluster.Owner).Made(name)
	}
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %s %v, want %v", what, got, want)
	}
}

var orders = cluster.Needs{Fixed: &cluster.Fixed{Topics: []string{"orders", "prices"}, Groups: []string{"shipping"}}}

// What a scenario and its application made goes at its end, before anybody else begins. All else stays: what was there
// before, whatever its name, and what others make meanwhile.
func TestFixedNamesAreLeftAsTheyWere(t *testing.T) {
	running := fake(t, kfake.SeedTopics(1, "somebodys", "prices", "orders-archive", "shipping-old-changelog"))
	backend := connect(t, running.ListenAddrs(), access.Access{})
	client, admin := observer(t, running)
	commitFor(t, admin, "shipping", "prices")
	session, err := backend.Open(within(t), orders)
	if err != nil {
		t.Fatal(err)
	}
	if topic := session.Names().Topic("orders"); topic != "orders" {
		t.Errorf("got topic %q, want orders", topic)
	}
	names := session.Names()
	if own := names.Own("x"); names.TransactionalID("x") != "x" || own == "x" || names.Undo(own) != "x" {
		t.Errorf("got transactional ids %q and %q, want one of kafkaspec's own", names.TransactionalID("x"), own)
	}
	makeTopics(t, session, "orders", "orders-retry-0", "orders.DLT", "shipping-store-changelog", "prices_dlq",
		"orders-of-a-colleague")
	madeByApplication(session, "orders-retry-0", "orders.DLT", "shipping-store-changelog", "prices_dlq", "prices")
	others := open(t, backend) // of a scenario with names of its own, at the same time
	createTopic(t, others, "orders", 1)
	makeTopics(t, session, "ordersold", "returns", "shippings-x", "eu-orders")
	joinClassic(t, client, "shipping")
	joinClassic(t, client, "somebody")

	if err := session.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	topics, groups := there(t, client)
	same(t, "topics", topics, "eu-orders", others.Names().Topic("orders"), "orders-archive", "orders-of-a-colleague",
		"ordersold", "prices", "returns", "shipping-old-changelog", "shippings-x", "somebodys")
	same(t, "groups", groups, "shipping", "somebody")
	described, err := admin.DescribeGroups(within(t), "shipping")
	if err != nil || len(described["shipping"].Members) != 0 {
		t.Errorf("got members %v (%v), want none left in a group that was there before", described["shipping"].Members, err)
	}
	committed, err := admin.FetchOffsets(within(t), "shipping")
	if at, ok := committed.Lookup("prices", 0); err != nil || !ok || at.At != 0 {
		t.Errorf("got commits %v (%v), want the group's as they were", committed, err)
	}
}

// A group that the scenario made goes with its members, and the next scenario finds all names free.
func TestFixedNamesAreFreeForTheNext(t *testing.T) {
	running := fake(t)
	backend := connect(t, running.ListenAddrs(), access.Access{})
	client, _ := observer(t, running)
	for range 3 {
		session, err := backend.Open(within(t), orders)
		if err != nil {
			t.Fatal(err)
		}
		makeTopics(t, session, "orders", "shipping-store-changelog")
		madeByApplication(session, "shipping-store-changelog", "returns")
		joinConsumer(t, client, "shipping", "orders")
		if owner := session.(cluster.Owner); !owner.OwnsTopic("shipping-store-changelog") || owner.OwnsTopic("returns") {
			t.Error("got the wrong topics for the scenario's own")
		}
		if err := session.Close(within(t)); err != nil {
			t.Fatal(err)
		}
		topics, groups := there(t, client)
		same(t, "topics", topics)
		same(t, "groups", groups)
	}
}

// Scenarios whose names are empty texts, or parts of Kafka's own, claim nothing by them.
func TestFixedNamesClaimNoPrefixOfAll(t *testing.T) {
	running := fake(t)
	backend := connect(t, running.ListenAddrs(), access.Access{})
	client, admin := observer(t, running)
	for _, name := range []string{"", "_", "_.", "o"} {
		session, err := backend.Open(within(t), cluster.Needs{Fixed: &cluster.Fixed{Topics: []string{name, ""},
			Groups: []string{name, ""}}})
		if err != nil {
			t.Fatal(err)
		}
		topics := []string{"orders", "__kept", "ks-01234567-01234567-x", "-orders", ".orders"}
		makeTopics(t, session, topics...)
		madeByApplication(session, topics...)
		if err := session.Close(within(t)); err != nil {
			t.Fatal(err)
		}
		left, _ := there(t, client)
		slices.Sort(topics)
		same(t, "topics", left, topics...)
		if deleted, err := admin.DeleteTopics(within(t), topics...); err != nil || deleted.Error() != nil {
			t.Fatal(err, deleted)
		}
	}
}

func TestFixedNamesOfAGroupInUse(t *testing.T) {
	running := fake(t)
	backend := connect(t, running.ListenAddrs(), access.Access{})
	client, _ := observer(t, running)
	joinClassic(t, client, "shipping")
	_, err := backend.Open(within(t), orders)
	if !errors.Is(err, cluster.ErrInUse) || !strings.Contains(err.Error(), `group "shipping" has members`) {
		t.Errorf("got error %v, want one that names the group in use", err)
	}
}

// What could not be deleted is tried again before another scenario with such names begins, and at the end.
func TestFixedNamesAreDeletedInTheEnd(t *testing.T) {
	running := fake(t)
	backend, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging",
		Bootstrap: running.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	client, _ := observer(t, running)
	refusals := 0
	running.ControlKey(int16(kmsg.DeleteTopics), func(request kmsg.Request) (kmsg.Response, error, bool) {
		running.KeepControl()
		if refusals--; refusals < 0 {
			return nil, nil, false
		}
		response := request.ResponseKind().(*kmsg.DeleteTopicsResponse)
		answer := kmsg.NewDeleteTopicsResponseTopic()
		answer.Topic, answer.ErrorCode = kmsg.StringPtr("orders"), kerr.TopicAuthorizationFailed.Code
		response.Topics = append(response.Topics, answer)
		return response, nil, true
	})
	for range 2 {
		session, err := backend.Open(within(t), orders) // the second time, it deletes first
		if err != nil {
			t.Fatal(err)
		}
		if topics, _ := there(t, client); len(topics) > 0 {
			t.Errorf("got topics %v before the scenario begins, want none", topics)
		}
		makeTopics(t, session, "orders")
		refusals = 1
		if err := session.Close(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	if topics, _ := there(t, client); !slices.Equal(topics, []string{"orders"}) {
		t.Errorf("got topics %v, want orders, which could not be deleted", topics)
	}
	refusals = 1
	if err := backend.Close(within(t)); err == nil || !strings.Contains(err.Error(), "orders, prices, shipping") {
		t.Errorf("got error %v, want one that names what may be left", err)
	}
}

// commitFor makes a group that is there before the scenario.
func commitFor(t *testing.T, admin *kadm.Client, group, topic string) {
	t.Helper()
	offsets := kadm.Offsets{}
	offsets.AddOffset(topic, 0, 0, -1)
	if err := admin.CommitAllOffsets(within(t), group, offsets); err != nil {
		t.Fatal(err)
	}
}
