package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestRulesThatCannotBe(t *testing.T) {
	reject := Reject(kerr.NotLeaderForPartition)
	cases := map[string]struct {
		rule Rule
		want string
	}{
		"no action":       {On("Produce", Action{}), "got no action"},
		"unknown action":  {On("Produce", Action{kind: isolate + 1}), "got unknown action 9"},
		"no error":        {On("Produce", Reject(nil)), "got no error"},
		"unknown API":     {On("JoinGrup", reject), "write JoinGroup"},
		"rate":            {Rule{Selection: Selection{Rate: 2}, Action: reject}, "got rate 2"},
		"times":           {Rule{Selection: Selection{Times: -1}, Action: reject}, "got times -1"},
		"delay":           {On("", Delay(0)), "got a delay of 0s"},
		"throttle":        {On("", Throttle(-1)), "use Hold"},
		"partial isolate": {On("Fetch", Isolate()), "use CutBefore"},
		"partition":       {Rule{Selection: Selection{Partition: -2}, Action: reject}, "got partition -2"},
	}
	p := &Proxy{}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := p.Add(tc.rule); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q in it", err, tc.want)
			}
		})
	}
}

func TestErrorNames(t *testing.T) {
	for name, want := range map[string]int16{"NOT_LEADER_OR_FOLLOWER": 6, "NOT_LEADER_FOR_PARTITION": 6,
		"unknown_server_error": -1, "request_timed_out": 7} {
		if got, err := ErrorNamed(name); err != nil || got.Code != want {
			t.Errorf("%s: got %v, error %v, want code %d", name, got, err, want)
		}
	}
	if _, err := ErrorNamed("NOT_LEADER_OR_FOLOWER"); err == nil ||
		!strings.Contains(err.Error(), "write NOT_LEADER_OR_FOLLOWER") {
		t.Errorf("got %v, want the nearest name", err)
	}
}

func TestARuleEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Proxy{}
		timed, err := p.Add(Rule{Selection: Selection{For: time.Second, Partition: -1, Broker: -1}, Action: CutBefore()})
		if err != nil {
			t.Fatal(err)
		}
		if !timed.take() {
			t.Error("got no request taken, want one in time")
		}
		time.Sleep(time.Second) //nolint:forbidigo // in the bubble's time
		if timed.take() {
			t.Error("got a request taken, want none after a second")
		}
	})
	h := newHandle(Rule{Selection: Selection{Times: 2}}, -1, 0, 0)
	if taken := []bool{h.take(), h.take(), h.take()}; !slices.Equal(taken, []bool{true, true, false}) {
		t.Errorf("got taken %v, want 2 requests", taken)
	}
	if h.giveBack(); !h.take() {
		t.Error("got no request taken, want the one given back")
	}
	h = newHandle(Rule{Selection: Selection{After: 2, Times: 1}}, -1, 0, 0)
	if taken := []bool{h.take(), h.take(), h.take(), h.take()}; !slices.Equal(taken, []bool{false, false, true, false}) {
		t.Errorf("got taken %v, want the third request", taken)
	}
}

func TestARateIsRepeatable(t *testing.T) {
	draw := func(seed uint64) string {
		h, drawn := newHandle(Rule{Selection: Selection{Rate: 0.3}}, -1, seed, 1), ""
		for range 200 {
			drawn += map[bool]string{true: "x", false: "."}[h.take()]
		}
		return drawn
	}
	if first := draw(1); first != draw(1) || first == draw(2) {
		t.Error("got other draws, want them to follow from the seed")
	}
	if n := strings.Count(draw(7), "x"); n < 40 || n > 80 {
		t.Errorf("got %d of 200, want about 60", n)
	}
}

func TestRulesInWords(t *testing.T) {
	r := On("Produce", Reject(kerr.NotLeaderForPartition))
	r.App, r.Topic, r.Partition, r.After, r.Times = "shop", "orders", 2, 5, 3
	if got, want := r.String(),
		`the next 3 Produce requests from "shop" to topic "orders" partition 2 after the first 5: reject with NOT_LEADER_OR_FOLLOWER`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// asking is a request of the API about topics a and b with partitions 0 and 1, as far as the API has them.
func asking(key kmsg.Key, version int16) kmsg.Request {
	request := kmsg.RequestForKey(int16(key))
	request.SetVersion(version)
	for _, holder := range holders(structure(withGroups(request))) {
		topics := field(holder, "Topics", sliceKind)
		old := holder.Type() == structure(request).Type()
		if !topics.IsValid() || topics.Type().Elem().Kind() != structKind || old && elsewhere(key, version) {
			continue
		}
		for i, name := range []string{"a", "b"} {
			topic := grow(topics)
			if f := field(topic, "Topic", stringKind); f.IsValid() {
				f.SetString(name)
			}
			if f := topic.FieldByName("TopicID"); f.IsValid() {
				f.Index(0).SetUint(uint64(i + 1))
			}
			for n := range 2 {
				partitions := field(topic, "Partitions", sliceKind)
				if !partitions.IsValid() {
					break
				}
				if p := grow(partitions); p.Kind() == structKind {
					p.FieldByName("Partition").SetInt(int64(n))
				} else {
					p.SetInt(int64(n))
				}
			}
		}
	}
	return request
}

// elsewhere tells that from this version on topics are not at the top of the request.
func elsewhere(key kmsg.Key, version int16) bool {
	return key == kmsg.OffsetFetch && version >= 8 || key == kmsg.AddPartitionsToTxn && version >= 4
}

func withGroups(request kmsg.Request) kmsg.Request {
	switch r := request.(type) {
	case *kmsg.OffsetFetchRequest:
		if r.Version >= 8 {
			r.Groups = []kmsg.OffsetFetchRequestGroup{{Group: "g"}}
		}
	case *kmsg.FindCoordinatorRequest:
		r.CoordinatorKeys = []string{"g"}
	}
	return request
}

// codesIn are all error codes of an answer that are not 0, with where they stand.
func codesIn(response kmsg.Response) (found []string) {
	walkCodes("", structure(response), &found)
	return found
}

func TestEveryAPIIsRefusedInEveryVersion(t *testing.T) {
	const code = 87
	for _, key := range []kmsg.Key{
		kmsg.Produce, kmsg.Fetch, kmsg.OffsetCommit, kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat,
		kmsg.LeaveGroup, kmsg.ConsumerGroupHeartbeat, kmsg.FindCoordinator, kmsg.InitProducerID,
		kmsg.AddPartitionsToTxn, kmsg.AddOffsetsToTxn, kmsg.EndTxn, kmsg.TxnOffsetCommit, kmsg.OffsetFetch,
		kmsg.ListOffsets, kmsg.OffsetForLeaderEpoch, kmsg.DeleteRecords, kmsg.CreateTopics, kmsg.ApiVersions,
	} {
		if !refusable(key) {
			t.Errorf("%s: got not refusable, want it to be", APIName(key))
		}
		for version := int16(0); version <= apis()[key].newest; version++ {
			request := asking(key, version)
			refused := refuse(request, code)
			refuseParts(refused, partitionsOf(request), code)
			answer := parsed(t, request.ResponseKind(), refused.AppendTo(nil))
			codes := codesIn(answer)
			wantsParts := len(partitionsOf(request)) // those with topics say it for each partition
			if len(codes) == 0 || key != kmsg.OffsetFetch && field(structure(answer), "Topics", sliceKind).IsValid() &&
				len(codes) < wantsParts {
				t.Errorf("%s v%d: got codes %v, want %d everywhere", APIName(key), version, codes, code)
			}
		}
	}
}

func TestSomePartitionsAreRefusedTheRestPassed(t *testing.T) {
	selected := func(p partitionKey) bool { return (p.topic == "b" || p.topicID[0] == 2) && p.partition == 1 }
	for _, key := range []kmsg.Key{kmsg.Produce, kmsg.OffsetCommit, kmsg.TxnOffsetCommit, kmsg.AddPartitionsToTxn,
		kmsg.OffsetFetch, kmsg.ListOffsets} {
		for version := int16(0); version <= apis()[key].newest; version++ {
			if key == kmsg.AddPartitionsToTxn && version > 3 || key == kmsg.Produce && version < 3 {
				continue // between brokers; without message format 2
			}
			request := asking(key, version)
			all, parts := request.ResponseKind(), partitionsOf(request)
			refuseParts(all, parts, 0) // stands for the broker's answer to everything
			refuseParts(all, slices.DeleteFunc(parts, func(p partitionKey) bool { return !selected(p) }), 87)
			if !strip(request, selected) || len(partitionsOf(request)) != 3 {
				t.Errorf("%s v%d: got %v left, want 3 partitions", APIName(key), version, partitionsOf(request))
			}
			answer := parsed(t, all, all.AppendTo(nil))
			if codes := codesIn(answer); len(codes) != 1 || !strings.HasSuffix(codes[0], "Topics[1].Partitions[1] 87") {
				t.Errorf("%s v%d: got codes %v, want 87 for b-1 only", APIName(key), version, codes)
			}
		}
	}
}

func TestMetadataKeepsItsBrokers(t *testing.T) {
	response := samples(func(int32) (string, int32) { return "broker", 9092 })[0].(*kmsg.MetadataResponse)
	if !refuseMetadata(response, 5, func(p partitionKey) bool { return p.topic == "orders" }) {
		t.Error("got no topic refused, want orders")
	}
	if len(response.Brokers) != 3 || response.Topics[0].ErrorCode != 5 || len(response.Topics[0].Partitions) != 0 {
		t.Errorf("got %s, want 3 brokers and code 5", fmt.Sprint(response))
	}
}
