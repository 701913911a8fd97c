package journal

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAddNumbersFactsInOrderOfTime(t *testing.T) {
	j := New()
	var workers sync.WaitGroup
	for w := range 8 {
		workers.Go(func() {
			for i := range 1000 {
				kind := Processed
				if i%10 == 0 {
					kind = LogLine
				}
				j.Add(Fact{Seq: 99, At: time.Hour, Kind: kind, App: fmt.Sprint("a", w), Offset: int64(i)})
				if i%100 == 0 {
					j.Select(nil)
				}
			}
		})
	}
	workers.Wait()

	facts := j.Select(nil)
	if len(facts) != 8000 {
		t.Fatalf("got %d facts, want 8000", len(facts))
	}
	next := map[string]int64{}
	for i, f := range facts {
		if f.Seq != int64(i+1) {
			t.Fatalf("fact %d: got seq %d", i, f.Seq)
		}
		if i > 0 && f.At < facts[i-1].At {
			t.Fatalf("fact %d: got time %v before %v", i, f.At, facts[i-1].At)
		}
		if f.Offset != next[f.App] {
			t.Fatalf("fact %d of %s: got offset %d, want %d", i, f.App, f.Offset, next[f.App])
		}
		next[f.App]++
	}
}

func TestSelectIsASnapshotOfTheKindsWanted(t *testing.T) {
	j := New()
	fields := map[string]string{"attempt": "1"}
	j.Add(Event("shipping", "retrying", fields))
	j.Add(Fact{Kind: Processed, Offset: 7})
	fields["attempt"] = "2" // the fact has its own copy

	got := j.Select(Kinds(Retried, Alert))
	j.Add(Fact{Kind: Retried})
	if len(got) != 1 || got[0].Fields()["attempt"] != "1" {
		t.Errorf("got %+v, want the first retry as it was added", got)
	}
}

// Any cut gives the same facts as selecting all and leaving out the first ones,
// log lines among them, with some dropped or not.
func TestSelectAfterLeavesOutWhatCameBefore(t *testing.T) {
	j := New()
	for i := range linesPerApp + 3*512 {
		j.Add(Fact{Kind: LogLine, App: "loud"})
		if i%7 == 0 {
			j.Add(Fact{Kind: Processed})
			j.Add(Fact{Kind: LogLine, App: "quiet"})
		}
	}
	all := j.Select(nil)
	for _, seq := range []int64{0, 1, 511, 512, 5000, j.last - 2, j.last - 1, j.last, j.last + 1} {
		var want []Fact
		for _, f := range all {
			if f.Seq > seq {
				want = append(want, f)
			}
		}
		if got := j.SelectAfter(seq, nil); len(got) != len(want) || cmp.Diff(want, got) != "" {
			t.Errorf("after %d: got %d facts, want %d in order", seq, len(got), len(want))
		}
	}
}

func TestChangedWakesAtTheNextAdd(t *testing.T) {
	j := New()
	j.Add(Fact{Kind: Note})
	first, second := j.Changed(), j.Changed()
	select {
	case <-first:
		t.Fatal("got a wake-up, want none before the next fact")
	default:
	}
	go j.Add(Fact{Kind: Note})
	<-first
	<-second
	select {
	case <-j.Changed():
		t.Fatal("got a wake-up for a fact added before")
	default:
	}
}

func TestLogLinesAreCappedPerApplicationAndOthersKept(t *testing.T) {
	j := New()
	for i := range linesPerApp + 25 {
		j.Add(Fact{Kind: LogLine, App: "loud", Count: int64(i)})
		j.Add(Fact{Kind: Processed, App: "loud", Count: int64(i)})
	}
	j.Add(Fact{Kind: LogLine, App: "quiet"})

	if diff := cmp.Diff(map[string]int64{"loud": 25}, j.Dropped()); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	lines := j.Select(func(f *Fact) bool { return f.Kind == LogLine && f.App == "loud" })
	if len(lines) != linesPerApp || lines[0].Count != 25 || lines[len(lines)-1].Count != linesPerApp+24 {
		t.Errorf("got %d lines from %d to %d, want the last %d in order", len(lines), lines[0].Count,
			lines[len(lines)-1].Count, linesPerApp)
	}
	if got := len(j.Select(Kinds(Processed))); got != linesPerApp+25 {
		t.Errorf("got %d processed facts, want all %d", got, linesPerApp+25)
	}
	if got, want := len(j.Select(nil)), 2*linesPerApp+26; got != want {
		t.Errorf("got %d facts, want %d", got, want)
	}
}

func TestEventTakesWhatItKnowsAndKeepsTheRest(t *testing.T) {
	got := Event("shipping", "processed", map[string]string{
		"topic": "orders", "partition": "2", "offset": "4294967296", "key": "u1", "count": "3", "rate": "9.5",
	})
	want := Fact{
		Kind: Processed, Source: SourceLog, App: "shipping", Topic: "orders", Partition: 2, Offset: 4294967296, Key: "u1",
		Count: 3,
		Detail: LogEvent{"topic": "orders", "partition": "2", "offset": "4294967296", "key": "u1", "count": "3",
			"rate": "9.5"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	odd := Event("shipping", "assigned", map[string]string{"topic": "orders", "partitions": "0,1", "offset": "none"})
	if odd.Partition != -1 || odd.Offset != -1 || odd.Fields()["offset"] != "none" {
		t.Errorf("got %+v, want no partition, no offset and the fields as they were", odd)
	}
}

func BenchmarkAdd(b *testing.B) {
	j := New()
	f := Fact{Kind: Processed, App: "shipping", Topic: "orders", Detail: LogEvent{"attempt": "1"}}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			j.Add(f)
		}
	})
}
