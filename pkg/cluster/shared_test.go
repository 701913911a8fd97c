package cluster_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestSharedSessionsDoNotMeet(t *testing.T) {
	running := fake(t)
	backend := connect(t, running.ListenAddrs(), access.Access{})
	first, second := open(t, backend), open(t, backend)
	one, other := createTopic(t, first, "orders", 1), createTopic(t, second, "orders", 1)
	if one == other || !strings.HasPrefix(one, "ks-") || len(one) != len("ks-01234567-01234567-orders") {
		t.Errorf("got topics %q and %q, want ks-<8 hex>-<8 hex>-orders, different", one, other)
	}
	roundTrip(t, first, one, first.Names().Group("shipping"))
	roundTrip(t, second, other, second.Names().Group("shipping"), kgo.ServerSideBalancer())
	if !backend.Describe().Shared {
		t.Error("got a description that is not shared, want one that is")
	}
}

// TestSharedCloseCleansUp also leaves what killed applications leave: group members that never say goodbye.
func TestSharedCloseCleansUp(t *testing.T) {
	running := fake(t, kfake.SeedTopics(1, "somebodys"))
	backend, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging",
		Bootstrap: running.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	observer, err := kgo.NewClient(kgo.SeedBrokers(running.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	session, err := backend.Open(within(t), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	topic := createTopic(t, session, "orders", 1)
	createTopic(t, session, "orders_dlq", 1)
	if _, err := kadm.NewClient(observer).CreateTopic(within(t), 1, 1, nil, "retry."+topic); err != nil {
		t.Fatal(err)
	}
	roundTrip(t, session, topic, session.Names().Group("shipping"))
	joinClassic(t, observer, session.Names().Group("killed-classic"))
	joinConsumer(t, observer, session.Names().Group("killed-consumer"), topic)
	joinClassic(t, observer, "somebody")

	if err := session.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := backend.Close(within(t)); err != nil { // waits for what goes on in the background
		t.Fatal(err)
	}
	admin := kadm.NewClient(observer)
	topics, err := admin.ListTopics(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if names := topics.Names(); len(names) != 1 || names[0] != "somebodys" {
		t.Errorf("got topics %v, want somebodys only", names)
	}
	groups, err := admin.ListGroups(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if names := groups.Groups(); len(names) != 1 || names[0] != "somebody" {
		t.Errorf("got groups %v, want somebody only", names)
	}
}

// What the client of all scenarios begins for one of them goes on for the others, and must not carry the label by which
// a scenario's goroutines are known: it would count as left behind where the others keep it busy.
func TestSharedClientCarriesNobodysLabel(t *testing.T) {
	running := fake(t)
	backend := connect(t, running.ListenAddrs(), access.Access{})
	pprof.Do(within(t), pprof.Labels("scenario", "mine"), func(ctx context.Context) {
		session, err := backend.Open(ctx, cluster.Needs{})
		if err != nil {
			t.Fatal(err)
		}
		createTopic(t, session, "orders", 1)
		var profile bytes.Buffer // while the client waits for its answer
		taken := make(chan struct{})
		running.ControlKey(int16(kmsg.DeleteTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
			defer close(taken)
			return nil, pprof.Lookup("goroutine").WriteTo(&profile, 1), false
		})
		for range cluster.CleanTogether - 1 {
			another, err := backend.Open(ctx, cluster.Needs{})
			if err != nil {
				t.Fatal(err)
			}
			if err := another.Close(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := session.Close(ctx); err != nil {
			t.Fatal(err)
		}
		select {
		case <-taken:
		case <-ctx.Done():
			t.Fatal("got no topics deleted, want those of the session that was closed")
		}
		if !strings.Contains(profile.String(), "kgo.(*brokerCxn)") {
			t.Fatal("got no goroutine of a client that waits, want the one that deletes topics")
		}
		for stack := range strings.SplitSeq(profile.String(), "\n\n") {
			if strings.Contains(stack, `"scenario":"mine"`) && strings.Contains(stack, "kgo.(*brokerCxn)") {
				t.Errorf("got a goroutine of the shared client with the scenario's label:\n%s", stack)
			}
		}
		profile.Reset()
		if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil ||
			!strings.Contains(profile.String(), `"scenario":"mine"`) {
			t.Errorf("got no goroutine with the label afterwards (%v), want this one to have it again", err)
		}
	})
}

func TestSharedReportsWhatItCouldNotDelete(t *testing.T) {
	running := fake(t)
	backend, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging",
		Bootstrap: running.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	session, err := backend.Open(within(t), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	topic := createTopic(t, session, "orders", 1)
	running.ControlKey(20, func(request kmsg.Request) (kmsg.Response, error, bool) {
		running.KeepControl()
		response := request.ResponseKind().(*kmsg.DeleteTopicsResponse)
		answer := kmsg.NewDeleteTopicsResponseTopic()
		answer.Topic, answer.ErrorCode = kmsg.StringPtr(topic), kerr.TopicAuthorizationFailed.Code
		response.Topics = append(response.Topics, answer)
		return response, nil, true
	})
	if err := session.Close(within(t)); err != nil {
		t.Errorf("got error %v from the session, want it from the backend, which tries again", err)
	}
	err = backend.Close(within(t))
	if err == nil || !strings.Contains(err.Error(), topic) || !strings.Contains(err.Error(),
		"TOPIC_AUTHORIZATION_FAILED") {
		t.Errorf("got error %v, want one with the topic and the reason", err)
	}
}

// A run that is interrupted leaves nothing, also when scenarios have just ended and their topics are not yet deleted.
func TestSharedCloseWaitsForTheBackground(t *testing.T) {
	running := fake(t)
	backend, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging",
		Bootstrap: running.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	var sessions []cluster.Session
	for range 20 {
		session := open(t, backend)
		createTopic(t, session, "orders", 1)
		sessions = append(sessions, session)
	}
	requests := 0
	running.ControlKey(int16(kmsg.DeleteTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
		running.KeepControl()
		requests++
		return nil, nil, false
	})
	interrupted, interrupt := context.WithCancel(within(t))
	interrupt()
	for _, session := range sessions {
		if err := session.Close(within(t)); err != nil {
			t.Error(err)
		}
	}
	if err := backend.Close(interrupted); err != nil {
		t.Error(err)
	}
	observer, err := kgo.NewClient(kgo.SeedBrokers(running.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	topics, err := kadm.NewClient(observer).ListTopics(within(t))
	if err != nil || len(topics) != 0 {
		t.Errorf("got topics %v and error %v, want none left", topics.Names(), err)
	}
	if requests == 0 || requests > 3 {
		t.Errorf("got %d requests for %d scenarios, want one for many of them", requests, len(sessions))
	}
}

func TestSharedTriesAgainToDelete(t *testing.T) {
	running := fake(t)
	backend := connect(t, running.ListenAddrs(), access.Access{})
	session, err := backend.Open(within(t), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	createTopic(t, session, "orders", 1)
	running.ControlKey(20, func(request kmsg.Request) (kmsg.Response, error, bool) { // once
		response := request.ResponseKind().(*kmsg.DeleteTopicsResponse)
		for _, topic := range request.(*kmsg.DeleteTopicsRequest).Topics {
			answer := kmsg.NewDeleteTopicsResponseTopic()
			answer.Topic, answer.ErrorCode = topic.Topic, kerr.RequestTimedOut.Code
			response.Topics = append(response.Topics, answer)
		}
		return response, nil, true
	})
	if err := session.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := backend.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	observer, err := kgo.NewClient(kgo.SeedBrokers(running.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	topics, err := kadm.NewClient(observer).ListTopics(within(t))
	if err != nil || len(topics) != 0 {
		t.Errorf("got topics %v and error %v, want none", topics.Names(), err)
	}
}

func TestSharedMovesLeadersOfItsOwnTopicsOnly(t *testing.T) {
	session := open(t, connect(t, fake(t, kfake.SeedTopics(1, "somebodys")).ListenAddrs(), access.Access{}))
	err := session.(cluster.LeaderMover).MoveLeader(within(t), "somebodys", 0, 1)
	if err == nil || !strings.Contains(err.Error(), "not a topic of this scenario") {
		t.Errorf("got error %v, want a refusal", err)
	}
}

func TestSharedShowsNoSecrets(t *testing.T) {
	login := access.Access{SASL: &access.SASL{Mechanism: access.Plain, Username: user, Password: secret}}
	backend := connect(t, fake(t, kfake.EnableSASL(), kfake.Superuser(access.Plain, user, secret)).ListenAddrs(), login)
	session := open(t, backend)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb+verb, backend, session); strings.Contains(text, secret) {
			t.Errorf("%s: got the secret in %s, want it hidden", verb, text)
		}
	}
}

// joinClassic makes a member that joined and then says nothing more.
