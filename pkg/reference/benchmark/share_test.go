package benchmark

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// load draws a load as it stands in a topic: the numbers of each partition, in order.
func drawLoad(t *rapid.T) (events int64, each int, share Share, topic [][]int64) {
	share.Count = rapid.IntRange(1, 5).Draw(t, "processes")
	each = rapid.IntRange(1, 3).Draw(t, "producers of each")
	partitions := rapid.IntRange(share.Count, 9).Draw(t, "partitions")
	events = rapid.Int64Range(1, 300).Draw(t, "events")
	topic = make([][]int64, partitions)
	for producer := range share.producers(each) {
		for k, seq := 0, producer; seq < events; k, seq = k+1, seq+share.producers(each) {
			topic[k%partitions] = append(topic[k%partitions], seq)
		}
	}
	return events, each, share, topic
}

// Each event is sent by one process and read by one, and each process knows how many it sends and reads.
func TestSharesAreTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, each, share, topic := drawLoad(t)
		first := rapid.Int64Range(0, events).Draw(t, "first")
		var sent, received int64
		readers := make([]int, len(topic))
		for share.Index = range share.Count {
			sent += share.sends(first, each)
			own := int64(0)
			for consumer := range 2 {
				for _, p := range share.partitions(int32(len(topic)), consumer, 2) {
					readers[p]++
					for _, seq := range topic[p] {
						if seq < first {
							own++
						}
					}
				}
			}
			got := share.receives(first, share.producers(each), int32(len(topic)))
			if got != own {
				t.Fatalf("got %d of the first %d events for share %s, want %d", got, first, share, own)
			}
			received += got
		}
		if sent != first || received != first {
			t.Errorf("got %d sent and %d received, want %d", sent, received, first)
		}
		for p, n := range readers {
			if n != 1 {
				t.Errorf("got partition %d read by %d, want one", p, n)
			}
		}
	})
}

// What is lost, repeated, out of order or foreign is counted by the shares together as by one process, whatever is
// wrong within a partition.
func TestSharesFindWhatOneFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, each, share, topic := drawLoad(t)
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for p, seqs := range topic {
			if len(seqs) == 0 {
				continue
			}
			at := dice.IntN(len(seqs))
			switch dice.IntN(5) {
			case 0:
				topic[p] = append(seqs[:at:at], seqs[at+1:]...)
			case 1:
				topic[p] = append(seqs, seqs[at])
			case 2:
				seqs[0], seqs[at] = seqs[at], seqs[0]
			case 3:
				topic[p] = append(seqs, events+3)
			}
		}
		find := func(s Share) Findings {
			c := newCheck(events, share.producers(each), int32(len(topic)), s)
			for p, seqs := range topic {
				for offset, seq := range seqs {
					if s.Reads(int32(p)) {
						c.event(int32(p), int64(offset), seq)
					}
				}
			}
			found := c.result()
			found.Examples = nil
			return found
		}
		var sum Received
		for share.Index = range share.Count {
			sum.Add(Received{Findings: find(share)}, 0)
		}
		if diff := cmp.Diff(find(Share{}), sum.Findings); diff != "" {
			t.Errorf("findings (-one +shares):\n%s", diff)
		}
	})
}

// An event on a partition of another process is said: nobody else looks for it there.
func TestShareFindsAnEventOfAnotherPartition(t *testing.T) {
	c := newCheck(4, 1, 2, Share{0, 2}) // seq 0 and 2 are on partition 0
	for offset, seq := range []int64{0, 1, 2} {
		c.event(0, int64(offset), seq)
	}
	want := Findings{Foreign: 1, Examples: []string{"seq 1 at partition 0 offset 1 was sent to another partition"}}
	if diff := cmp.Diff(want, c.result()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// Histograms that are added give what one histogram of all latencies gives.
func TestHistogramsAreAddedExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := newLatencies(time.Hour, func(Point) {})
		var parts [][]byte
		for range rapid.IntRange(1, 5).Draw(t, "processes") {
			part := newLatencies(time.Hour, func(Point) {})
			done, doneOne := part.batch(1), one.batch(1)
			latency := rapid.OneOf(rapid.Int64Range(0, 2*highest), rapid.Int64Range(0, int64(time.Second)))
			for _, l := range rapid.SliceOfN(latency, 0, 50).Draw(t, "latencies") {
				part.record(l)
				one.record(l)
			}
			done()
			doneOne()
			part.end(2)
			encoded, err := encode(part.whole)
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, encoded)
		}
		one.end(2)
		sum, got, err := AddHistograms(parts...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(percentiles(one.whole), got); diff != "" {
			t.Errorf("percentiles (-one +added):\n%s", diff)
		}
		want, err := encode(one.whole)
		if err != nil || string(want) != string(sum) {
			t.Errorf("got another histogram than that of one process (%v)", err)
		}
	})
}

func TestAddHistogramsRefusesADamagedOne(t *testing.T) {
	if _, _, err := AddHistograms([]byte("none")); err == nil {
		t.Error("got no error, want a damaged histogram refused")
	}
}

// The common time is from the first beginning to the last end, by one clock.
func TestSpansAreAdded(t *testing.T) {
	at := func(seconds int) time.Time { return time.Unix(int64(seconds), 0).UTC() }
	var sum Sent
	sum.Add(Sent{Acknowledged: 100, Span: Span{at(10), at(15), 90}}, 0)
	sum.Add(Sent{Acknowledged: 50, Refused: 1, FirstError: "too large", Span: Span{at(112), at(119), 45}},
		100*time.Second) // it began at 12
	sum.Add(Sent{Unknown: 2}, 0) // it had no rate
	want := Sent{Acknowledged: 150, Refused: 1, Unknown: 2, FirstError: "too large", Seconds: 9, Rate: 15,
		Span: Span{at(10), at(19), 135}}
	if diff := cmp.Diff(want, sum, cmp.AllowUnexported(Sent{})); diff != "" {
		t.Errorf("sum (-want +got):\n%s", diff)
	}
	if err := sum.Err(); err == nil || err.Error() != "1 events were refused, the first with too large; see the topic's "+
		"settings" {
		t.Errorf("got %v, want the first error", err)
	}
}
