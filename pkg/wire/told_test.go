package wire

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// answering is a broker that answers every request with the same bytes behind the correlation id.
func answering(body []byte) func(net.Conn) {
	return func(conn net.Conn) {
		buffer := make([]byte, 1000)
		for {
			if _, err := conn.Read(buffer); err != nil {
				return
			}
			if _, err := conn.Write(sized(append(append(make([]byte, sizeBytes), buffer[8:12]...), body...))); err != nil {
				return
			}
		}
	}
}

// TestAnswersThatCannotBeReadAreNoted has answers end where their header does, and in their middle.
func TestAnswersThatCannotBeReadAreNoted(t *testing.T) {
	for name, c := range map[string]struct {
		request kmsg.Request
		answer  []byte
		want    string
	}{
		"no end of the header": {kmsg.NewPtrHeartbeatRequest(), nil, "answer to Heartbeat version 4: "},
		"half a body":          {kmsg.NewPtrMetadataRequest(), []byte{0, 0, 0}, "answer to Metadata version 12: "},
		"half an observed one": {kmsg.NewPtrHeartbeatRequest(), []byte{0, 0, 0}, "answer to Heartbeat: "},
	} {
		t.Run(name, func(t *testing.T) {
			r := new(recorder)
			c.request.SetVersion(min(12, c.request.MaxVersion()))
			application := server(t, r.observe, answering(c.answer))
			if _, err := application.Write(kmsg.NewRequestFormatter().AppendRequest(nil, c.request, 7)); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 2*sizeBytes+len(c.answer))
			if _, err := io.ReadFull(application, got); err != nil {
				t.Fatal(err)
			}
			r.sees(deadline(t), t, "a note", func(all []journal.Fact) bool {
				return slices.ContainsFunc(notes(all), func(f journal.Fact) bool { return strings.HasPrefix(f.Text, c.want) })
			})
		})
	}
}

// TestAPIsNobodyKnows holds that keys beyond those of the protocol are no API, and that their frames pass.
func TestAPIsNobodyKnows(t *testing.T) {
	application := server(t, nil, answering(nil))
	for _, key := range []kmsg.Key{-32768, -1, kmsg.MaxKey + 1, 32767} {
		if knows(key, 0) || flexible(key, 0) || flexibleAnswer(key, 0) {
			t.Errorf("%d: got an API, want none", key)
		}
		if got, want := APIName(key), fmt.Sprintf("API %d", key); got != want {
			t.Errorf("got the name %s, want %s", got, want)
		}
		frame := []byte{0, 0, 0, 8, byte(uint16(key) >> 8), byte(key), 0, 0, 1, 2, 3, 4}
		if _, err := application.Write(frame); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 2*sizeBytes)
		if _, err := io.ReadFull(application, got); err != nil || got[7] != 4 {
			t.Fatalf("%d: got the answer %v, error %v, want that of the request", key, got, err)
		}
	}
	if newest := apis()[kmsg.Fetch].newest; !knows(kmsg.Fetch, newest) || knows(kmsg.Fetch, newest+1) ||
		!knows(kmsg.Fetch, 0) || knows(kmsg.Fetch, -1) || flexible(kmsg.Fetch, 11) || !flexible(kmsg.Fetch, 12) {
		t.Error("got other versions of Fetch, want 0 to the newest, flexible ones from 12 on")
	}
}

// TestEveryVersionOfProduceIsRead holds what is read of Produce requests against what was written.
func TestEveryVersionOfProduceIsRead(t *testing.T) {
	for version := int16(0); version <= apis()[kmsg.Produce].newest; version++ {
		produce, id := kmsg.NewPtrProduceRequest(), "tx"
		produce.Version, produce.Acks, produce.TransactionID = version, -1, &id
		topic := kmsg.NewProduceRequestTopic()
		topic.Topic, topic.TopicID = "orders", [16]byte{1}
		for partition := range int32(2) {
			part := kmsg.NewProduceRequestTopicPartition()
			part.Partition, part.Records = partition+3, make([]byte, 5)
			topic.Partitions = append(topic.Partitions, part)
		}
		produce.Topics = append(produce.Topics, topic)
		r := &request{requestHead: requestHead{key: kmsg.Produce, version: version}, frame: produce.AppendTo(nil)}
		got, err := observeProduce(r, wanted{})
		if err != nil {
			t.Fatalf("version %d: %v", version, err)
		}
		want := scope{transactionalIDs: []string{"tx"}}
		for partition := range int32(2) {
			key := partitionKey{topic: "orders", partition: partition + 3}
			if version >= 13 {
				key = partitionKey{topicID: [16]byte{1}, partition: partition + 3}
			}
			want.partitions = append(want.partitions, key)
		}
		if version < 3 {
			want.transactionalIDs = nil
		}
		if diff := cmp.Diff(want, got.scope(), cmp.AllowUnexported(scope{}, partitionKey{})); diff != "" || got.acks != -1 {
			t.Errorf("version %d: acks %d, got +, want -:\n%s", version, got.acks, diff)
		}
	}
}

// TestWhatWantsNoAnswerIsKnownUnread looks at the acks of every version of Produce, of which nothing else is read.
func TestWhatWantsNoAnswerIsKnownUnread(t *testing.T) {
	id := "tx"
	for version := int16(0); version <= apis()[kmsg.Produce].newest; version++ {
		for _, acks := range []int16{-1, 0, 1} {
			for _, transactional := range []*string{nil, &id} {
				produce := kmsg.NewPtrProduceRequest()
				produce.Version, produce.Acks, produce.TransactionID = version, acks, transactional
				frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID("app")).AppendRequest(nil, produce, 7)
				c := &connection{fromClient: bufio.NewReaderSize(bytes.NewReader(frame), readSize)}
				head, err := peekRequest(c.fromClient)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := c.unanswered(head); err != nil || got != (acks == 0) {
					t.Errorf("version %d, acks %d: got no answer wanted %v, error %v", version, acks, got, err)
				}
			}
		}
	}
}

// TestRecordsThatAreCutOff reads batches of the old formats and of today's that end anywhere.
func TestRecordsThatAreCutOff(t *testing.T) {
	for n := range batchHeader {
		var b batch
		b.read(make([]byte, n)) // of magic 0
		if old := n > batchMagic+1; (b.records == -1) != old || b.bytes != n {
			t.Errorf("%d bytes: got %d records of %d bytes, want an old batch %v", n, b.records, b.bytes, old)
		}
	}
}

// TestTransactionsName tells of requests of transactions what they say, and of an id that was given what its answer
// says.
func TestTransactionsName(t *testing.T) {
	id := "tx"
	given, had := journal.Transaction{TransactionalID: id, ProducerID: 9, ProducerEpoch: 3},
		journal.Transaction{TransactionalID: id, ProducerID: 7, ProducerEpoch: 2}
	refused := had
	refused.Code = kerr.CoordinatorNotAvailable.Code
	begin := kmsg.NewPtrInitProducerIDRequest()
	begin.TransactionalID, begin.ProducerID, begin.ProducerEpoch = &id, 7, 2
	began := begin.ResponseKind().(*kmsg.InitProducerIDResponse)
	began.ProducerID, began.ProducerEpoch = 9, 3
	join := kmsg.NewPtrAddPartitionsToTxnRequest()
	join.TransactionalID, join.ProducerID, join.ProducerEpoch = id, 7, 2
	join.Topics = []kmsg.AddPartitionsToTxnRequestTopic{{Topic: "orders", Partitions: []int32{0, 2}}, {Topic: "payments",
		Partitions: []int32{1}}}
	joined := had
	joined.Partitions = []journal.TopicPartitions{{Topic: "orders", Partitions: []int32{0, 2}}, {Topic: "payments",
		Partitions: []int32{1}}}
	for name, c := range map[string]struct {
		request kmsg.Request
		answer  kmsg.Response
		code    int16
		want    journal.Transaction
	}{
		"an id is given":   {begin, began, 0, given},
		"an id is refused": {begin, began, refused.Code, refused},
		"no answer":        {begin, nil, 0, had},
		"partitions":       {join, join.ResponseKind(), 0, joined},
	} {
		facts := (&naming{directory: newBrokers()}).transaction(c.request, c.answer, c.code)
		_, got := of[*journal.Transaction](facts)
		if len(got) != 1 {
			t.Errorf("%s: got %d facts, want 1", name, len(got))
			continue
		}
		if diff := cmp.Diff(c.want, *got[0]); diff != "" {
			t.Errorf("%s: got +, want -:\n%s", name, diff)
		}
	}
}

// TestFaultsKnowTransactionalIDs rejects a Produce request of one transactional id, and none of another.
func TestFaultsKnowTransactionalIDs(t *testing.T) {
	c := clusterOf(t)
	p := wired(t, c, Options{})
	rule := On("Produce", Reject(kerr.NotEnoughReplicas))
	rule.TransactionalID = "mine"
	h := add(t, p, rule)
	for _, id := range []string{"other", "mine"} {
		if h.Fired() != 0 {
			t.Errorf("got %d requests of another id rejected, want none", h.Fired())
		}
		producer := client(t, p, "app", kgo.TransactionalID(id))
		if err := producer.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		if id == "mine" {
			producer.Produce(deadline(t), numbered("orders", 1)[0], nil)
			awaitFired(deadline(t), t, h, 1)
			h.Remove()
			continue
		}
		if err := producer.ProduceSync(deadline(t), numbered("orders", 1)...).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMetadataThatNamesNoneIsGivenBack has the one request of a rule wait for an answer that names its topic.
func TestMetadataThatNamesNoneIsGivenBack(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
	p := wired(t, c, Options{})
	rule := On("Metadata", ActThenReject(kerr.LeaderNotAvailable))
	rule.Topic, rule.Times = "late", 1
	h := add(t, p, rule)
	app, admin := client(t, p, "app"), direct(t, c.ListenAddrs())
	all := kmsg.NewPtrMetadataRequest()
	all.Topics = nil // every topic: only the answer tells whether it is among them
	ask := func(ctx context.Context) *kmsg.MetadataResponse {
		answer, err := all.RequestWith(ctx, app)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	ask(deadline(t))
	if h.Fired() != 0 {
		t.Fatal("got an answer without the topic refused, want it as it was")
	}
	create := kmsg.NewPtrCreateTopicsRequest()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = "late", 1, 1
	create.Topics = append(create.Topics, topic)
	if _, err := create.RequestWith(deadline(t), admin); err != nil {
		t.Fatal(err)
	}
	err := await.Until(deadline(t), await.Options{Within: within, What: "the topic to be refused"},
		func(ctx context.Context) (bool, error) { ask(ctx); return h.Fired() == 1, nil })
	if err != nil {
		t.Fatal(err)
	}
}
