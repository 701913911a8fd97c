package features_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const (
	handoversAtOnce = 4  // scenarios
	handoversEach   = 10 // in one scenario

	handoverPatience = 20 * time.Second
	handoverTries    = 3 // where a member meets what follows

	// What is said of librdkafka's fault under KIP-848, which a busy machine brings about (docs/clients.md): an answer
	// that comes later than the heartbeat interval is lost, and what it gives and takes with it.
	answeredLate = "has not given up what it was asked for; librdkafka is known to do so"
)

// crew is a client whose members come and go.
type crew struct {
	name     string
	program  func(*testing.T) string // as in a step; skips the test where it cannot run
	settings string
	moved    bool // only partitions that get another owner are interrupted
}

// protocols are the ways to share partitions: those of the classic protocol by their assignors, and that of KIP-848.
var protocols = []string{"range", "cooperative-sticky", "consumer"}

func crews() (all []crew) {
	for _, p := range protocols {
		moved := p != "range"
		all = append(all, crew{"franz-go, " + p, theReference("group-consumer"), franzSettings(p), moved},
			crew{"librdkafka, " + p, inPython(p), "", moved})
	}
	return all
}

// javaCrews have their class path in common.
func javaCrews(classes string) (all []crew) {
	for _, p := range protocols {
		all = append(all, crew{p, inJava(classes, p, 0), "", p != "range"})
	}
	return append(all, crew{"consumer, slow to assign", inJava(classes, "consumer", 1500*time.Millisecond), "", true})
}

func theReference(name string) func(*testing.T) string {
	return func(*testing.T) string { return fmt.Sprintf("is the reference %q", name) }
}

func franzSettings(protocol string) string {
	if protocol == "consumer" {
		protocol = "uniform"
	}
	return fmt.Sprintf(`      | assignor           | %s |
      | work               | 2ms   |
      | batch              | 50    |
      | commit-every       | 100ms |
      | session-timeout    | 4s    |
      | heartbeat-interval | 200ms |
`, protocol)
}

func inPython(args string) func(*testing.T) string {
	return func(t *testing.T) string {
		python, member := testenv.Interpreter(t, "confluent_kafka", "confluent-kafka"), absolute(t, "member.py")
		return fmt.Sprintf("is the command \"'%s' '%s' %s\"", python, member, args)
	}
}

func inJava(classes, protocol string, slowness time.Duration) func(*testing.T) string {
	return func(*testing.T) string {
		return fmt.Sprintf(`is the command "java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx96m -cp '%s' Member %s %d"`,
			classes, protocol, slowness.Milliseconds())
	}
}

func absolute(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", "handovers", file))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHandovers has right members of groups come and go, with each client under each protocol: nothing may be found.
func TestHandovers(t *testing.T) {
	besideOthers(t)
	count, seed := testenv.Handovers(t)
	run := func(t *testing.T, c crew) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			program := c.program(t)
			var all []handoverSchedule
			for left := count; left > 0; left -= handoversEach {
				all = append(all, handoverSchedule{program: program, settings: c.settings, seed: seed + len(all),
					count: min(left, handoversEach), moved: c.moved})
			}
			for i, s := range runHandovers(t, handoverPatience, all...) {
				for tries := 1; strings.Contains(report.FailureText(s), answeredLate) && tries < handoverTries; tries++ {
					t.Logf("%s: a member %s; another seed is tried", s.Name, answeredLate)
					all[i].seed += 1000
					s = runHandovers(t, handoverPatience, all[i])[0]
				}
				if s.Status != report.Passed {
					t.Errorf("%s: %s\n%s\n%s", s.Name, s.Status, report.FailureText(s), all[i].text())
				}
			}
		})
	}
	for _, c := range crews() {
		run(t, c)
	}
	t.Run("Java", func(t *testing.T) {
		t.Parallel()
		for _, c := range javaCrews(compiled(t, absolute(t, "Member.java"))) {
			run(t, c)
		}
	})
}

// mistakes are those that members make under every protocol. What is found of them is one of the kinds.
var mistakes = []struct {
	name    string
	franz   string // the wrong application
	python  string // the mistake of member.py
	kinds   []string
	only    string // the protocol that lets members make it; "": all do
	freezes bool   // it shows when a member comes back
}{
	{name: "two owners at once", franz: "group-given-to-all", kinds: []string{verdict.TwoOwners}, only: "range"},
	{name: "two owners at once", franz: "group-moves-at-once", kinds: []string{verdict.TwoOwners},
		only: "cooperative-sticky"},
	{name: "commits after giving up", franz: "group-commit-after-revoke", python: "commits-after-losing",
		kinds: []string{verdict.CommitAfterRevoke, verdict.RevokedUncommitted}}, // the latter where the commit never comes
	{name: "commits after losing", franz: "group-commits-lost", python: "commits-after-losing",
		kinds: []string{verdict.CommitOfLost, verdict.CommitAfterRevoke}, freezes: true},
	{name: "commits ahead", franz: "group-polled-committed", python: "commits-ahead",
		kinds: []string{verdict.RevokedUncommitted, verdict.NeverProcessed, verdict.CommitAhead}},
	{name: "works on after giving up", franz: "group-commit-before-stop", python: "works-on",
		kinds: []string{verdict.RevokedUncommitted, verdict.ProcessedTwice}},
}

// TestHandoversFindWrongMembers has wrong members come and go: each is found, by one schedule of a few.
func TestHandoversFindWrongMembers(t *testing.T) {
	testenv.LongOnly(t, "runs the schedules of TestHandovers again, on wrong members")
	testenv.EmbeddedOnly(t, "looks whether the judge finds wrong members")
	besideOthers(t)
	run, wait := sideBySide(t, handoversAtOnce)
	defer wait()
	for _, protocol := range protocols {
		for _, m := range mistakes {
			if m.only != "" && m.only != protocol {
				continue
			}
			find := func(client, settings string, program func(*testing.T) string) {
				run(protocol+"/"+client+", "+m.name, func(t *testing.T) {
					findWrong(t, m.kinds, handoverSchedule{program: program(t), settings: settings, count: 4,
						freezes: m.freezes, shared: true})
				})
			}
			if m.python != "" {
				find("librdkafka", "", inPython(protocol+" "+m.python))
			}
			if m.freezes && protocol == "range" {
				continue // a member that comes back is given what it had, as its id begins with its name
			}
			find("franz-go", franzSettings(protocol), theReference("wrong/"+m.franz))
		}
	}
}

// findWrong runs schedules until one of the kinds is found. Which moment a busy machine hits is chance.
func findWrong(t *testing.T, kinds []string, s handoverSchedule) {
	t.Helper()
	const most = 6
	var last string
	for s.seed = 1; s.seed <= 2*most; s.seed += 2 {
		got := runHandovers(t, 3*time.Second, s)[0]
		last = fmt.Sprintf("%s\n%s\n%s", got.Status, report.FailureText(got), s.text())
		found := func(kind string) bool { return strings.Contains(last, kind) }
		if got.Status == report.Failed && slices.ContainsFunc(kinds, found) {
			return
		}
	}
	t.Errorf("got no schedule of %d that finds one of %q; the last one:\n%s", most, kinds, last)
}

// runHandovers runs schedules, and returns what came of each.
func runHandovers(t *testing.T, patience time.Duration, all ...handoverSchedule) []report.Scenario {
	t.Helper()
	files := fstest.MapFS{}
	for _, s := range all {
		files[s.title()+".feature"] = &fstest.MapFile{Data: []byte(s.text())}
	}
	results, err := runner.Execute(t.Context(), runner.Params{
		FS: files, Seed: 1, Parallel: handoversAtOnce, Await: patience, StepDeadline: 10 * time.Minute,
		Backend: openCluster(t), References: reference.Applications(),
	})
	if err != nil {
		t.Fatal(err)
	}
	found := make([]report.Scenario, len(all))
	for i, s := range all {
		at := slices.IndexFunc(results.Scenarios, func(r report.Scenario) bool { return r.Name == s.title() })
		if at < 0 {
			t.Fatalf("got no scenario %s", s.title())
		}
		found[i] = results.Scenarios[at]
	}
	return found
}
