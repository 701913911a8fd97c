package verdict_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// correlated is a record with a correlation id, so many milliseconds after the start.
func correlated(offset int64, id string, ms int) record.Record {
	return record.Record{Offset: offset, Key: []byte("k" + id), Headers: []record.Header{{Key: "id", Value: []byte(id)}},
		Timestamp: time.UnixMilli(int64(1_000_000 + ms))}
}

// twice is a record with a second correlation id.
func twice(r record.Record, id string) record.Record {
	r.Headers = append(r.Headers, record.Header{Key: "id", Value: []byte(id)})
	return r
}

func TestReplies(t *testing.T) {
	asks := []record.Record{correlated(0, "a", 0), correlated(1, "b", 10)}
	for _, c := range []struct {
		name              string
		requests, replies []record.Record
		want              string // "": passes
	}{
		{"one each", asks, []record.Record{correlated(0, "b", 40), correlated(1, "a", 99)}, ""},
		{"none", asks, []record.Record{correlated(0, "b", 40)},
			"missing reply: requests partition 0 offset 0 key ka: no reply in replies has its headers.id a"},
		{"two", asks, []record.Record{correlated(0, "b", 40), correlated(1, "a", 99), correlated(2, "b", 50)},
			"reply twice: requests partition 0 offset 1 key kb: 2 replies have its headers.id b, at replies partition 0"},
		{"late", asks, []record.Record{correlated(0, "b", 40), correlated(1, "a", 101)},
			"came 101ms later, want at most 100ms"},
		{"of nobody", asks, []record.Record{correlated(0, "b", 40), correlated(1, "a", 9), correlated(2, "c", 9)},
			"a reply to the headers.id c, and no request in requests has it"},
		{"without an id", asks, []record.Record{{Offset: 7}}, "a reply that names no request: there is no header id"},
		{"an empty id", []record.Record{correlated(0, "", 0)}, nil, "no reply can name: headers.id is empty"},
		{"the same id", []record.Record{correlated(0, "a", 0), correlated(1, "a", 0)},
			[]record.Record{correlated(0, "a", 0)}, "of the request at requests partition 0 offset 0"},
		{"two ids", asks, []record.Record{correlated(0, "b", 40), twice(correlated(1, "a", 9), "z")},
			"a reply that names no request: there are several headers id, a and z"},
		{"the same id twice", asks, []record.Record{correlated(0, "b", 40), twice(correlated(1, "a", 9), "a")}, ""},
		{"nothing", nil, nil, "no request of requests was read"},
	} {
		judge := verdict.NewReplies("requests", "replies", "headers.id", 100*time.Millisecond)
		for _, r := range c.requests {
			judge.Request(&r)
		}
		for _, r := range c.replies {
			judge.Reply(&r)
		}
		err := judge.Result().Err()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// A valid history passes, in whatever order it is fed; what is planted in it is found, and nothing else.
func TestRepliesFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "requests")
		var requests, replies []record.Record
		want := map[string]int64{}
		for i := range n {
			requests = append(requests, correlated(int64(i), fmt.Sprint(i), i))
			late := 0
			switch rapid.SampledFrom([]string{"", "", "", "missing", "twice", "late"}).Draw(t, "plant") {
			case "missing":
				want[verdict.MissingReply]++
				continue
			case "twice":
				want[verdict.RepeatedReply]++
				replies = append(replies, correlated(int64(1000+i), fmt.Sprint(i), i+2))
			case "late":
				want[verdict.LateReply]++
				late = 500
			}
			replies = append(replies, correlated(int64(i), fmt.Sprint(i), i+1+late))
		}
		judge := verdict.NewReplies("requests", "replies", "headers.id", 100*time.Millisecond)
		for _, r := range rapid.Permutation(slices.Clone(replies)).Draw(t, "replies") {
			judge.Reply(&r)
		}
		for _, r := range rapid.Permutation(slices.Clone(requests)).Draw(t, "order") {
			judge.Request(&r)
		}
		got := map[string]int64{}
		for _, k := range judge.Result().Kinds {
			got[k.Kind] = k.Findings
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
