package verdict

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Records 0 to 2 are gone from the log, 3 and 4 are in it. Each judge must take what is gone for processed where it
// was, and name it where it was not.
func TestJudgesOfTopicsWithGoneRecords(t *testing.T) {
	gone := func(kind string, offset, count int64) Finding {
		return Finding{Kind: kind, Topic: "orders", Offset: offset, Key: "k", Count: count, Gone: true}
	}
	for name, c := range map[string]struct {
		judge func(done ...int64) Result
		lost  []Finding // when 0, 3 and 4 are done
	}{
		"split": {func(done ...int64) Result {
			s := NewSplit("orders")
			feedGone(s.Input, s.Gone)
			for i, o := range done {
				if i == 0 {
					s.DeadLettered(0, o)
				} else {
					s.Processed(0, o)
				}
			}
			return s.Result()
		}, []Finding{gone(NotSplit, 1, 1), gone(NotSplit, 2, 1)}},
		"commits": {func(done ...int64) Result {
			c := NewCommits("orders")
			feedGone(c.Input, c.Gone)
			for _, o := range done {
				c.Done(0, o)
			}
			c.Committed(0, 5)
			return c.Result()
		}, []Finding{gone(CommitAhead, 1, 2)}},
		"effects": {func(done ...int64) Result {
			e := NewEffects("orders", "payments")
			feedGone(e.Input, e.Gone)
			for _, o := range done {
				e.Row(0, o)
			}
			return e.Result(ExactlyOnce)
		}, []Finding{gone(MissingRow, 1, 1), gone(MissingRow, 2, 1)}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFindings(t, c.judge(0, 1, 2, 3, 4))
			wantFindings(t, c.judge(0, 3, 4), c.lost...)
		})
	}
}

// What is gone from the input of a copy may be in it, and nowhere else may it be missed.
func TestCopyOfGoneRecords(t *testing.T) {
	value := func(o int64) *record.Record {
		return &record.Record{Topic: "orders", Offset: o, Key: []byte("k"), Value: []byte{byte(o)}}
	}
	copied := func(offsets ...int64) Result {
		c := NewCopy("orders", "copies")
		c.Gone(value(3))
		c.Input(value(4))
		for _, o := range offsets {
			c.Output(value(o))
		}
		return c.Result()
	}
	wantFindings(t, copied(3, 4))
	wantFindings(t, copied(4), Finding{Kind: LostWrite, Topic: "orders", Offset: 3, Key: "k", Count: 1, Gone: true})
	wantFindings(t, copied(3), Finding{Kind: LostWrite, Topic: "orders", Offset: 4, Key: "k", Count: 1})
}

func feedGone(in, gone func(*record.Record)) {
	for o := range int64(5) {
		see := in
		if o < 3 {
			see = gone
		}
		see(&record.Record{Topic: "orders", Offset: o, Key: []byte("k")})
	}
}

func TestFindingSaysThatItsRecordIsGone(t *testing.T) {
	got := Finding{Kind: NeverProcessed, Topic: "orders", Offset: 4, Key: "u4", Gone: true, Detail: "lost"}.String()
	if want := "never processed: orders partition 0 offset 4 key u4 (gone from the log): lost"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
