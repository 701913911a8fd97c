package journal

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// busy is a consumer that works, is struck, and works on.
func busy() *Journal {
	j := New()
	add := func(ms int, f Fact) {
		f.Seq, f.At = j.last+1, time.Duration(ms)*time.Millisecond
		j.append(f)
	}
	work := func(from, n int) {
		for i := range n {
			add(from+i, Fact{Kind: Processed, App: "shipping", Topic: "orders", Partition: int32(i % 2), Offset: int64(i)})
			add(from+i, Fact{Kind: GroupCommit, App: "shipping", Group: "g", Topic: "orders", Offset: int64(i + 1)})
			add(from+i, Fact{Kind: LogLine, App: "shipping", Text: "x", Partition: -1})
		}
	}
	add(1, Fact{Kind: Started, App: "shipping", Partition: -1, Offset: -1})
	work(10, 38)
	add(100, Fact{Kind: FaultFired, App: "shipping", Source: SourceWire, Partition: -1, Offset: -1, Text: "cut"})
	work(110, 20)
	add(200, Fact{Kind: Killed, App: "shipping", Partition: -1, Offset: -1})
	return j
}

func weighed(f *Fact) Weight {
	switch f.Kind {
	case LogLine:
		return Ignored
	case FaultFired, Killed:
		return Telling
	}
	return Ordinary
}

func TestDigestFoldsRepeats(t *testing.T) {
	want := `0.001s  shipping  started
0.010s  shipping  processed ×38     orders         until 0.047s
0.010s  shipping  group-commit ×38  orders/0/1…38  until 0.047s group=g
0.100s  shipping  fault-fired                      cut
0.110s  shipping  processed ×20     orders         until 0.129s
0.110s  shipping  group-commit ×20  orders/0/1…20  until 0.129s group=g
0.200s  shipping  killed
`
	if diff := cmp.Diff(want, busy().Digest(weighed, 40)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDigestChooses(t *testing.T) {
	want := `     …  39 more facts
0.010s  shipping  group-commit ×38  orders/0/1…38  until 0.047s group=g
0.100s  shipping  fault-fired                      cut
0.110s  shipping  processed ×20     orders         until 0.129s
     …  20 more facts
0.200s  shipping  killed
`
	if diff := cmp.Diff(want, busy().Digest(weighed, 4)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDigestOfFewIsTheTimeline(t *testing.T) {
	j := busy()
	for _, most := range []int{119, 1000} {
		plain := j.Timeline(func(f *Fact) bool { return f.Kind != LogLine }, 0)
		if diff := cmp.Diff(plain, j.Digest(weighed, most)); diff != "" {
			t.Errorf("most %d (-timeline +digest):\n%s", most, diff)
		}
	}
	if got := New().Digest(weighed, 10); got != "" {
		t.Errorf("got %q of nothing", got)
	}
	// More telling facts than lines: the first and the last.
	all := busy().Digest(func(*Fact) Weight { return Telling }, 10)
	if lines := strings.Count(all, "\n"); lines != 11 || !strings.Contains(all, "killed") {
		t.Errorf("got %d lines, want 10 and one for what is left out:\n%s", lines, all)
	}
}

// What is told later than it happened stands where it happened.
func TestDigestShowsWindowsWhenTheyWereWritten(t *testing.T) {
	j := New()
	add := func(ms int, f Fact) {
		f.Seq, f.At = j.last+1, time.Duration(ms)*time.Millisecond
		j.append(f)
	}
	add(10, Fact{Kind: Processed, App: "meter", Topic: "readings", Offset: 1})
	add(30, Fact{Kind: Killed, App: "meter", Partition: -1, Offset: -1})
	add(90, Fact{Kind: WindowWritten, App: "meter", Topic: "totals", Offset: 4, Key: "m1",
		Detail: &Window{Start: "2026-01-05T10:00:00Z", End: "2026-01-05T10:05:00Z", Written: 20 * time.Millisecond}})
	add(90, Fact{Kind: WindowWritten, App: "meter", Topic: "totals", Offset: 5, Key: "m2",
		Detail: &Window{Start: "2026-01-05T10:00:00Z", Written: 40 * time.Millisecond}})
	want := `0.010s  meter  processed  readings/0/1
0.020s  meter  window     totals/0/4    key=m1 2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z
0.030s  meter  killed
0.040s  meter  window     totals/0/5    key=m2 from 2026-01-05T10:00:00Z
`
	if diff := cmp.Diff(want, j.Digest(weighed, 40)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Where there are more telling facts than room, the causes among them are shown all the same, with their neighbours.
func TestDigestShowsCausesFirst(t *testing.T) {
	j := New()
	for i := range int64(60) {
		j.append(Fact{Seq: i + 1, At: time.Duration(i) * time.Millisecond, Kind: GroupRevoked, App: "shipping",
			Topic: "orders", Offset: i})
	}
	want := `     …  29 more facts
0.029s  shipping  group-revoked  orders/0/29
0.030s  shipping  group-revoked  orders/0/30
0.031s  shipping  group-revoked  orders/0/31
     …  28 more facts
`
	got := j.Digest(func(f *Fact) Weight {
		if f.Offset == 30 {
			return Cause
		}
		return Telling
	}, 3)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
