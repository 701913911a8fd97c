package verdict

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Records 0 to 2 are gone from the log, 3 and 4 are in it. Each judge must take what is gone for processed where it
// was, and name it where it was not.
func TestJudgesOfTopicsWithGoneRecords(t *testing.T) {
	gone := func(kind string, offset, count int64) Finding {
		return Finding{Kind: kind, Topic: "orders", Offset: offset, Key: "k", Count: count, Gone: true}
	}
	for name, c := range map[string]struct {
		judge func(how Cleaned, done ...int64) Result
		lost  []Finding // when 0, 3 and 4 are done
	}{
		"split": {func(how Cleaned, done ...int64) Result {
			s := NewSplit("orders")
			feedGone(s.Input, s.Gone, how)
			for i, o := range done {
				if i == 0 {
					s.DeadLettered(0, o)
				} else {
					s.Processed(0, o)
				}
			}
			return s.Result()
		}, []Finding{gone(NotSplit, 1, 1), gone(NotSplit, 2, 1)}},
		"commits": {func(how Cleaned, done ...int64) Result {
			c := NewCommits("orders")
			feedGone(c.Input, c.Gone, how)
			for _, o := range done {
				c.Done(0, o)
			}
			c.At(10)
			c.Committed(0, 5)
			return c.Result()
		}, []Finding{gone(CommitAhead, 1, 2)}},
		"group": {func(how Cleaned, done ...int64) Result {
			records, h := NewRecords("orders"), membership.Of(nil, "shipping", "orders", func(string) bool { return true })
			feedGone(records.Input, records.Gone, how)
			for _, o := range done {
				h.Worked(membership.Work{App: "a", Offset: o})
			}
			h.Commits[0] = []membership.Commit{{App: "a", Offset: 5, Sent: 10, Taken: true}}
			return GroupWork(h, records, false)
		}, []Finding{gone(NeverProcessed, 1, 1), gone(NeverProcessed, 2, 1)}},
		"shares": {func(how Cleaned, done ...int64) Result {
			records := NewRecords("orders")
			feedGone(records.Input, records.Gone, how)
			s := &membership.Shares{Group: "shipping", Topic: "orders", Records: 5, Events: map[int32][]membership.ShareEvent{}}
			for _, o := range done {
				at := journal.ShareRange{First: o, Last: o, Type: journal.ShareAccept}
				for _, what := range []membership.ShareWhat{membership.ShareGiven, membership.ShareWorked, membership.ShareSaid} {
					s.Events[0] = append(s.Events[0], membership.ShareEvent{App: "a", What: what, Range: at, Taken: true})
				}
			}
			return Shares(s, records, 5)
		}, []Finding{gone(NotSettled, 1, 1), gone(NotSettled, 2, 1)}},
		"effects": {func(how Cleaned, done ...int64) Result {
			e := NewEffects("orders", "payments")
			feedGone(e.Input, e.Gone, how)
			for _, o := range done {
				e.Row(0, o)
			}
			return e.Result(ExactlyOnce)
		}, []Finding{gone(MissingRow, 1, 1), gone(MissingRow, 2, 1)}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFindings(t, c.judge(Cleaned{}, 0, 1, 2, 3, 4))
			wantFindings(t, c.judge(Cleaned{Until: 20}, 0, 3, 4), c.lost...)
			for _, how := range []Cleaned{{May: true}, {May: true, Until: 5}, {Unsure: true}} { // before the commit
				wantFindings(t, c.judge(how, 0, 1, 2, 3, 4))
				r, why := c.judge(how, 0, 3, 4), "too little is known of keys to tell whether compaction took them"
				if name == "commits" {
					why = "it is not known whether they were still there when the group committed"
				}
				if how.Unsure {
					wantInconclusive(t, r, "2 records are gone from the log and were not processed, and "+why)
				} else {
					wantFindings(t, r)
				}
			}
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

func feedGone(in func(*record.Record), gone func(*record.Record, Cleaned), how Cleaned) {
	for o := range int64(5) {
		r := &record.Record{Topic: "orders", Offset: o, Key: []byte("k")}
		if o < 3 {
			gone(r, how)
		} else {
			in(r)
		}
	}
}

// What compaction may have taken unread may be in a copy, and need not be. Of records that are alike as many may be
// missing as it may have taken.
func TestCopyOfCompactedRecords(t *testing.T) {
	value := func(o int64, v byte) *record.Record {
		return &record.Record{Topic: "accounts", Offset: o, Key: []byte("k"), Value: []byte{v}}
	}
	copied := func(values ...byte) Result {
		c := NewCopy("accounts", "copies")
		c.Unread(value(0, 1))
		c.Unread(value(1, 2))
		c.Input(value(2, 2))
		c.Input(value(3, 3))
		for i, v := range values {
			c.Output(value(int64(i), v))
		}
		return c.Result()
	}
	wantFindings(t, copied(1, 2, 2, 3))
	wantFindings(t, copied(2, 3))
	wantFindings(t, copied(1, 2), Finding{Kind: LostWrite, Topic: "accounts", Offset: 3, Key: "k", Count: 1})
	wantFindings(t, copied(3), Finding{Kind: LostWrite, Topic: "accounts", Offset: 2, Key: "k", Count: 1})
	wantFindings(t, copied(2, 3, 4), Finding{Kind: Unexpected, Topic: "copies", Offset: 2, Key: "k", Count: 1})
}

// What retention may have taken before the group committed past it may never have been given to anybody. It is lost all
// the same.
func TestExpiredBeforeTheCommit(t *testing.T) {
	c := NewCommits("orders")
	feedGone(c.Input, c.Gone, Cleaned{Until: 10})
	c.At(10)
	c.Done(0, 3)
	c.Done(0, 4)
	c.Committed(0, 5)
	wantInconclusive(t, c.Result(), "3 records are gone from the log and were not processed, and it is not known whether "+
		"they were still there when the group committed")
	s := NewSplit("orders")
	feedGone(s.Input, s.Gone, Cleaned{Until: 10})
	s.Processed(0, 3)
	s.Processed(0, 4)
	if r := s.Result(); r.Outcome != Fail || r.Total != 3 {
		t.Errorf("got %s with %d findings, want 3 records that are lost", r.Outcome, r.Total)
	}
}

// What the group had committed past before compaction could take it was there to be processed.
func TestCompactedAfterTheCommit(t *testing.T) {
	later := Cleaned{May: true, Until: 20}
	c := NewCommits("orders")
	feedGone(c.Input, c.Gone, later)
	c.At(10)
	c.Committed(0, 2)
	c.At(30)
	for _, o := range []int64{3, 4} {
		c.Done(0, o)
	}
	c.Committed(0, 5)
	wantFindings(t, c.Result(), Finding{Kind: CommitAhead, Topic: "orders", Key: "k", Count: 2, Gone: true})

	records, h := NewRecords("orders"), membership.Of(nil, "shipping", "orders", func(string) bool { return true })
	feedGone(records.Input, records.Gone, later)
	for _, o := range []int64{3, 4} {
		h.Worked(membership.Work{App: "a", Offset: o})
	}
	h.Commits[0] = []membership.Commit{{Offset: 5, Sent: 30, Taken: true}, {Offset: 1, Sent: 10, Taken: true}}
	wantFindings(t, GroupWork(h, records, false), Finding{Kind: NeverProcessed, Topic: "orders", Key: "k", Count: 1,
		Gone: true})
}

// Where all that there was is excused nothing is judged.
func TestNothingButCompactedRecords(t *testing.T) {
	s := NewSplit("orders")
	s.Gone(&record.Record{Topic: "orders"}, Cleaned{May: true})
	wantInconclusive(t, s.Result(), "nothing was judged: compaction has taken 1 record before it was processed, and "+
		"there is no other")
}

func TestFindingSaysThatItsRecordIsGone(t *testing.T) {
	got := Finding{Kind: NeverProcessed, Topic: "orders", Offset: 4, Key: "u4", Gone: true, Detail: "lost"}.String()
	if want := "never processed: orders partition 0 offset 4 key u4 (gone from the log): lost"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
