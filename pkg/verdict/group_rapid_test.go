package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// drawOwnerships makes up to eight ownerships of partition 0 by three applications, in whole seconds, whatever they
// would mean.
func drawOwnerships(t *rapid.T) []membership.Ownership {
	var all []membership.Ownership
	for i := range rapid.IntRange(1, 8).Draw(t, "ownerships") {
		from := rapid.IntRange(1, 20).Draw(t, "from")
		o := membership.Ownership{App: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "app"),
			From: time.Duration(from) * time.Second}
		o.Member = fmt.Sprint(o.App, rapid.IntRange(0, 1).Draw(t, "member"))
		o.From += time.Duration(i) // no two begin at once
		o.Confirmed = o.From + time.Duration(rapid.IntRange(0, 5).Draw(t, "confirmed"))*time.Second
		o.End = rapid.SampledFrom([]membership.End{membership.Owning, membership.Released, membership.Left, membership.Fenced,
			membership.Replaced}).Draw(t, "end")
		if o.End != membership.Owning {
			o.To = o.Confirmed
		}
		if o.End.Graceful() || o.End == membership.Fenced {
			o.Known = o.To + time.Duration(rapid.IntRange(0, 3).Draw(t, "known"))*time.Second
		}
		all = append(all, o)
	}
	return all
}

// TestOwnersAgainstEveryInstant compares with a judge that looks at each instant who the group took for an owner.
func TestOwnersAgainstEveryInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawOwnerships(t)
		h := membership.New("g", "orders")
		pairs := map[[2]int]bool{}
		for i := range all {
			h.Owned(all[i])
			for k := range all {
				// just when k is given it, and each second from then on
				for at := all[k].From; at < 40*time.Second; at += time.Second {
					if all[i].From < all[k].From && all[i].Confirmed > at && at == all[k].From && all[i].Member != all[k].Member {
						pairs[[2]int{i, k}] = true
					}
				}
			}
		}
		if got := Owners(h); got.Total != int64(len(pairs)) {
			t.Fatalf("got %d findings, want %d: %v", got.Total, len(pairs), got.Err())
		}
	})
}

// TestOwnCommitsAgainstTheWholeList compares with a judge that asks of each commit whether anything excuses it.
func TestOwnCommitsAgainstTheWholeList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawOwnerships(t)
		h := membership.New("g", "orders")
		for _, o := range all {
			h.Owned(o)
		}
		want := map[string]int64{}
		for range rapid.IntRange(1, 10).Draw(t, "commits") {
			app := rapid.SampledFrom([]string{"a", "b", "c", "z"}).Draw(t, "app")
			c := membership.Commit{App: app, Member: fmt.Sprint(app, rapid.IntRange(0, 2).Draw(t, "member")),
				Sent:    time.Duration(rapid.IntRange(1, 30).Draw(t, "sent")) * time.Second,
				Unknown: rapid.Bool().Draw(t, "unanswered")}
			h.Committed(c)
			begun := slices.DeleteFunc(slices.Clone(all),
				func(o membership.Ownership) bool { return o.From > c.Sent || o.App != app })
			if mine := slices.DeleteFunc(slices.Clone(begun),
				func(o membership.Ownership) bool { return o.Member != c.Member }); len(mine) > 0 {
				begun = mine
			}
			if len(begun) == 0 || slices.ContainsFunc(begun, func(o membership.Ownership) bool {
				return o.Known == 0 ||
					o.Known >= c.Sent
			}) {
				continue
			}
			last := slices.MaxFunc(begun, func(x, y membership.Ownership) int { return cmp.Compare(x.From, y.From) })
			if last.End == membership.Left && !c.Unknown {
				continue // refused to who has left
			}
			want[map[bool]string{true: CommitAfterRevoke, false: CommitOfLost}[last.End.Graceful()]]++
		}
		got := map[string]int64{}
		for _, k := range OwnCommits(h).Kinds {
			got[k.Kind] = k.Findings
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// lives is a partition that goes from owner to owner, each of which does what it should.
type lives struct {
	records int64
	owned   []membership.Ownership
	started []membership.Start
	worked  []membership.Work
	commits []membership.Commit
}

// drawLives lets up to six owners process up to forty records. Each ends gracefully, or dies with some of its work not
// committed.
func drawLives(t *rapid.T) *lives {
	l, now, committed := &lives{}, time.Second, int64(0)
	tick := func() time.Duration { now += time.Second; return now }
	for i := range rapid.IntRange(2, 6).Draw(t, "owners") {
		o := membership.Ownership{App: fmt.Sprintf("a%d", i%3), Member: fmt.Sprint("m", i), From: tick()}
		l.started = append(l.started, membership.Start{App: o.App, Offset: committed, Sent: tick()})
		next := committed
		for range rapid.IntRange(0, 8).Draw(t, "records") {
			l.worked = append(l.worked, membership.Work{App: o.App, Offset: next, At: tick()})
			next++
			if rapid.IntRange(0, 2).Draw(t, "commits") == 0 {
				committed = next
				l.commits = append(l.commits, membership.Commit{App: o.App, Member: o.Member, Offset: committed, Sent: tick(),
					Answered: tick(), Taken: true})
			}
		}
		l.records = max(l.records, next)
		o.End = rapid.SampledFrom([]membership.End{membership.Released, membership.Left, membership.Fenced,
			membership.Replaced}).Draw(t, "end")
		if o.End.Graceful() && committed < next {
			committed = next
			l.commits = append(l.commits, membership.Commit{App: o.App, Member: o.Member, Offset: committed, Sent: tick(),
				Answered: tick(), Taken: true})
		}
		o.To = tick()
		o.Confirmed, o.Known = o.To, o.To
		l.owned = append(l.owned, o)
	}
	for next := committed; next < l.records; next++ { // whoever comes last leaves nothing undone
		l.worked = append(l.worked, membership.Work{App: "last", Offset: next, At: tick()})
	}
	l.owned = append(l.owned, membership.Ownership{App: "last", Member: "last", From: l.owned[len(l.owned)-1].To + 1})
	l.started = append(l.started, membership.Start{App: "last", Offset: committed, Sent: l.owned[len(l.owned)-1].From + 1})
	return l
}

func (l *lives) result(judge groupJudge) Result {
	h, records := membership.New("g", "orders"), NewRecords("orders")
	for o := range l.records {
		records.Input(&record.Record{Topic: "orders", Offset: o})
	}
	// Backwards, as their order must not matter.
	for _, o := range slices.Backward(l.owned) {
		h.Owned(o)
	}
	for _, s := range slices.Backward(l.started) {
		h.Started(s)
	}
	for _, w := range slices.Backward(l.worked) {
		h.Worked(w)
	}
	for _, c := range slices.Backward(l.commits) {
		h.Committed(c)
	}
	return judge(h, records)
}

// TestGoodLivesPassEveryJudge holds that what is done right is never found wrong, whatever died in between.
func TestGoodLivesPassEveryJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLives(t)
		for _, judge := range []groupJudge{owners, ownCommits, handovers, starts, moves, afterCrash} {
			if r := l.result(judge); r.Outcome == Fail {
				t.Fatalf("got %v, want no finding", r.Err())
			}
		}
	})
}

// TestPlantedFaultsAreFound changes one thing in what was done right, and wants the judge that is for it to find it
// where it is.
func TestPlantedFaultsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLives(t)
		switch rapid.IntRange(0, 7).Draw(t, "fault") {
		case 0: // the last commit of a graceful owner is missing
			i := slices.IndexFunc(l.owned, func(o membership.Ownership) bool { return o.End.Graceful() && l.workOf(o) > 0 })
			if i < 0 {
				return
			}
			l.commits = slices.DeleteFunc(l.commits, func(c membership.Commit) bool { return c.Member == l.owned[i].Member })
			l.wantOne(t, handovers, RevokedUncommitted)
		case 1: // an owner begins a record too late
			i := slices.IndexFunc(l.started[1:], func(s membership.Start) bool { return s.Offset > 0 })
			if i < 0 {
				return
			}
			l.started[i+1].Offset++
			l.wantOne(t, starts, WrongStart)
		case 2: // a record is left out
			if l.records == 0 {
				return
			}
			left := rapid.Int64Range(0, l.records-1).Draw(t, "left out")
			l.worked = slices.DeleteFunc(l.worked, func(w membership.Work) bool { return w.Offset == left })
			l.wantOne(t, afterCrash, NeverProcessed)
		case 3: // the last owner does again what was committed when it came
			if l.started[len(l.started)-1].Offset == 0 {
				return
			}
			l.worked = append(l.worked, membership.Work{App: "last", Offset: 0, At: time.Hour})
			l.wantOne(t, afterCrash, ProcessedTwice)
		case 4: // an owner keeps its partition when the next one has it
			i := rapid.IntRange(0, len(l.owned)-2).Draw(t, "keeps")
			if l.owned[i+1].App == l.owned[i].App || !l.owned[i].End.Graceful() {
				return
			}
			kept := l.owned[i+1].From + 1
			l.owned[i].To, l.owned[i].Confirmed, l.owned[i].Known = kept, kept, kept
			l.wantOne(t, owners, TwoOwners)
		case 5: // a partition is given up in a rebalance and goes back to the same member
			i := rapid.IntRange(0, len(l.owned)-2).Draw(t, "goes back")
			if l.owned[i].End != membership.Released || i+2 < len(l.owned) && l.owned[i+1].End == membership.Released &&
				l.owned[i+2].App == l.owned[i].App {
				return
			}
			l.owned[i+1].App, l.owned[i+1].Member = l.owned[i].App, l.owned[i].Member
			l.wantOne(t, moves, RevokedUnmoved)
		case 6: // an owner commits what it does not have any more, and knows that
			i := rapid.IntRange(0, len(l.owned)-2).Draw(t, "commits")
			kind := CommitAfterRevoke
			if !l.owned[i].End.Graceful() {
				kind = CommitOfLost
			}
			l.commits = append(l.commits, membership.Commit{App: l.owned[i].App, Member: l.owned[i].Member, Offset: 1,
				Sent: time.Hour, Answered: time.Hour + 1, Taken: true})
			l.wantOne(t, ownCommits, kind)
		case 7: // a member that never had the partition commits it
			sent := l.owned[rapid.IntRange(0, len(l.owned)-1).Draw(t, "meanwhile")].From + 1
			l.commits = append(l.commits, membership.Commit{App: "stranger", Member: "stranger", Offset: 1, Sent: sent,
				Answered: sent + 1, Taken: true})
			l.wantOne(t, ownCommits, CommitOfAnothers)
		}
	})
}

func (l *lives) workOf(o membership.Ownership) (n int) {
	for _, w := range l.worked {
		if w.App == o.App && w.At > o.From && w.At < o.To {
			n++
		}
	}
	return n
}

func (l *lives) wantOne(t *rapid.T, judge groupJudge, kind string) {
	r := l.result(judge)
	if len(r.Kinds) != 1 || r.Kinds[0].Kind != kind || r.Total != 1 {
		t.Fatalf("got %v, want one %s", r.Err(), kind)
	}
}
