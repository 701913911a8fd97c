package bench

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

var begin = time.Date(2026, 11, 29, 19, 30, 0, 0, time.UTC)

// share is the result of one of three processes, each of which has a clock of its own and took four seconds.
func share(index int, ahead time.Duration) Part {
	r := result(1000, time.Millisecond)
	r.Settings.Untimed, r.Settings.Events, r.Settings.Producers, r.Settings.Consumers = true, 300, 2, 1
	r.Settings.Begin, r.Settings.Share = begin, benchmark.Share{Index: index, Count: 3}
	r.Clock = &Clock{Ahead: ahead, Within: time.Millisecond}
	began := begin.Add(ahead + time.Duration(index)*time.Second)
	span := benchmark.Span{Began: began, Ended: began.Add(4 * time.Second), Counted: 90}
	r.Producer = benchmark.Sent{Acknowledged: 100, Span: span}
	r.Consumer = benchmark.Received{Events: 100, Records: 100, Complete: true, Span: span}
	return Part{File: "share", Result: r}
}

func TestMergeAddsByOneClock(t *testing.T) {
	got, err := Merge([]Part{share(2, time.Hour), share(0, -time.Minute), share(1, 0)})
	if err != nil {
		t.Fatal(err)
	}
	wantSpan := benchmark.Span{Began: begin, Ended: begin.Add(6 * time.Second), Counted: 270}
	if diff := cmp.Diff(wantSpan, got.Producer.Span); diff != "" {
		t.Errorf("common time (-want +got):\n%s", diff)
	}
	if got.Producer.Acknowledged != 300 || got.Producer.Rate != 45 || got.Consumer.Rate != 45 ||
		got.Settings.Producers != 6 || got.Settings.Consumers != 3 || !got.Consumer.Complete || got.Err() != nil {
		t.Errorf("got %+v (%v), want 300 events at 45 a second, of 6 producers and 3 consumers", got, got.Err())
	}
	var text strings.Builder
	if err := got.Text(&text); err != nil {
		t.Fatal(err)
	}
	if want := "3 of 3, to begin at 2026-11-29T19:30:00Z; their clocks differ by 1h1m0s, give or take 2ms"; !strings.
		Contains(text.String(), want) {
		t.Errorf("got %s, want it to say %q", &text, want)
	}
}

func TestMergeSaysWhatIsMissing(t *testing.T) {
	unfinished := share(1, 0)
	unfinished.Result.Unfinished = true
	got, err := Merge([]Part{share(0, 0), unfinished, {File: "3.json", Err: errors.New("open 3.json: no such file")}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"share 2/3 was ended before its result (share)", "open 3.json: no such file",
		"share 3/3 has no result"}
	if diff := cmp.Diff(want, got.Shares.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	if !outcome.IsEnvironment(got.Err()) || got.Consumer.Complete || got.Producer.Acknowledged != 100 {
		t.Errorf("got %+v (%v), want the sum of one, which is not whole", got, got.Err())
	}
	if _, err := Merge([]Part{unfinished}); !outcome.IsEnvironment(err) {
		t.Errorf("got %v, want no result of none", err)
	}
}

func TestMergeRefusesAnotherLoad(t *testing.T) {
	for want, change := range map[string]func(*Result){
		"began at 2026-11-29T19:31:00Z": func(r *Result) { r.Settings.Begin = begin.Add(time.Minute) },
		"400 events of 100 bytes":       func(r *Result) { r.Settings.Events = 400 },
		"share 2/4 of":                  func(r *Result) { r.Settings.Share.Count = 4 },
		"local Apache Kafka, 1 broker":  func(r *Result) { r.Cluster.Brokers = 1 },
		"got share 1/3 again":           func(r *Result) { r.Settings.Share.Index = 0 },
		"got a result of no share":      func(r *Result) { r.Settings.Share = benchmark.Share{} },
	} {
		other := share(1, 0)
		change(&other.Result)
		if _, err := Merge([]Part{share(0, 0), other}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

// A broker's clock that is 10 s behind is found within half the way of a record, and half of the broker's millisecond.
func TestClockIsComparedWithABroker(t *testing.T) {
	sent := begin.Add(10 * time.Second)
	got := look{sent, sent.Add(4 * time.Millisecond)}.clock(begin.Add(2 * time.Millisecond))
	want := Clock{Ahead: 10*time.Second - 500*time.Microsecond, Within: 2500 * time.Microsecond}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("clock (-want +got):\n%s", diff)
	}
}

func TestClocksThatCouldNotBeComparedAreSaid(t *testing.T) {
	s := &Sum{Count: 2, Merged: []Share{{Clock: &Clock{}}, {Index: 1, Clock: &Clock{Unknown: "not allowed"}}}}
	if got := s.clocks(); got != "the clock of share 2/2 could not be compared: not allowed" {
		t.Errorf("got %q", got)
	}
}
