package verdict

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// A share group is given a range of offsets that compaction has taken a record from. It was there to be worked on only
// if it was in the log when the range was given.
func TestSharesOfCompactedRecords(t *testing.T) {
	lives := [][]deed{
		{given("a", 1), said("a", journal.ShareGap)},
		{given("a", 1), worked("a"), said("a", journal.ShareAccept)},
	}
	for name, c := range map[string]struct {
		how  Cleaned
		want Outcome
	}{
		"it was gone":              {Cleaned{May: true}, Pass},
		"it may have been gone":    {Cleaned{May: true, Until: 0}, Pass},
		"it was in the log":        {Cleaned{May: true, Until: time.Second}, Fail},
		"it was no compaction":     {Cleaned{}, Fail},
		"whether it was is unsure": {Cleaned{Unsure: true}, Inconclusive},
	} {
		s, records := told(lives)
		records.Gone(&record.Record{Topic: "orders"}, c.how)
		if r := Shares(s, records, shareLimit); r.Outcome != c.want {
			t.Errorf("%s: got %s (%v), want %s", name, r.Outcome, r.Err(), c.want)
		}
	}
}

// ask is a record with an identity in its value and so many seconds after the start.
func ask(offset int64, key, id string, seconds int64) *record.Record {
	return &record.Record{Topic: "asked", Offset: offset, Key: []byte(key), Value: []byte(`{"id":"` + id + `"}`),
		Timestamp: time.Unix(1_000_000+seconds, 0)}
}

// What compaction may have taken unread may have a reply, a result or a request, and need not; where there is nothing
// else, nothing was judged.
func TestUnreadRecordsNeedNothing(t *testing.T) {
	for _, judge := range []struct {
		name string
		of   func(there, unread []*record.Record, outputs []*record.Record) Result
	}{
		{"replies", func(there, unread, outputs []*record.Record) Result {
			j := NewReplies("asked", "answers", "id", 0)
			feed(there, j.Request)
			feed(unread, j.Unread)
			feed(outputs, j.Reply)
			return j.Result()
		}},
		{"results", func(there, unread, outputs []*record.Record) Result {
			j := NewResults(JoinTopics{Left: "asked", Joined: "answers", Unmatched: "others"}, "id")
			feed(unread, j.LeftUnread)
			feed(there, j.Left)
			feed(outputs, j.Joined)
			return j.Result()
		}},
		{"requests", func(there, unread, outputs []*record.Record) Result {
			j := NewRequests("asked", "service", "id")
			feed(unread, j.Unread)
			feed(there, j.Record)
			for i, r := range outputs {
				id, _ := j.by.read(r)
				j.Request("POST /", "", time.Duration(i)*time.Second, []string{id})
			}
			return j.Result(ExactlyOnce)
		}},
	} {
		a, b, again := ask(0, "k", "a", 0), ask(1, "k", "b", 1), ask(2, "k", "b", 2)
		for _, c := range []struct {
			name                   string
			there, unread, outputs []*record.Record
			want                   Outcome
		}{
			{"neither", []*record.Record{b}, []*record.Record{a}, []*record.Record{b}, Pass},
			{"both", []*record.Record{b}, []*record.Record{a}, []*record.Record{b, a}, Pass},
			{"only the one that is gone", []*record.Record{b}, []*record.Record{a}, []*record.Record{a}, Fail},
			{"the one that is gone twice", []*record.Record{b}, []*record.Record{a}, []*record.Record{a, b, a}, Fail},
			{"the other one twice", []*record.Record{b}, []*record.Record{a}, []*record.Record{b, b}, Fail},
			{"an unknown one", []*record.Record{b}, []*record.Record{a}, []*record.Record{b, ask(5, "k", "c", 5)}, Fail},
			{"one of two alike", []*record.Record{again}, []*record.Record{b}, []*record.Record{b}, Pass},
			{"two of two alike", []*record.Record{again}, []*record.Record{b}, []*record.Record{b, b}, Pass},
			{"three of two alike", []*record.Record{again}, []*record.Record{b}, []*record.Record{b, b, b}, Fail},
			{"none of two alike", []*record.Record{again}, []*record.Record{b}, nil, Fail},
			{"nothing but what is gone", nil, []*record.Record{a}, nil, Inconclusive},
			{"nothing but what is gone, and read", nil, []*record.Record{a}, []*record.Record{a}, Pass},
		} {
			if r := judge.of(c.there, c.unread, c.outputs); r.Outcome != c.want {
				t.Errorf("%s, %s: got %s (%v), want %s", judge.name, c.name, r.Outcome, r.Err(), c.want)
			}
		}
	}
}

func feed(records []*record.Record, take func(*record.Record)) {
	for _, r := range records {
		take(r)
	}
}
