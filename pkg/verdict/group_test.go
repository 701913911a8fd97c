package verdict

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// groupJudge is any judge of a group.
type groupJudge func(h *membership.History, records *Records) Result

// tell makes a history of partition 0 written down in lines; times are in seconds, and the application is
// the member as well:
//
//	own a 1-5 released          a owns it from 1 to 5; "asked" behind it: the group wanted it; "known 7": a knew at 7
//	own b 6-                    b still has it; "until 9": the group last confirmed it at 9
//	commit a 3 10               a committed 10, answered half a second later; "refused": in vain; "unanswered": perhaps
//	start b 7 10                b began to read at 10; "held 4": it had been given the 4 before that
//	work a 2 0-4                a finished records 0 to 4
//	records 0-9                 these exist
//	gone 0-4                    these did, and the log has them no more
func tell(t *testing.T, history string) (*membership.History, *Records) {
	t.Helper()
	h, records := membership.New("g", "orders"), NewRecords("orders")
	for line := range strings.Lines(history) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "own":
			h.Owned(ownershipFrom(t, words))
		case "commit":
			at, offset := seconds(t, words[2]), whole(t, words[3])
			member := strings.TrimPrefix(words[1], "admin") // is no member
			h.Committed(membership.Commit{App: words[1], Member: member, Offset: offset, Sent: at,
				Answered: at + time.Second/2,
				Taken:    len(words) < 5, Unknown: len(words) > 4 && words[4] == "unanswered"})
		case "start":
			start := membership.Start{App: words[1], Offset: whole(t, words[3]), Sent: seconds(t, words[2])}
			if len(words) > 4 {
				start.Held = whole(t, words[5])
			}
			h.Started(start)
		case "work":
			eachOf(t, words[3], func(o int64) {
				h.Worked(membership.Work{App: words[1], Offset: o, At: seconds(t, words[2]) + time.Duration(o)})
			})
		case "aside":
			eachOf(t, words[3], func(o int64) {
				h.SetAside[0] = append(h.SetAside[0], membership.Work{App: words[1], Offset: o, At: seconds(t, words[2])})
			})
		case "records", "gone":
			see := map[string]func(*record.Record){"records": records.Input,
				"gone": func(r *record.Record) { records.Gone(r, Cleaned{Until: time.Hour}) }}[words[0]]
			eachOf(t, words[1], func(o int64) {
				see(&record.Record{Topic: "orders", Offset: o, Key: fmt.Appendf(nil, "u%d", o)})
			})
		default:
			t.Fatalf("got line %q", line)
		}
	}
	return h, records
}

func ownershipFrom(t *testing.T, words []string) membership.Ownership {
	from, to, _ := strings.Cut(words[2], "-")
	o := membership.Ownership{App: words[1], Member: words[1], From: seconds(t, from), Confirmed: seconds(t, from)}
	if to != "" {
		o.To = seconds(t, to)
		o.Confirmed = o.To
	}
	for i, w := range words[3:] {
		switch w {
		case "released", "left":
			o.End, o.Known = membership.End(w), o.To
		case "fenced", "replaced":
			o.End, o.Confirmed = membership.End(w), o.From
		case "asked":
			o.Asked = true
		case "known":
			o.Known = seconds(t, words[3+i+1])
		case "until":
			o.Confirmed = seconds(t, words[3+i+1])
		}
	}
	return o
}

func seconds(t *testing.T, text string) time.Duration {
	return time.Duration(whole(t, text)) * time.Second
}

func whole(t *testing.T, text string) (n int64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatalf("got %q, want a number", text)
	}
	return n
}

func eachOf(t *testing.T, span string, do func(int64)) {
	first, last, ok := strings.Cut(span, "-")
	if !ok {
		last = first
	}
	for o := whole(t, first); o <= whole(t, last); o++ {
		do(o)
	}
}

// judgedGroup has one history for each verdict of each judge.
var judgedGroup = []struct {
	name    string
	judge   groupJudge
	history string
	want    []Finding
}{
	{"owners: one after the other", owners, "own a 1-5 released\nown b 6-", nil},
	{"owners: one that the group had given up did not know", owners, "own a 1-20 fenced known 21\nown b 9-", nil},
	{"owners: one that died", owners, "own a 1-3 replaced\nown b 9-", nil},
	{"owners: given to another at once", owners, "own a 1- until 8\nown b 6-", one(TwoOwners, -1)},
	{"owners: each pair is one", owners, "own a 1- until 9\nown b 6- until 9\nown c 7-",
		append(one(TwoOwners, -1), one(TwoOwners, -1)[0], one(TwoOwners, -1)[0])},

	{"commits: within the time", ownCommits, "own a 1-5 released\ncommit a 2 3\ncommit a 5 7\nown b 6-\ncommit b 8 9",
		nil},
	{"commits: having given it up", ownCommits, "own a 1-5 released\nown b 6-\ncommit a 7 4", one(CommitAfterRevoke, 4)},
	{"commits: also when it is refused", ownCommits, "own a 1-5 released\ncommit a 7 4 refused",
		one(CommitAfterRevoke, 4)},
	{"commits: having left", ownCommits, "own a 1-5 left\ncommit a 7 4", one(CommitAfterRevoke, 4)},
	{"commits: having left, and refused", ownCommits, "own a 1-5 left\ncommit a 7 4 refused", nil},
	{"commits: one that did not know it is lost", ownCommits,
		"own a 1-20 fenced known 22\nown b 9-\ncommit a 19 4 refused\ncommit a 21 4 refused", nil},
	{"commits: having joined again", ownCommits, "own a 1-20 fenced known 22\nown b 9-\ncommit a 23 4",
		one(CommitOfLost, 4)},
	{"commits: refused, having joined again", ownCommits, "own a 1-20 fenced known 22\nown b 9-\ncommit a 23 4 refused",
		one(CommitOfLost, 4)},
	{"commits: refused, having dropped its member id", ownCommits,
		"own a 1-4 replaced known 9\nown b 6-\ncommit a 8 4 refused\ncommit a 10 4 refused", one(CommitOfLost, 4)},
	{"commits: having got it back", ownCommits, "own a 1-20 fenced known 22\nwork a 2 0\nown b 9-24 released\n" +
		"own a 25-\ncommit a 26 4", nil},
	{"commits: by an administrator", ownCommits, "own a 1-5 released\nwork a 2 0\ncommit admin 3 4", nil},
	{"commits: of another's", ownCommits, "own a 1-\ncommit z 3 4", one(CommitOfAnothers, 4)},
	{"commits: of another's, refused", ownCommits, "own a 1-5 released\nwork a 2 0\ncommit z 3 4 refused", nil},
	{"commits: of nobody's", ownCommits, "own a 1-2 left\nwork a 1 0\ncommit z 3 4", nil},

	{"handovers: committed before", handovers, "records 0-9\nown a 1-5 released\nstart a 1 0\nwork a 2 0-4\ncommit a 4 " +
		"5\nown b 6-9 left\nstart b 6 5\nwork b 7 5-9\ncommit b 8 10", nil},
	{"handovers: all set aside", handovers, "records 0-4\nown a 1-5 released\nstart a 1 0\naside a 2 0-4\ncommit a 4 5",
		nil},
	{"handovers: less committed than set aside", handovers,
		"records 0-4\nown a 1-5 released\nstart a 1 0\nwork a 2 0-2\naside a 3 3\ncommit a 4 3", one(RevokedUncommitted, 3)},
	{"handovers: nothing committed", handovers, "records 0-9\nown a 1-5 released\nstart a 1 0\nwork a 2 0-4",
		one(RevokedUncommitted, 0)},
	{"handovers: less committed than processed", handovers,
		"records 0-9\nown a 1-5 left\nstart a 1 0\nwork a 2 0-4\ncommit a 4 3", one(RevokedUncommitted, 3)},
	{"handovers: the commit was refused", handovers, "records 0-9\nown a 1-5 left\nstart a 1 0\nwork a 2 0-4\ncommit a " +
		"4 5 refused", one(RevokedUncommitted, 0)},
	{"handovers: the commit came too late", handovers, "records 0-9\nown a 1-5 released\nstart a 1 0\nwork a 2 " +
		"0-4\ncommit a 6 5", one(RevokedUncommitted, 0)},
	{"handovers: more committed than processed", handovers,
		"records 0-9\nown a 1-5 released\nstart a 1 0\nwork a 2 0-4\ncommit a 4 8",
		[]Finding{{Kind: CommitAhead, Topic: "orders", Offset: 5, Key: "u5", Count: 3}}},
	{"handovers: markers are nobody's work", handovers, "records 0-4\nown a 1-5 released\nstart a 1 0\nwork a 2 " +
		"0-4\ncommit a 4 8", nil},
	{"handovers: one that died had committed ahead", handovers,
		"records 0-9\nown a 1-5 replaced\nstart a 1 0\nwork a 2 0-4\ncommit a 4 6\nown b 7-9 left",
		[]Finding{{Kind: CommitAhead, Topic: "orders", Offset: 5, Key: "u5", Count: 1}}},
	{"handovers: one that died need not have committed", handovers,
		"records 0-9\nown a 1-5 replaced\nstart a 1 0\nwork a 2 0-4\ncommit a 4 3\nown b 6-9 left\nstart b 7 3\nwork b 7 " +
			"3-9\ncommit b 8 10", nil},

	{"starts: at the commit", starts, "own a 1-5 released\nstart a 1 7\ncommit a 4 9\nown b 6-\nstart b 7 9", nil},
	{"starts: before it", starts, "own a 1-5 released\ncommit a 4 9\nown b 6-\nstart b 7 5", one(WrongStart, 5)},
	{"starts: behind it", starts, "own a 1-5 released\ncommit a 4 9\nown b 6-\nstart b 7 12", one(WrongStart, 12)},
	{"starts: at a commit that was refused", starts, "own a 1-5 released\ncommit a 2 3\ncommit a 4 9 refused\nown b " +
		"6-\nstart b 7 9", one(WrongStart, 9)},
	{"starts: a commit that was on its way counts as well", starts,
		"own a 1-20 fenced\ncommit a 2 3\nown b 6-\ncommit a 6 5\nstart b 8 5", nil},

	{"starts: at a commit that was not answered, or at the one before", starts,
		"own a 1-5 replaced\ncommit a 2 3\ncommit a 4 9 unanswered\nown b 6-8 released\nstart b 7 9\nown c 9-\nstart c 10 3",
		nil},
	{"starts: at an unanswered commit that a later one has overtaken", starts,
		"own a 1-5 replaced\ncommit a 2 3 unanswered\ncommit a 4 9\nown b 6-\nstart b 7 3", one(WrongStart, 3)},

	{"starts: at the commit, with records that it held", starts,
		"own a 1-5 released\ncommit a 4 3\nown a 6-\nwork a 7 3\nstart a 8 9 held 9", nil},
	{"starts: at the commit, with records that it held to the end", starts,
		"own a 1-5 released\ncommit a 4 3\nown a 6-\nwork a 7 3", nil},
	{"starts: behind the commit, with records that it held", starts,
		"own a 1-5 released\ncommit a 4 3\nown a 6-\nstart a 7 9 held 9\nwork a 8 9", one(WrongStart, 9)},
	{"starts: with records that began behind the commit", starts,
		"own a 1-5 released\ncommit a 4 3\nown a 6-\nwork a 7 5\nstart a 8 9 held 4", one(WrongStart, 9)},
	{"starts: with records that its last life held", starts,
		"own a 1-5 left\ncommit a 4 3\nown a 6-\nwork a 7 3\nstart a 8 9 held 9", one(WrongStart, 9)},

	{"moves: what moved was asked for", moves, "own a 1-5 released asked\nown b 6-", nil},
	{"moves: given up and given back", moves, "own a 1-5 released\nown a 6-", one(RevokedUnmoved, -1)},
	{"moves: asked for, though it came back", moves, "own a 1-5 released asked\nown a 6-", nil},
	{"moves: a restart is no rebalance", moves, "own a 1-5 left\nown a 6-", nil},

	{"work: once", groupWork, "records 0-9\nown a 1-5 released\nwork a 2 0-4\nown b 6-\nwork b 7 5-9", nil},
	{"work: lost", groupWork, "records 0-4\nown a 1-5 released\nwork a 2 0-2\nwork a 2 4",
		[]Finding{{Kind: NeverProcessed, Topic: "orders", Offset: 3, Key: "u3", Count: 1}}},
	{"work: again", groupWork, "records 0-4\nown a 1-5 fenced\nwork a 2 0-4\nown b 6-\nwork b 7 4",
		[]Finding{{Kind: ProcessedTwice, Topic: "orders", Offset: 4, Key: "u4", Count: 1}}},
	{"crash: again since the commit", afterCrash, "records 0-4\nown a 1-5 fenced\nwork a 2 0-4\ncommit a 3 3\nown b " +
		"6-\nwork b 7 3-4", nil},
	{"crash: again though committed", afterCrash, "records 0-4\nown a 1-5 fenced\nwork a 2 0-4\ncommit a 3 5\nown b " +
		"6-\nwork b 7 4", []Finding{{Kind: ProcessedTwice, Topic: "orders", Offset: 4, Key: "u4", Count: 1}}},
	{"crash: a graceful handover is no excuse", afterCrash,
		"records 0-4\nown a 1-5 released\nwork a 2 0-4\ncommit a 3 3\nown b 6-\nwork b 7 3-4", []Finding{
			{Kind: ProcessedTwice, Topic: "orders", Offset: 3, Key: "u3", Count: 1},
			{Kind: ProcessedTwice, Topic: "orders", Offset: 4, Key: "u4", Count: 1},
		}},
	{"crash: a zombie finishes what it had begun", afterCrash,
		"records 0-4\nown a 1-20 fenced\nwork a 2 0-3\ncommit a 3 4\nown b 9-\nwork b 10 4\ncommit b 11 5\nwork a 15 4", nil},
	{"crash: a zombie finishes when its successor has left", afterCrash, "records 0-4\nown a 1-20 fenced\nwork a 2 0-3\n" +
		"commit a 3 4\nown b 9-12 released\nwork b 10 4\ncommit b 11 5\nwork a 15 4", nil},
	{"crash: a zombie finishes what its successor was not to do", afterCrash, "records 0-4\nown a 1-20 fenced\n" +
		"work a 2 0-3\ncommit a 3 5\nown b 9-\nwork b 10 4\nwork a 15 4",
		[]Finding{{Kind: ProcessedTwice, Topic: "orders", Offset: 4, Key: "u4", Count: 1}}},
}

// judgedRecords has histories of work on what is no record, and of records that are gone.
var judgedRecords = []struct {
	name    string
	judge   groupJudge
	history string
	want    []Finding
}{
	{"work: on an aborted record", groupWork, "records 3-4\nown a 1-\nwork a 2 2-4", one(Unexpected, 2)},
	{"crash: on an aborted record", afterCrash, "records 3-4\nown a 1-\nwork a 2 2-4", one(Unexpected, 2)},
	{"work: past the end", groupWork, "records 3-4\nown a 1-\nwork a 2 3-5", one(Unexpected, 5)},
	{"work: on an empty topic", groupWork, "own a 1-\nwork a 2 0", one(Unexpected, 0)},
	{"crash: on an empty topic", afterCrash, "own a 1-\nwork a 2 0", one(Unexpected, 0)},
	{"work: gone after it was processed", groupWork, "gone 0-2\nrecords 3-4\nown a 1-\nwork a 2 0-4", nil},
	{"crash: gone after it was processed", afterCrash, "gone 0-2\nrecords 3-4\nown a 1-\nwork a 2 0-4", nil},
	{"work: all are gone", groupWork, "gone 0-4\nown a 1-\nwork a 2 0-4", nil},
	{"work: gone before it was processed", groupWork, "gone 0-2\nrecords 3-4\nown a 1-\nwork a 2 0-1\nwork a 2 3-4",
		[]Finding{{Kind: NeverProcessed, Topic: "orders", Offset: 2, Key: "u2", Count: 1, Gone: true}}},
	{"crash: gone before it was processed", afterCrash, "gone 0\nrecords 1-4\nown a 1-\nwork a 2 1-4",
		[]Finding{{Kind: NeverProcessed, Topic: "orders", Offset: 0, Key: "u0", Count: 1, Gone: true}}},
	{"handovers: gone after it was processed", handovers,
		"gone 0-2\nrecords 3-4\nown a 1-5 released\nstart a 1 0\nwork a 2 0-4\ncommit a 4 5", nil},
	{"handovers: committed past what is gone", handovers,
		"gone 0-2\nrecords 3-4\nown a 1-5 released\nstart a 1 0\nwork a 2 3-4\ncommit a 4 5",
		[]Finding{{Kind: CommitAhead, Topic: "orders", Offset: 0, Key: "u0", Count: 3, Gone: true}}},
}

func owners(h *membership.History, _ *Records) Result     { return Owners(h) }
func ownCommits(h *membership.History, _ *Records) Result { return OwnCommits(h) }
func starts(h *membership.History, _ *Records) Result     { return Starts(h) }
func moves(h *membership.History, _ *Records) Result      { return Moves(h) }
func handovers(h *membership.History, r *Records) Result  { return Handovers(h, r) }
func groupWork(h *membership.History, r *Records) Result  { return GroupWork(h, r, false) }
func afterCrash(h *membership.History, r *Records) Result { return GroupWork(h, r, true) }

func one(kind string, offset int64) []Finding {
	return []Finding{{Kind: kind, Topic: "orders", Offset: offset, Count: 1}}
}

func TestJudgesOfGroups(t *testing.T) {
	for _, tc := range slices.Concat(judgedGroup, judgedRecords) {
		t.Run(tc.name, func(t *testing.T) {
			got := tc.judge(tell(t, tc.history))
			for i := range got.Findings { // what a commit or a start has no key for
				if i < len(tc.want) && tc.want[i].Key == "" {
					got.Findings[i].Key = ""
				}
			}
			wantFindings(t, got, tc.want...)
		})
	}
}
