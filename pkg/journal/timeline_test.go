package journal

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimeline(t *testing.T) {
	j := New()
	at := time.Duration(0)
	add := func(f Fact) {
		at += 1234567 * time.Microsecond
		f.Seq, f.At = j.last+1, at
		j.append(f)
	}
	add(Fact{Kind: Started, Source: SourceKafkaspec, App: "shipping", Partition: -1, Offset: -1})
	add(Event("shipping", "assigned", map[string]string{"topic": "orders", "partitions": "0,1"}))
	add(Event("shipping", "processed", map[string]string{"topic": "orders", "partition": "0", "offset": "41",
		"key": "u 1"}))
	add(Event("shipping", "dead-lettered", map[string]string{"topic": "orders", "partition": "1", "offset": "7",
		"error": "decode: not\njson", "attempts": "1"}))
	add(Fact{Kind: Acknowledged, Source: SourceBroker, Topic: "orders", Partition: 3, Offset: -1, Count: 4})
	add(Fact{Kind: LogLine, Source: SourceLog, App: "größer", Text: "say \"hi\"\x1b[31m"})
	add(Fact{Kind: GroupAssigned, Source: SourceWire, App: "shipping", Group: "g", Partition: -1, Offset: -1,
		Detail: &Membership{Member: "m", Generation: 2, Owned: []TopicPartitions{},
			Assigned: []TopicPartitions{{"orders", []int32{0, 1}}, {"users", []int32{3}}}}})
	add(Fact{Kind: FaultFired, Source: SourceWire, App: "shipping", Topic: "orders", Partition: 1, Offset: -1,
		Request: &Request{API: "Produce"},
		Detail:  &Fault{Action: "hold", Number: 1, Times: 2, Topics: []TopicPartitions{{"orders", []int32{1}}}}})
	j.dropped["größer"] = 3

	want := `… 3 earlier log lines of "größer" were dropped
1.235s  shipping  started
2.469s  shipping  assigned        orders       partitions=0,1
3.704s  shipping  processed       orders/0/41  key="u 1"
4.938s  shipping  dead-lettered   orders/1/7   attempts=1 error="decode: not\njson"
6.173s  broker    acknowledged    orders/3     count=4
7.407s  größer    log                          say "hi"\x1b[31m
8.642s  shipping  group-assigned               group=g member=m generation=2 owned=none assigned="orders:0,1 users:3"
9.877s  shipping  fault-fired     orders/1     hold (Produce, 1 of 2)
`
	if diff := cmp.Diff(want, j.Timeline(nil, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	last := j.Timeline(Kinds(Started, Processed, DeadLettered), 1)
	if !strings.HasPrefix(last, "… 2 earlier facts\n") || strings.Count(last, "\n") != 3 ||
		!strings.Contains(last, "dead-lettered") {
		t.Errorf("got %q, want the last fact and how many came before", last)
	}
}

// A line says of a member what tells it from others, and not what all consumers say.
func TestTimelineOfMembers(t *testing.T) {
	j := New()
	const id = "shipping-c193f83050c9dfa694fac5db9a17e401"
	j.Add(Fact{Kind: GroupJoin, App: "shipping", Group: "g", Partition: -1, Offset: -1, Detail: &Membership{Member: id,
		Generation: 1, ProtocolType: "consumer", Protocol: "range", Reason: "beginning to manage the group lifecycle"}})
	j.Add(Fact{Kind: GroupCommit, App: "shipping", Group: "g", Topic: "orders", Offset: 4, Detail: &Commit{Member: id}})
	j.Add(Fact{Kind: GroupJoin, App: "w", Group: "c", Partition: -1, Offset: -1, Detail: &Membership{Member: "w-1",
		ProtocolType: "connect"}})
	want := `0.000s  shipping  group-join                group=g member=…9a17e401 generation=1 protocol=range
0.000s  shipping  group-commit  orders/0/4  group=g member=…9a17e401
0.000s  w         group-join                group=c member=w-1 protocolType=connect
`
	if diff := cmp.Diff(want, j.Timeline(nil, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTimelineCutsLongTexts(t *testing.T) {
	j := New()
	j.Add(Fact{Kind: LogLine, App: "a", Text: strings.Repeat("ü", 5000)})
	if got := j.Timeline(nil, 0); len([]rune(got)) > maxText+40 || !strings.HasSuffix(got, "…\n") {
		t.Errorf("got %d characters, want about %d and an ellipsis", len([]rune(got)), maxText)
	}
}

func TestTimelineOfNothingIsEmpty(t *testing.T) {
	if got := New().Timeline(nil, 10); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
}
