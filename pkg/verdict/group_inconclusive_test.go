package verdict

import "testing"

func TestJudgesOfGroupsSayWhatTheyCannotJudge(t *testing.T) {
	for name, tc := range map[string]struct {
		judge   groupJudge
		history string
		why     string
	}{
		"no owner":  {owners, "", "nothing was judged: nobody was seen to own a partition"},
		"no commit": {ownCommits, "own a 1-", "nothing was judged: no commit of an application was seen"},
		"no handover": {handovers, "own a 1-\nwork a 2 0",
			"nothing was judged: no partition was given up in a rebalance or by a member that left"},
		"given up by one that did nothing": {handovers, "own a 1-5 released\nown b 6-\nwork b 7 0",
			"nothing was judged: no partition was given up by an application that had processed a record of it: a had " +
				"processed none of orders partition 0; let it process a record of each partition before that"},
		"given up by one that did nothing in it then": {handovers, "own a 1-5 released\nown b 6-9 released\nown a 10-\n" +
			"work a 11 0", "nothing was judged: no partition was given up by an application that had processed a record of " +
			"it: a had processed none of orders partition 0; let it process a record of each partition before that"},
		"commits, and nothing given up": {ownCommits, "own a 1-\nwork a 2 0\ncommit a 3 1",
			"nothing was judged: no partition was lost or given up by an application that knew of it"},
		"commits, and taken from one that was dead": {ownCommits,
			"own a 1-4 replaced\nwork a 2 0\ncommit a 3 1\nown b 6-\nwork b 7 1\ncommit b 8 2",
			"nothing was judged: no partition was lost or given up by an application that knew of it"},
		"commits, and given up by one that did nothing": {ownCommits,
			"own a 1-4 released\nown b 6-\nwork b 7 0\ncommit b 8 1",
			"nothing was judged: no partition was lost or given up by an application that had processed a record of it: a " +
				"had processed none of orders partition 0; let it process a record of each partition before that"},
		"silent application": {handovers, "own a 1-5 released\nstart a 2 0\ncommit a 3 4",
			`nothing was judged: no line of a says what it processed or set aside; give it a log pattern "processed"`},
		"nothing committed": {starts, "own a 1-\nstart a 2 0",
			"nothing was judged: nobody was given a partition that the group had committed"},
		"nothing for certain": {starts, "own a 1-5 replaced\ncommit a 4 9 unanswered\nown b 6-\nstart b 7 0",
			"nothing was judged: nobody was given a partition that the group had committed: of orders partition 0, which " +
				"went from one to another, it had committed nothing; let it commit each partition before that"},
		"not yet reading": {starts, "own a 1-5 released\ncommit a 3 4\nown b 6-",
			"b has not begun to read orders partition 0"},
		"works without having been seen to read": {starts,
			"own a 1-5 released\ncommit a 4 3\nown b 6-\nwork b 7 3", "b has not begun to read orders partition 0"},
		"nothing of what it held": {starts, "own a 1-5 released\ncommit a 4 3\nown a 6-\nstart a 8 9 held 9",
			"a may hold records of orders partition 0 from before it was given it again, and has processed none since"},
		"nothing of what it held, and given up": {starts,
			"own a 1-5 released\ncommit a 4 3\nown a 6-9 released\nstart a 8 9 held 9",
			"nothing was judged: nobody was given a partition that the group had committed"},
		"no record":               {groupWork, "own a 1-", "nothing was judged: no record was seen in orders"},
		"no record after a crash": {afterCrash, "own a 1-", "nothing was judged: no record was seen in orders"},
	} {
		t.Run(name, func(t *testing.T) {
			wantInconclusive(t, tc.judge(tell(t, tc.history)), tc.why)
		})
	}
}
