package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// A question asks a cluster something, in one request or a short exchange; what it asks with asker.ask is compared.
type question struct {
	name string
	ask  func(*asker)
}

// a shortens a question that is one request.
func one(request func(*asker) kmsg.Request) func(*asker) {
	return func(a *asker) { a.ask(request(a)) }
}

// asked is a cluster of one broker to ask.
type asked struct {
	client   *kgo.Client
	node     int32
	versions map[int16]int16 // of each API, the newest that both clusters know
	rounds   int
}

// asker asks one question. Its names are its own, so that no question sees what another left.
type asker struct {
	*asked
	t      *testing.T
	prefix string
	got    strings.Builder
	words  bool // error messages are compared as well
}

func open(t *testing.T, backend cluster.Backend) *asked {
	t.Helper()
	session, err := backend.Open(t.Context(), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	client, err := session.Client()
	if err != nil {
		t.Fatal(err)
	}
	c := &asked{client: client, versions: map[int16]int16{}}
	metadata, err := kmsg.NewPtrMetadataRequest().RequestWith(t.Context(), client)
	if err != nil || len(metadata.Brokers) != 1 {
		t.Fatalf("got %+v and %v, want one broker", metadata, err)
	}
	c.node = metadata.Brokers[0].NodeID
	apis := kmsg.NewPtrApiVersionsRequest()
	apis.ClientSoftwareName, apis.ClientSoftwareVersion = "kafkaspec", "1"
	offered, err := apis.RequestWith(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range offered.ApiKeys {
		c.versions[k.ApiKey] = k.MaxVersion
	}
	c.awaitCoordinators(t)
	return c
}

// awaitCoordinators waits until groups and transactions are served: Apache Kafka makes their topics when first asked.
func (c *asked) awaitCoordinators(t *testing.T) {
	t.Helper()
	err := await.Until(t.Context(), await.Options{Within: 30 * time.Second, What: "coordinators"},
		func(ctx context.Context) (bool, error) {
			fetch := kmsg.NewPtrOffsetFetchRequest()
			fetch.Groups = []kmsg.OffsetFetchRequestGroup{{Group: "first", MemberEpoch: -1}}
			group, err := fetch.RequestWith(ctx, c.client)
			if err != nil || len(group.Groups) == 0 || group.Groups[0].ErrorCode != 0 {
				return false, err
			}
			start := kmsg.NewPtrInitProducerIDRequest()
			start.TransactionalID, start.TransactionTimeoutMillis = kmsg.StringPtr("first"), 60_000
			started, err := start.RequestWith(ctx, c.client)
			return err == nil && started.ErrorCode == 0, err
		})
	if err != nil {
		t.Fatal(err)
	}
}

// answer asks a question and returns what is compared.
func (c *asked) answer(t *testing.T, q question) string {
	t.Helper()
	c.rounds++
	a := &asker{asked: c, t: t, prefix: fmt.Sprintf("q%03d-", c.rounds)}
	q.ask(a)
	return a.got.String()
}

// n is a name that only this question uses; in the answer it is without the prefix.
func (a *asker) n(name string) string { return a.prefix + name }

// pinned is a request that is sent in one version.
type pinned struct {
	kmsg.Request
	version int16
}

func (p pinned) MaxVersion() int16 { return p.version }

// send sends a request in the newest version that both clusters know, or in its own if it is pinned.
func (a *asker) send(request kmsg.Request) (kmsg.Response, error) {
	if _, ok := request.(pinned); !ok {
		newest, ok := a.versions[request.Key()]
		if !ok {
			return nil, errors.New("not offered")
		}
		request = pinned{request, min(newest, request.MaxVersion())}
	}
	ctx, cancel := context.WithTimeout(a.t.Context(), 10*time.Second)
	defer cancel()
	return a.client.Broker(int(a.node)).Request(ctx, request)
}

// ask sends a request whose answer is compared.
func (a *asker) ask(request kmsg.Request) kmsg.Response {
	a.t.Helper()
	answer, err := a.send(request)
	name := kmsg.NameForKey(request.Key())
	if err != nil {
		a.note(name + ": no answer")
		return answer
	}
	if p, ok := request.(pinned); ok {
		name += fmt.Sprint(" v", p.version)
	}
	a.note(name + " " + render(answer, a.words))
	return answer
}

// note adds a line to what is compared.
func (a *asker) note(line string) { a.got.WriteString(strings.ReplaceAll(line, a.prefix, "") + "\n") }

// do sends a request that prepares a question. One that fails is seen in the answer.
func (a *asker) do(request kmsg.Request) kmsg.Response {
	a.t.Helper()
	answer, err := a.send(request)
	if err != nil {
		a.note(kmsg.NameForKey(request.Key()) + ": no answer")
	}
	return answer
}

// topic makes a topic with settings given as "name=value", and returns its full name.
func (a *asker) topic(name string, partitions int32, settings ...string) string {
	a.t.Helper()
	answer := a.do(createTopics(newTopic(a.n(name), partitions, settings...)))
	if made, ok := answer.(*kmsg.CreateTopicsResponse); !ok || len(made.Topics) != 1 || made.Topics[0].ErrorCode != 0 {
		a.note("CreateTopics: " + render(answer, true))
		return a.n(name)
	}
	if err := cluster.AwaitTopics(a.t.Context(), a.client, map[string]int32{a.n(name): partitions}); err != nil {
		a.t.Fatal(err)
	}
	return a.n(name)
}

// until waits for what a broker does a moment after it has answered.
func (a *asker) until(what string, seen func() bool) {
	a.t.Helper()
	err := await.Until(a.t.Context(), await.Options{Within: 10 * time.Second, What: what},
		func(context.Context) (bool, error) { return seen(), nil })
	if err != nil {
		a.t.Fatal(err)
	}
}

// id is the id of a topic.
func (a *asker) id(topic string) [16]byte {
	a.t.Helper()
	answer, err := a.send(metadata(topic))
	if err != nil {
		a.t.Fatal(err)
	}
	return answer.(*kmsg.MetadataResponse).Topics[0].TopicID
}

// name of an error code, as clients show it.
func codeName(code int16) string {
	if code == 0 {
		return "ok"
	}
	var e *kerr.Error
	if errors.As(kerr.ErrorForCode(code), &e) {
		return e.Message
	}
	return fmt.Sprint(code)
}
