package runner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// happened are facts with a number and a time of their own: a second each.
func happened(facts ...journal.Fact) []journal.Fact {
	for i := range facts {
		facts[i].Seq, facts[i].At = int64(i+1), time.Duration(i+1)*time.Second
	}
	return facts
}

func of(kind journal.Kind, app string, partition int32, offset int64) journal.Fact {
	return journal.Fact{Kind: kind, App: app, Topic: "orders", Partition: partition, Offset: offset}
}

func failedWith(f journal.Fact, problem string) journal.Fact {
	f.Error = problem
	return f
}

func inGroup(app, group string) journal.Fact {
	return journal.Fact{Kind: journal.Declared, App: app, Partition: -1, Offset: -1, Detail: &journal.Role{Group: group}}
}

func committedBy(group string, offset int64) journal.Fact {
	f := of(journal.GroupCommit, "", 0, offset)
	f.Group = group
	return f
}

func committedFor(app string, offset int64) journal.Fact {
	f := committedBy("g", offset)
	f.App = app
	return f
}

func TestHints(t *testing.T) {
	step := &report.Step{Began: 3 * time.Second, Duration: 4 * time.Second} // up to the seventh fact
	commit := report.Finding{Kind: "commit ahead", Topic: "orders", Partition: 1, Offset: 4, Advice: "commit later",
		Facts: []int64{1, 2}}
	before := report.Finding{Kind: "commit ahead", Topic: "orders", Offset: 4, Advice: "commit later",
		Facts: []int64{3, 4}}
	fetched := of(journal.Fetched, "app", 0, 0)
	fetched.Detail = &journal.Fetch{HighWatermark: 9, LastStableOffset: 5}
	refused := of(journal.Exited, "app", -1, -1)
	refused.Topic, refused.Detail = "", journal.LogEvent{"code": "1"}
	ended := of(journal.Exited, "app", -1, -1)
	ended.Topic, ended.Detail = "", journal.LogEvent{"code": "1"}
	well, asked, broken := ended, refused, ended
	well.Detail = journal.LogEvent{"code": "0"}
	asked.Detail = journal.LogEvent{"code": "143", "requested": "true"}
	broken.Detail = journal.LogEvent{"code": "-1", "signal": "SIGSEGV"}
	concurrent := failedWith(of(journal.ProduceAttempt, "app", 0, -1), "CONCURRENT_TRANSACTIONS")
	missing := report.Failure{Message: "not within 4s: got 1 × lost write", Findings: []report.Finding{{Kind: "lost write",
		Topic: "copies", Partition: -1, Offset: -1, Advice: "look for send errors"}}}
	late := report.Failure{Message: "not within 4s: group \"g\" is behind"}
	for _, c := range []struct {
		name    string
		failure report.Failure
		step    *report.Step
		facts   []journal.Fact
		want    string
	}{
		{"commit and kill", report.Failure{Findings: []report.Finding{commit, commit}}, step, happened(
			of(journal.Fetched, "app", 1, 4), of(journal.GroupCommit, "app", 1, 4), of(journal.GroupCommit, "app", 0, 9),
			failedWith(of(journal.GroupCommit, "app", 1, 9), "REBALANCE_IN_PROGRESS"), of(journal.GroupCommit, "app", 1, 6),
			of(journal.Killed, "other", -1, -1), of(journal.Killed, "app", -1, -1), of(journal.GroupCommit, "app", 1, 7)),
			`2s commit ahead: commit later
5s "app" committed offset 6 of orders partition 1: the record at offset 4 counts as done
7s "app" was killed 2s after that
4s the last thing that went wrong before: group-commit of app: REBALANCE_IN_PROGRESS`},
		{"one link", report.Failure{Findings: []report.Finding{commit}}, step, happened(of(journal.Fetched, "app", 1, 4),
			of(journal.GroupCommit, "app", 1, 5)), "0s commit ahead: commit later\n" +
			`2s "app" committed offset 5 of orders partition 1: the record at offset 4 counts as done`},
		{"another group committed first", report.Failure{Step: `Then in group "g" …`, Findings: []report.Finding{before}}, step,
			happened(inGroup("app", "g"), inGroup("app2", "g2"), committedBy("g2", 5), committedFor("app", 6)),
			"0s commit ahead: commit later\n" +
				`4s "app" committed offset 6 of orders partition 0: the record at offset 4 counts as done`},
		{"another group alone committed", report.Failure{Step: `Then "app" …`, Findings: []report.Finding{before}}, step,
			happened(inGroup("app", "g"), inGroup("app2", "g2"), committedBy("g2", 5)), "0s commit ahead: commit later"},
		{"ended by itself", report.Failure{}, step, happened(failedWith(ended, "no memory\nstack"),
			failedWith(of(journal.GroupHeartbeat, "app", -1, -1), "REBALANCE_IN_PROGRESS")),
			`1s application "app" ended by itself: no memory`},
		{"exit code, a moment later", late, step, happened(fetched, of(journal.Processed, "app", 0, 0),
			fetched, fetched, fetched, fetched, fetched, refused), `8s application "app" ended by itself with exit code 1`},
		{"ended by a signal, and one that was asked to end", report.Failure{}, step, happened(broken, asked),
			`1s application "app" ended by itself, by SIGSEGV`},
		{"ended well, with records left", late, step, happened(fetched, of(journal.Processed, "app", 0, 1), well),
			`3s application "app" ended by itself with exit code 0`},
		{"one failed before one ended well", report.Failure{}, step, happened(refused, well),
			`1s application "app" ended by itself with exit code 1`},
		{"asked to end", report.Failure{}, step, happened(failedWith(asked, "does not stop")), ""},
		{"slow", late, step, happened(fetched, of(journal.Processed, "app", 0, 0),
			of(journal.Processed, "b", 0, 1), of(journal.Processed, "app", 0, 1), of(journal.Processed, "app", 0, 2),
			of(journal.Assigned, "app", 0, 0), of(journal.Processed, "app", 0, 3)),
			`7s "app" was at work all the time, and is slow: 3 records processed in 4s, 0.8 a second`},
		{"slow, and more came since it fetched", late, step, happened(of(journal.Processed, "app", 0, 0),
			of(journal.Processed, "app", 0, 1), of(journal.Processed, "app", 0, 2), of(journal.Processed, "app", 0, 3),
			of(journal.Processed, "app", 0, 4), of(journal.Processed, "app", 0, 5), of(journal.Processed, "app", 0, 6)),
			`7s "app" was at work all the time, and is slow: 5 records processed in 4s, 1.2 a second`},
		{"at work, and it failed before its time was up", report.Failure{Message: "group \"g\" has committed past the end"},
			step, happened(fetched, of(journal.Processed, "app", 0, 0), of(journal.Processed, "app", 0, 1), fetched,
				of(journal.Processed, "app", 0, 2), of(journal.Processed, "app", 0, 3), fetched), ""},
		{"slow by its commits", late, step, happened(fetched, committedFor("app", 1), committedFor("app", 2), fetched,
			failedWith(committedFor("app", 5), "ILLEGAL_GENERATION"), committedFor("app", 3), committedFor("app", 4)),
			`7s "app" was at work all the time, and is slow: 3 records committed in 4s, 0.8 a second
5s the last thing that went wrong before: group-commit of app: ILLEGAL_GENERATION`},
		{"commits nothing more", late, step, happened(fetched, committedFor("app", 2)),
			`2s "app" has committed nothing in the last 5s, and there are records left`},
		{"slow, and something is missing", missing, step, happened(fetched, of(journal.Processed, "app", 0, 0),
			of(journal.Processed, "app", 0, 1), fetched, fetched, of(journal.Processed, "app", 0, 2),
			of(journal.Processed, "app", 0, 3)), "0s lost write: look for send errors\n" +
			`7s "app" was at work all the time, and is slow: 3 records processed in 4s, 0.8 a second`},
		{"something is missing, and all is done", missing, step, happened(fetched, of(journal.Processed, "app", 0, 2),
			of(journal.Processed, "app", 0, 3), fetched, fetched, of(journal.Processed, "app", 0, 4), fetched),
			"0s lost write: look for send errors"},
		{"the transaction before was being ended", late, step, happened(fetched, concurrent, committedFor("app", 5)), ""},
		{"the transaction before never ends", late, step, happened(committedFor("app", 5), concurrent),
			"2s the last thing that went wrong before: produce-attempt of app: CONCURRENT_TRANSACTIONS"},
		{"stuck", late, step, happened(fetched, of(journal.Processed, "app", 0, 1)),
			`2s "app" has processed nothing in the last 5s, and there are records left`},
		{"all processed", late, step, happened(fetched, of(journal.Processed, "app", 0, 4)), ""},
		{"all committed", late, step, happened(fetched, of(journal.Processed, "app", 0, 1),
			of(journal.GroupCommit, "app", 0, 5)), ""},
		{"the rest was dead-lettered", late, step, happened(fetched, of(journal.Processed, "app", 0, 1),
			of(journal.DeadLettered, "app", 0, 4)), ""},
		{"stuck at dead letters", late, step, happened(fetched, of(journal.DeadLettered, "app", 0, 1)),
			`2s "app" has processed or dead-lettered nothing in the last 5s, and there are records left`},
		{"another group is done", late, step, happened(inGroup("app", "g"), inGroup("app2", "g2"), fetched,
			of(journal.Processed, "app", 0, 1), of(journal.Processed, "app2", 0, 4)),
			`4s "app" has processed nothing in the last 3s, and there are records left`},
		{"another group has committed", late, step, happened(inGroup("app", "g"), fetched,
			of(journal.Processed, "app", 0, 1), committedBy("g2", 5)),
			`3s "app" has processed nothing in the last 4s, and there are records left`},
		{"another of the group is done", late, step, happened(inGroup("app", "g"), inGroup("app2", "g"), fetched,
			of(journal.Processed, "app", 0, 1), of(journal.Processed, "app2", 0, 4)), ""},
		{"the group has committed", late, step, happened(inGroup("app", "g"), fetched,
			of(journal.Processed, "app", 0, 1), committedBy("g", 5)), ""},
		{"nothing known of what is left", late, step, happened(of(journal.Processed, "app", 0, 1)), ""},
		{"nothing written", report.Failure{Findings: []report.Finding{{Kind: "window missing", Topic: "totals", Partition: -1,
			Offset: -1, Advice: "look"}}}, step, happened(of(journal.ProduceAttempt, "app", 0, 0)),
			"0s window missing: look\n0s nothing was written to \"totals\""},
		{"faults, behind the step too", report.Failure{Message: "a fault fired 1 of 2 times: x"}, step, happened(
			of(journal.FaultFired, "app", 0, 0), of(journal.Assigned, "app", 0, 0), of(journal.Assigned, "app", 0, 0),
			of(journal.Assigned, "app", 0, 0), of(journal.Assigned, "app", 0, 0), of(journal.Assigned, "app", 0, 0),
			of(journal.Assigned, "app", 0, 0), of(journal.FaultFired, "app", 0, 0)),
			"0s the trouble that the scenario is about came less often than it declares, so nothing is known of the " +
				"application: declare fewer, or have more such requests sent\n" +
				"1s 1 fault fired before; the last one 6s before the step failed"},
		{"records", report.Failure{Differences: []report.Difference{{Want: "a"}, {Want: "b", Got: "c",
			Fields: []report.Field{{Name: "key"}}}, {Got: "d"}, {Want: "e"}}}, nil, nil,
			"0s nothing like the expected record is there: look whether its writer runs, and for errors when it writes\n" +
				"0s a record comes close and differs in key only: look for what makes it"},
		{"a record that comes too early", report.Failure{Differences: []report.Difference{{Want: "a", Got: "a",
			Fields: []report.Field{{Name: "order"}}}}}, nil, nil,
			"0s the expected record is there, and comes too early: look for what puts the records in order"},
		{"nothing", report.Failure{}, nil, happened(of(journal.Fetched, "app", 0, 0)), ""},
	} {
		var got []string
		for _, h := range hintsOf(&c.failure, c.step, c.facts) {
			if h.At != time.Duration(h.Fact)*time.Second {
				t.Errorf("%s: got fact %d at %s", c.name, h.Fact, h.At)
			}
			got = append(got, fmt.Sprintf("%s %s", h.At, h.Text))
		}
		if diff := cmp.Diff(c.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
