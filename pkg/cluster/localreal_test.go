package cluster_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestLocalThreeBrokersPowers(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	backend := startLocal(t, cluster.LocalOptions{Brokers: 3})
	t.Run("leader", func(t *testing.T) { testMoveLeader(t, backend) })
	t.Run("coordinator", func(t *testing.T) { testMoveCoordinator(t, backend) })
	t.Run("stop", func(t *testing.T) {
		testBrokerLoss(t, backend, cluster.BrokerStopped, cluster.BrokerStarted)
	})
	t.Run("kill", func(t *testing.T) {
		testBrokerLoss(t, backend, cluster.BrokerKilled, cluster.BrokerStarted)
	})
	t.Run("pause", func(t *testing.T) {
		testBrokerLoss(t, backend, cluster.BrokerPaused, cluster.BrokerResumed)
	})
	t.Run("restore", func(t *testing.T) { testRestore(t, backend) })
	t.Run("evict", func(t *testing.T) { testEvict(t, backend) })
}

// testBrokerLoss writes with all copies demanded while the leader is away, and after it is back.
func testBrokerLoss(t *testing.T, backend cluster.Backend, lose, regain cluster.BrokerChange) {
	session := open(t, backend)
	topic := createTopic(t, session, "orders", 1)
	// Short timeouts, because a paused broker holds a request as long as the client lets it.
	producer := client(t, session, kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProduceRequestTimeout(time.Second),
		kgo.RequestTimeoutOverhead(time.Second))
	produce := func() {
		t.Helper()
		if err := producer.ProduceSync(within(t), &kgo.Record{Topic: topic, Value: []byte("v")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	produce()
	controller, lost := session.(cluster.BrokerController), leader(t, session, topic, 0)
	lap := stopwatch(t)
	if err := controller.ChangeBroker(within(t), lost, lose); err != nil {
		t.Fatal(err)
	}
	lap("lost")
	produce()
	lap("produced without it")
	if got := leader(t, session, topic, 0); got == lost {
		t.Errorf("got leader %d, want another: it is away", got)
	}
	lap("found the new leader")
	if err := controller.ChangeBroker(within(t), lost, regain); err != nil {
		t.Fatal(err)
	}
	lap("back")
	details, err := kadm.NewClient(client(t, session)).ListTopics(within(t), topic)
	if err != nil {
		t.Fatal(err)
	}
	if isr := details[topic].Partitions[0].ISR; len(isr) != 3 {
		t.Errorf("got %v in sync, want all three", isr)
	}
	produce()
	if err := session.(cluster.LeaderMover).MoveLeader(within(t), topic, 0, lost); err != nil {
		t.Error(err)
	}
	produce()
}

func stopwatch(t *testing.T) func(string) {
	start := time.Now()
	return func(what string) {
		t.Logf("%s after %v", what, time.Since(start).Round(time.Millisecond))
		start = time.Now()
	}
}

// testRestore leaves brokers as a careless scenario does.
func testRestore(t *testing.T, backend cluster.Backend) {
	session := open(t, backend)
	topic := createTopic(t, session, "orders", 1)
	controller := session.(cluster.BrokerController)
	if err := controller.ChangeBroker(within(t), 0, cluster.BrokerKilled); err != nil {
		t.Fatal(err)
	}
	if err := controller.ChangeBroker(within(t), 2, cluster.BrokerPaused); err != nil {
		t.Fatal(err)
	}
	lap := stopwatch(t)
	if err := session.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	lap("brought back")
	next := open(t, backend)
	brokers, err := kadm.NewClient(client(t, next)).ListBrokers(within(t))
	if err != nil || len(brokers) != 3 {
		t.Errorf("got brokers %v and error %v, want three", brokers.NodeIDs(), err)
	}
	// What earlier scenarios left is deleted before a broker is taken away again.
	if err := next.(cluster.BrokerController).ChangeBroker(within(t), 1, cluster.BrokerPaused); err != nil {
		t.Fatal(err)
	}
	if err := next.(cluster.BrokerController).ChangeBroker(within(t), 1, cluster.BrokerResumed); err != nil {
		t.Fatal(err)
	}
	topics, err := kadm.NewClient(client(t, next)).ListTopics(within(t))
	if err != nil || topics.Has(topic) {
		t.Errorf("got topics %v and error %v, want %s deleted", topics.Names(), err, topic)
	}
}

func testMoveLeader(t *testing.T, backend cluster.Backend) {
	session := open(t, backend)
	topic := session.Names().Topic("single")
	admin := kadm.NewClient(client(t, session))
	if _, err := admin.CreateTopic(within(t), 1, 1, nil, topic); err != nil { // one copy: it has to move with the leader
		t.Fatal(err)
	}
	for _, logical := range []string{"single", "copied"} {
		if logical == "copied" {
			topic = createTopic(t, session, logical, 1)
		}
		lap := stopwatch(t)
		for broker := range int32(3) {
			if err := session.(cluster.LeaderMover).MoveLeader(within(t), topic, 0, broker); err != nil {
				t.Fatal(err)
			}
			if got := leader(t, session, topic, 0); got != broker {
				t.Errorf("%s: got leader %d, want %d", logical, got, broker)
			}
			lap(logical)
		}
	}
}

func testMoveCoordinator(t *testing.T, backend cluster.Backend) {
	session := open(t, backend)
	topic, group := createTopic(t, session, "orders", 1), session.Names().Group("shipping")
	roundTrip(t, session, topic, group)
	before := coordinator(t, session, group)
	if err := session.(cluster.CoordinatorMover).MoveCoordinator(within(t), group); err != nil {
		t.Fatal(err)
	}
	if after := coordinator(t, session, group); after == before {
		t.Errorf("got coordinator %d again, want another", after)
	}
	offsets, err := kadm.NewClient(client(t, session)).FetchOffsets(within(t), group)
	if err != nil {
		t.Fatal(err)
	}
	if committed, ok := offsets.Lookup(topic, 0); !ok || committed.At != 1 {
		t.Errorf("got offsets %v, want 1 committed", offsets)
	}
}

// testEvict leaves members that never say goodbye, as killed applications do.
func testEvict(t *testing.T, backend cluster.Backend) {
	session := open(t, backend)
	topic := createTopic(t, session, "orders", 1)
	observer, err := kgo.NewClient(kgo.SeedBrokers(session.Bootstrap()...))
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	groups := []string{session.Names().Group("killed-classic"), session.Names().Group("killed-consumer")}
	joinClassic(t, observer, groups[0])
	joinConsumer(t, observer, groups[1], topic)
	lap := stopwatch(t)
	if err := session.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	lap("closed")
	for range cluster.CleanTogether {
		if err := open(t, backend).Close(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	admin := kadm.NewClient(observer)
	err = await.Until(within(t), await.Options{Within: time.Minute, What: "the groups to be deleted"},
		func(ctx context.Context) (bool, error) {
			left, err := admin.ListGroups(ctx)
			return !slices.ContainsFunc(left.Groups(), func(group string) bool { return slices.Contains(groups, group) }), err
		})
	if err != nil {
		t.Error(err)
	}
	lap("deleted")
}

// TestLocalOAuthBearer uses Kafka's unsecured tokens: what its clients and brokers do for testing, without a signature.
func TestLocalOAuthBearer(t *testing.T) {
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	now := time.Now().Unix()
	token := encode(`{"alg":"none"}`) + "." + encode(fmt.Sprintf(`{"sub":"alice","iat":%d,"exp":%d}`, now, now+3600)) + "."
	login := access.Access{SASL: &access.SASL{Mechanism: access.OAuthBearer, Token: token}}
	backend := startLocal(t, cluster.LocalOptions{Brokers: 1, Access: login, Properties: map[string]string{
		"listener.security.protocol.map":                     "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
		"sasl.enabled.mechanisms":                            "OAUTHBEARER",
		"sasl.mechanism.inter.broker.protocol":               "OAUTHBEARER",
		"listener.name.clients.oauthbearer.sasl.jaas.config": `org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
	}})
	session := open(t, connect(t, open(t, backend).Bootstrap(), login))
	roundTrip(t, session, createTopic(t, session, "orders", 1), session.Names().Group("shipping"))

	expired := encode(`{"alg":"none"}`) + "." + encode(`{"sub":"alice","iat":1000,"exp":2000}`) + "."
	for want, a := range map[string]access.Access{
		"password or token under sasl:": {SASL: &access.SASL{Mechanism: access.OAuthBearer, Token: expired}},
		"use a mechanism the broker":    {SASL: &access.SASL{Mechanism: access.Plain, Username: user, Password: wrong}},
		"add sasl:":                     {},
	} {
		_, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging", Bootstrap: session.Bootstrap(),
			Access: a})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		} else {
			t.Log(err)
		}
	}
}
