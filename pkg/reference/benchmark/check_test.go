package benchmark

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestEventsAreJSONOfTheirSize(t *testing.T) {
	for _, size := range []int{smallest(1 << 33), 100, 1024, 100_000} {
		pad := letters(Letters(size))
		for _, seq := range []int64{0, 7, 123_456, 1<<33 - 1} {
			value := pad.append(nil, 1732458000123456789, seq, size)
			var event struct{ Sent, Seq int64 }
			if err := json.Unmarshal(value, &event); err != nil || event.Sent != 1732458000123456789 || event.Seq != seq ||
				len(value) != size {
				t.Errorf("got %d bytes %.80q (%v), want %d bytes of JSON with seq %d", len(value), value, err, size, seq)
			}
			if sent, got, ok := Parse(&kgo.Record{Value: value}); !ok || sent != event.Sent || got != seq {
				t.Errorf("got %d, %d, %v from %.80q, want it read", sent, got, ok, value)
			}
		}
	}
}

func TestParseRefusesWhatIsNoEvent(t *testing.T) {
	for _, value := range []string{"", "{}", `{"sent":5}`, `{"sent":,"seq":1}`, `{"sent":5,"seq":}`, `{"sent":5,"seq":1`,
		`{"sent":-5,"seq":1}`, `{"sent":99999999999999999999,"seq":1}`, `{"sent":5,"seq":1x}`, `{"seq":1,"sent":5}`} {
		if _, _, ok := Parse(&kgo.Record{Value: []byte(value)}); ok {
			t.Errorf("got %q taken for an event", value)
		}
	}
}

func TestCheckFindsEachFault(t *testing.T) {
	type event struct {
		partition int32
		seq       int64
	}
	for _, c := range []struct {
		name      string
		producers int64
		events    []event
		want      Findings
	}{
		{"all well", 1, []event{{0, 0}, {1, 1}, {0, 2}, {1, 3}}, Findings{}},
		{"two producers each in order", 2, []event{{0, 1}, {0, 3}, {0, 0}, {0, 2}}, Findings{}},
		{"lost", 1, []event{{0, 0}, {0, 3}}, Findings{Lost: 2, Examples: []string{"seq 1 never came", "seq 2 never came"}}},
		{"repeated", 1, []event{{0, 0}, {0, 1}, {0, 2}, {1, 3}, {1, 1}},
			Findings{Repeated: 1, Examples: []string{"seq 1 came again at partition 1 offset 4"}}},
		{"reordered", 1, []event{{0, 0}, {0, 2}, {0, 1}, {0, 3}},
			Findings{Reordered: 1, Examples: []string{"seq 1 at partition 0 offset 2 stands behind 2"}}},
		{"of another run", 1, []event{{0, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}},
			Findings{Foreign: 1, Examples: []string{"seq 4 at partition 0 offset 4 is not one of 4"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := newCheck(4, c.producers, 2, Share{})
			for offset, e := range c.events {
				check.event(e.partition, int64(offset), e.seq)
			}
			got := check.result()
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if (got.Err() == nil) != (c.want.Lost+c.want.Repeated+c.want.Reordered+c.want.Foreign == 0) {
				t.Errorf("got error %v for %+v", got.Err(), got)
			}
		})
	}
}

// TestCheckAgainstAMap compares with the obvious way to count.
func TestCheckAgainstAMap(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		events := 1 + dice.Int64N(200)
		check, seen, latest := newCheck(events, 1, 3, Share{}), map[int64]bool{}, map[int32]int64{}
		var want Findings
		for range events * 2 {
			partition, seq := dice.Int32N(3), dice.Int64N(events+2)
			switch before, any := latest[partition]; {
			case seq >= events:
				want.Foreign++
			case seen[seq]:
				want.Repeated++
			case any && seq < before:
				want.Reordered++
			default:
				latest[partition] = seq
			}
			if seq < events {
				seen[seq] = true
			}
			check.event(partition, 0, seq)
		}
		want.Lost = events - int64(len(seen))
		got := check.result()
		got.Examples = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("findings of %d events (-want +got):\n%s", events, diff)
		}
	}
}

func TestScheduleKeepsToItsRate(t *testing.T) {
	s := schedule{start: 1000, rate: 4000}
	for _, now := range []int64{0, 5_000_000_000} { // late or not
		if got := s.Due(8000, now); got != 1000+2_000_000_000 {
			t.Errorf("got event 8000 due at %d, want two seconds after the start", got)
		}
	}
}

func TestLatenciesAreRecordedOnceAndOverTime(t *testing.T) {
	var points []Point
	l := newLatencies(time.Second, func(p Point) { points = append(points, p) })
	second := int64(time.Second)
	for i := range int64(4) { // 100 events each second, of 1, 2, 3 and 4 ms
		done := l.batch(10*second + i*second)
		for range 100 {
			l.record((i + 1) * int64(time.Millisecond))
		}
		done()
	}
	done := l.batch(14 * second)
	l.record(2 * highest)
	l.record(-5)
	done()
	l.end(15 * second)
	if len(points) != 5 || points[0].Events != 100 || points[4].Events != 2 || points[1].At != 2*time.Second {
		t.Fatalf("got %+v, want a point for each second", points)
	}
	near := func(got, want time.Duration) bool { return (got - want).Abs() <= want/500 }
	whole := percentiles(l.whole)
	if l.whole.TotalCount() != 402 || !near(whole.P50, 2*time.Millisecond) || !near(whole.P90, 4*time.Millisecond) ||
		whole.Max != time.Hour || l.late != 1 || l.early != 1 {
		t.Errorf("got %+v of %d, %d late, %d early, want p50 2ms, p90 4ms, max 1h of 402", whole, l.whole.TotalCount(),
			l.late, l.early)
	}
	for i, p := range points[:4] {
		if want := time.Duration(i+1) * time.Millisecond; !near(p.P99, want) || !near(p.P50, want) {
			t.Errorf("got p50 %s and p99 %s in second %d, want %s", p.P50, p.P99, i, want)
		}
	}
}

func TestPaddingDoesNotCompressAway(t *testing.T) {
	pad := letters(Letters(1000))
	a, b := pad.append(nil, 1732458000123456789, 1, 1000), pad.append(nil, 1732458000123456789, 2, 1000)
	if same := bytes.Equal(a[60:], b[60:]); same || strings.Count(string(a), "A") > 100 {
		t.Errorf("got padding that repeats itself: %.100q and %.100q", a, b)
	}
}

// A consumer reads on behind the last event it waits for, up to the end: a repetition may stand there.
func TestFinishedAtTheEndOfEachPartition(t *testing.T) {
	r := &receiving{}
	if r.finished(map[int32]int64{0: 5}) {
		t.Error("got it finished before the ends are known")
	}
	r.ends.Store(&map[int32]int64{0: 5, 1: 3})
	for _, c := range []struct {
		next map[int32]int64
		want bool
	}{
		{map[int32]int64{0: 5, 1: 3}, true}, {map[int32]int64{0: 4}, false}, {map[int32]int64{0: 5, 1: 0}, false},
	} {
		if got := r.finished(c.next); got != c.want {
			t.Errorf("got finished %v at the offsets %v, want %v", got, c.next, c.want)
		}
	}
}
