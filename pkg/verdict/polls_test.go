package verdict

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// tellPolls makes what an application did with partition 0 of lines, one a second:
//
//	fetch 0-4       it asked for 0 and got 0 to 4; "on 2": by another connection than 1; "of 0": it asked for that
//	fetch 5         it asked for 5 and got nothing; "end 9": the log ended there; "gone": it learned that the log has no such offset;
//	                "unreadable": it may have got something
//	session 5-9     it asked without saying where, and got 5 to 9
//	processed 3     committed 4     begun     started     aborted     alone     closed 1
//	records 0-9     these exist
func tellPolls(t *testing.T, lines string) Result {
	t.Helper()
	j := NewPolls("shipping", "orders")
	at := time.Duration(0)
	for line := range strings.Lines(lines) {
		at += time.Second
		what, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch what {
		case "records":
			eachOf(t, rest, func(o int64) { j.Input(&record.Record{Offset: o, Key: fmt.Appendf(nil, "u%d", o)}) })
		case "processed":
			j.Processed(0, whole(t, rest), at)
		case "committed":
			j.Committed(0, whole(t, rest), at)
		case "begun":
			j.Begun(0, at)
		case "started":
			j.Started(at)
		case "aborted":
			j.Aborted(at)
		case "alone":
			j.Alone()
		case "closed":
			j.Closed(uint64(whole(t, rest)), at)
		default:
			j.Fetched(fetchFrom(t, what, rest, at))
		}
	}
	return j.Result()
}

func fetchFrom(t *testing.T, what, rest string, at time.Duration) *journal.Fact {
	words := strings.Fields(rest)
	first, last, came := strings.Cut(words[0], "-")
	got := &journal.Fetch{FirstOffset: -1, LastOffset: -1, HighWatermark: -1}
	f := &journal.Fact{Kind: journal.Fetched, Offset: whole(t, first), Detail: got,
		Request: &journal.Request{Connection: 1, Sent: at, Outcome: journal.Answered}}
	if came {
		got.FirstOffset, got.LastOffset = f.Offset, whole(t, last)
	}
	for i, word := range words {
		switch word {
		case "on":
			f.Request.Connection = uint64(whole(t, words[i+1]))
		case "of": // a batch may begin before
			f.Offset = whole(t, words[i+1])
		case "end":
			got.HighWatermark = whole(t, words[i+1])
		case "gone":
			got.Code = offsetOutOfRange
		case "unreadable":
			f.Request.Outcome = journal.Unreadable
		}
	}
	if what == "session" {
		f.Offset = -1
	}
	return f
}

func TestPolls(t *testing.T) {
	skipped := func(first, n int64) Finding {
		return Finding{Kind: PollSkip, Topic: "orders", Offset: first, Key: fmt.Sprint("u", first), Count: n}
	}
	back := func(to int64) Finding {
		return Finding{Kind: NonMonotonicPoll, Topic: "orders", Offset: to, Key: fmt.Sprint("u", to), Count: 1}
	}
	for _, c := range []struct {
		name, lines string
		want        []Finding
	}{
		{"one after the other", "records 0-9\nfetch 0-4\nfetch 5\nfetch 5-9\nfetch 10", nil},
		{"from the middle of a batch", "records 0-9\nfetch 0-9 of 5\nfetch 10", nil},
		{"in a session", "records 0-9\nfetch 0\nsession 0-4\nfetch 5-9", nil},
		{"jumps", "records 0-9\nfetch 0-4\nfetch 8-9", []Finding{skipped(5, 3)}},
		{"jumps in a session", "records 0-9\nfetch 0\nsession 0-4\nfetch 7-9", []Finding{skipped(5, 2)}},
		{"goes back in a session", "records 0-9\nfetch 0-4\nprocessed 4\nsession 0-4\nfetch 5-9", []Finding{back(0)}},
		{"jumps over what is no record", "records 0-4\nrecords 8-9\nfetch 0-4\nfetch 8-9", nil},
		{"jumps over one of several", "records 0-4\nrecords 6-9\nfetch 0-4\nfetch 8-9", []Finding{skipped(6, 2)}},
		{"an answer that cannot be read", "records 0-9\nfetch 0-4\nfetch 5 unreadable\nfetch 8-9", nil},
		{"begins late", "records 0-9\nfetch 7-8\nfetch 9", nil},
		{"a new assignment", "records 0-9\nfetch 0-4\nbegun\nfetch 8-9\nbegun\nfetch 2-4\nfetch 5", nil},
		{"a new life", "records 0-9\nfetch 0-4\nprocessed 4\nstarted\nfetch 0-4\nstarted\nfetch 8-9\nfetch 10", nil},
		{"a reset", "records 0-9\nfetch 0-2\nfetch 3 gone\nfetch 7-9\nfetch 10", nil},
		{"goes back to what it had processed", "records 0-9\nfetch 0-4\nprocessed 3\nfetch 2-4", []Finding{back(2)}},
		{"goes back to what it had committed", "records 0-9\nfetch 0-4\ncommitted 4\nfetch 3-4", []Finding{back(3)}},
		{"goes back once", "records 0-9\nfetch 0-4\nprocessed 4\nfetch 0-4\nfetch 5-9\nfetch 10", []Finding{back(0)}},
		{"goes back twice", "records 0-9\nfetch 0-4\nprocessed 4\nfetch 0-4\nprocessed 1\nfetch 1-4",
			[]Finding{back(0), back(1)}},
		{"assigns to itself once more", "alone\nrecords 0-9\nfetch 0-4\nprocessed 4\nfetch 0-4\nprocessed 4\nfetch 5-9", nil},
		{"assigns to itself, by another connection",
			"alone\nrecords 0-9\nfetch 0-4 on 1\nprocessed 4\nfetch 0-4 on 2\nfetch 5-9 on 2", nil},
		{"assigns to itself, and begins with what is new",
			"alone\nrecords 0-9\nfetch 0-4 end 5 on 1\nprocessed 4\nfetch 8-9 end 10 on 2\nfetch 8-9 end 10 on 3", nil},
		{"assigns to itself, and begins before the end that it knew of",
			"alone\nrecords 0-9\nfetch 0-4 end 9 on 1\nfetch 8-9 end 10 on 2", []Finding{skipped(5, 3)}},
		{"assigns to itself, and jumps to the end",
			"alone\nrecords 0-9\nfetch 0-4 end 5 on 1\nfetch 8-9 end 10 on 1", []Finding{skipped(5, 3)}},
		{"is in a group, and jumps to the end by another connection",
			"records 0-9\nfetch 0-4 end 5 on 1\nfetch 8-9 end 10 on 2", []Finding{skipped(5, 3)}},
		{"assigns to itself, and goes back elsewhere", "alone\nrecords 0-9\nfetch 0-4\nprocessed 4\nfetch 2-4",
			[]Finding{back(2)}},
		{"assigns to itself once more, and skips", "alone\nrecords 0-9\nfetch 0-4\nprocessed 4\nfetch 0-1\nfetch 4-9",
			[]Finding{skipped(2, 2)}},
		{"drops what it had fetched",
			"records 0-9\nfetch 0-4\nprocessed 1\ncommitted 2\nfetch 5-9\nfetch 2-4\nfetch 5-9", nil},
		{"aborts, and goes back", "records 0-9\nfetch 0-4\nprocessed 4\naborted\nfetch 0-4", nil},
		{"a second consumer",
			"records 0-9\nfetch 5-6 on 1\nprocessed 6\nfetch 0-4 on 2\nfetch 7-9 on 1\nfetch 5-9 on 2", nil},
		{"goes back, and overtakes a request that it has given up",
			"records 0-9\nfetch 0-9 on 1\nprocessed 9\nfetch 0-9 on 2\nfetch 10 on 1\nclosed 1\nfetch 10 on 2",
			[]Finding{back(0)}},
		{"a second consumer, and the first one may go on",
			"records 0-9\nfetch 0-9 on 1\nprocessed 9\nfetch 0-9 on 2\nfetch 10 on 1\nfetch 10 on 2\nclosed 1", nil},
		{"a second consumer, and the first one goes on, and ends", "records 0-9\nfetch 0-9 on 1\nprocessed 9\n" +
			"fetch 0-9 on 2\nfetch 10 on 1\nfetch 10 on 1\nclosed 1\nfetch 10 on 2", nil},
		{"another connection that goes on", "records 0-9\nfetch 0-4 on 1\nfetch 8-9 on 2", []Finding{skipped(5, 3)}},
		{"there and back between brokers", "records 0-9\nfetch 0-2 on 1\nfetch 3-5 on 2\nfetch 6-9 on 1", nil},
	} {
		t.Run(c.name, func(t *testing.T) { wantFindings(t, tellPolls(t, c.lines), c.want...) })
	}
	want := "poll skip: orders partition 0 offset 5 key u5: shipping was given what is before offset 5, and then asked " +
		"for 8: it skipped 3 records"
	if err := tellPolls(t, "records 0-9\nfetch 0-4\nfetch 8-9").Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	wantInconclusive(t, tellPolls(t, "records 0-9\nfetch 0-4\nbegun\nfetch 4-5"),
		"nothing was judged: no read of orders by shipping was seen to go on")
}

// In random readings, with clients that drop what they had fetched, exactly the planted jump is found.
func TestPollsFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j, at, next, worked := NewPolls("shipping", "orders"), time.Duration(0), int64(0), int64(0)
		tick := func() time.Duration { at += time.Second; return at }
		connection := uint64(1)
		fetch := func(from, to int64) {
			j.Fetched(&journal.Fact{Offset: from, Detail: &journal.Fetch{FirstOffset: from, LastOffset: to - 1},
				Request: &journal.Request{Connection: connection, Sent: tick(), Outcome: journal.Answered}})
		}
		size := func(what string) int64 { return rapid.Int64Range(1, 6).Draw(t, what) }
		read := func() {
			n := size("records")
			fetch(next, next+n)
			next += n
		}
		work := func() { // some of what was fetched
			for to := rapid.Int64Range(worked, next).Draw(t, "worked"); worked < to; worked++ {
				j.Processed(0, worked, tick())
			}
			j.Committed(0, rapid.Int64Range(0, worked).Draw(t, "committed"), tick())
		}
		live := func() {
			read()
			for range rapid.IntRange(1, 8).Draw(t, "polls") {
				read()
				work()
				switch rapid.IntRange(0, 8).Draw(t, "event") {
				case 0: // drops what it had fetched
					next = worked
				case 1: // another broker leads the partition
					connection++
				case 2: // a rebalance, and the other owner was quick
					next += size("of another")
					worked = next
					j.Begun(0, tick())
					read()
				case 3: // a crash
					next = rapid.Int64Range(0, worked).Draw(t, "committed")
					worked = next
					j.Started(tick())
					read()
				}
			}
		}
		for o := range int64(1000) {
			j.Input(&record.Record{Offset: o})
		}
		live()
		wantFindings(t, j.Result())
		want := Finding{Topic: "orders", Count: 1}
		if rapid.Bool().Draw(t, "forward") {
			fetch(next, next)
			// past all that another consumer of it may have been given
			high := next
			next, want.Kind = high+200, PollSkip
			want.Offset, want.Count = -1, 0
			read()
			r := j.Result()
			if len(r.Kinds) != 1 || r.Kinds[0].Kind != PollSkip || r.Total != 1 || r.Kinds[0].Records < 150 {
				t.Fatalf("got %v, want a skip of some 200 records", r.Err())
			}
			return
		}
		read()
		j.Processed(0, next-1, tick())
		next = rapid.Int64Range(0, next-1).Draw(t, "back to")
		want.Kind, want.Offset = NonMonotonicPoll, next
		read()
		wantFindings(t, j.Result(), want)
	})
}
