package world

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

func TestConsumersBesideMembers(t *testing.T) {
	gives := func(member string) journal.Fact {
		return journal.Fact{Group: "g", Request: &journal.Request{}, Detail: &journal.Membership{Member: member,
			Assigned: []journal.TopicPartitions{{Topic: "orders", Partitions: []int32{0}}}}}
	}
	reads := func(connection uint64, from, to int64) journal.Fact {
		return journal.Fact{Topic: "orders", Offset: from, Request: &journal.Request{Connection: connection,
			Outcome: journal.Answered}, Detail: &journal.Fetch{FirstOffset: from, LastOffset: to - 1}}
	}
	waits := func(connection uint64, at int64) journal.Fact {
		f := reads(connection, at, 0)
		f.Detail = &journal.Fetch{FirstOffset: -1, LastOffset: -1}
		return f
	}
	early := func(f journal.Fact, before time.Duration) journal.Fact {
		f.Request.Sent = -before
		return f
	}
	closes := func(connection uint64) journal.Fact {
		return journal.Fact{Request: &journal.Request{Connection: connection}, Detail: &journal.Connection{}}
	}
	leaves := func(member string) journal.Fact {
		return journal.Fact{Group: "g", Request: &journal.Request{}, Detail: &journal.Membership{Member: member,
			Leaving: true}}
	}
	for _, c := range []struct {
		name  string
		facts []journal.Fact
		want  bool
	}{
		{"one consumer", []journal.Fact{gives("a"), reads(1, 0, 5), waits(1, 5), reads(1, 5, 7), reads(1, 0, 7)}, false},
		{"connects anew", []journal.Fact{gives("a"), reads(1, 0, 5), closes(1), reads(2, 5, 7), reads(2, 7, 9)}, false},
		{"connects anew and goes back", []journal.Fact{gives("a"), reads(1, 0, 5), closes(1), reads(2, 0, 7)}, false},
		{"goes on by another one", []journal.Fact{gives("a"), reads(1, 0, 5), reads(2, 5, 7), reads(2, 7, 8)}, false},
		{"two members", []journal.Fact{gives("a"), gives("b"), reads(1, 0, 5), reads(2, 0, 5), reads(1, 5, 6),
			reads(2, 5, 6)}, false},
		{"given to and fro", []journal.Fact{gives("a"), reads(1, 0, 5), gives("b"), reads(2, 5, 6), gives("a"),
			reads(1, 6, 7)}, false},
		{"a late answer to a connection that was given up", []journal.Fact{gives("a"), reads(1, 0, 5),
			early(reads(1, 5, 7), 2), closes(1), reads(2, 5, 7)}, false},
		{"a later answer to it", []journal.Fact{gives("a"), reads(1, 0, 5), reads(2, 5, 7), early(reads(1, 5, 7), 3),
			closes(1), reads(2, 7, 9)}, false},
		{"an answer from before the assignment", []journal.Fact{gives("a"), reads(1, 0, 5), leaves("a"), gives("b"),
			reads(2, 5, 7), early(reads(1, 5, 7), 6), closes(1), reads(2, 7, 8)}, false},
		{"no member", []journal.Fact{reads(1, 0, 5), reads(2, 0, 5), reads(1, 5, 6)}, false},
		{"the same records", []journal.Fact{gives("a"), reads(1, 0, 5), reads(2, 3, 7)}, true},
		{"the same records before it is a member", []journal.Fact{reads(2, 0, 5), gives("a"), reads(1, 0, 5)}, true},
		{"in turn", []journal.Fact{gives("a"), waits(1, 5), waits(2, 5), waits(1, 5)}, true},
		{"beside two members", []journal.Fact{gives("a"), gives("b"), reads(1, 0, 5), reads(2, 0, 5), reads(3, 0, 5)}, true},
		{"one of two has left", []journal.Fact{gives("a"), gives("b"), leaves("b"), reads(1, 0, 5), reads(2, 0, 5)}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b besides
			got := 0
			for i, f := range c.facts {
				at := time.Duration(10*i + 10)
				f.Request.Sent, f.Request.Answered = at+10*f.Request.Sent, at+1
				b.sees(&f)
				if d, ok := f.Detail.(*journal.Fetch); ok && (d.Beside || d.Repeats > 0) {
					got++
				}
			}
			if got > 1 || (got == 1) != c.want {
				t.Errorf("got it told %d times, want it told once: %v", got, c.want)
			}
		})
	}
}

// An application that connects anew for each Fetch is one consumer, and costs no more with the time. A connection that
// stays open asks in turn with all that were closed since.
func TestConsumersThatConnectAnewAreForgotten(t *testing.T) {
	var b besides
	ask := func(connection uint64, at time.Duration) bool {
		d := &journal.Fetch{FirstOffset: -1, LastOffset: -1}
		b.sees(&journal.Fact{Topic: "orders", Request: &journal.Request{Connection: connection, Sent: at, Answered: at,
			Outcome: journal.Answered}, Detail: d})
		return d.Beside || d.Repeats > 0
	}
	b.sees(&journal.Fact{Group: "g", Request: &journal.Request{}, Detail: &journal.Membership{Member: "a",
		Assigned: []journal.TopicPartitions{{Topic: "orders", Partitions: []int32{0}}}}})
	const often = 1000
	for i := range uint64(often) {
		if ask(i, time.Duration(i+1)*time.Second) {
			t.Fatalf("connection %d was taken for another consumer", i)
		}
		b.sees(&journal.Fact{Request: &journal.Request{Connection: i}, Detail: &journal.Connection{}})
	}
	if got := len(b.read[reader{topic: "orders"}]); got > 2+int(lateFetch/time.Second) {
		t.Errorf("got %d connections, want those of the last minute", got)
	}
	ask(often, (often+1)*time.Second)
	ask(often+1, (often+2)*time.Second)
	b.sees(&journal.Fact{Request: &journal.Request{Connection: often + 1}, Detail: &journal.Connection{}})
	if !ask(often, (often+2)*time.Second+10*lateFetch) {
		t.Error("got nothing told, want another consumer that asked in turn")
	}
}
