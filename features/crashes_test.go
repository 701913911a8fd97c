package features_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// crashing is an application that keeps state, and what must hold of it whatever happens to its instances.
type crashing struct {
	reference         string
	reading, settings string   // of each instance
	topics            string   // steps
	inputs            []string // the records come in parts: those of part 3 of orders from the generator orders-3
	counts            []int    // how many of each input are in a part
	generators        string   // of a part
	part              time.Duration
	apis              []string // requests that come whenever records do: an instance may be caught at one
	zombies           bool     // an instance that was frozen for too long goes on, and does not end
	then              string   // steps
}

const (
	crashParts = 10
	// The rebalance timeout is below the session timeout, as kfake expires a member that waits longer than its session for
	// others to join, and never answers it.
	crashTimes = `      | session-timeout    | 1s    |
      | rebalance-timeout  | 800ms |
      | heartbeat-interval | 100ms |
`
	quickCommits = crashTimes + `      | commit-interval     | 20ms |
      | transaction-timeout | 3s   |
`
)

var transactionAPIs = []string{"Produce", "AddOffsetsToTxn", "TxnOffsetCommit", "EndTxn"}

var crashings = map[string]crashing{
	"windower": {
		reference: "windower", reading: `"readings"`, settings: quickCommits, zombies: true, apis: transactionAPIs,
		topics: `    Given topic "readings" with 8 partitions
    And topic "readings_windows" with 2 partitions
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 8 partitions
      | cleanup.policy | compact |
`,
		inputs: []string{"readings"}, counts: []int{100}, part: 1000 * time.Second,
		generators: `
readings-{i}: # one partition falls idle early on
  let: {p: "${int 0 {last}}"}
  key: p${p}-${int 0 3}
  value: {amount: "${int -50 100}"}
  timestamp: {start: {start}, step: 10s, jitter: 2m}
  partition: ${p}
`,
		then: `    Then "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
`,
	},
	"joiner": {
		reference: "joiner", reading: `"user_events" and "payment_events"`, zombies: true, apis: transactionAPIs,
		settings: quickCommits + `      | wait    | 60s |
      | history | 80s |
`,
		topics: `    Given topic "user_events" with 3 partitions
    And topic "payment_events" with 3 partitions
    And topic "enriched_events" with 3 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 3 partitions
      | cleanup.policy | compact |
`,
		inputs: []string{"user_events", "payment_events"}, counts: []int{75, 225}, part: 30 * time.Second,
		generators: `
user_events-{i}:
  key: user-${int 1 30}
  value: {version: "${sequence {i}001}"}
  timestamp: {start: {start}, step: 400ms, jitter: 15s}
  tombstones: 10%
payment_events-{i}:
  key: user-${int 1 30}
  value: {payment_id: "${sequence {i}001}"}
  timestamp: {start: {start}, step: 133ms, jitter: 15s}
`,
		then: `    When event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", ` +
			`and "unmatched_payments" what found no match
`,
	},
	"db-writer": {
		reference: "db-writer", reading: `"orders"`, zombies: true, apis: []string{"OffsetCommit"},
		settings: crashTimes + `      | batch         | 20   |
      | retry-backoff | 20ms |
`,
		topics: `    Given topic "orders" with 4 partitions
`,
		inputs: []string{"orders"}, counts: []int{100},
		generators: `
orders-{i}:
  key: k${int 1 20}
  value: {order: "${sequence {i}001}"}
`,
		then: `    Then every record of "orders" has exactly one row in table "records"
    And the rows in table "records", the offsets in the database and the committed offsets of group "crowd" agree on ` +
			`"orders"
`,
	},
	"dlq-consumer": { // a zombie whose transaction has timed out is fenced, and ends: a supervisor would start it again
		reference: "dlq-consumer", reading: `"orders"`, apis: []string{"Produce", "TxnOffsetCommit", "EndTxn"},
		settings: crashTimes + `      | transactional       | true |
      | transaction-timeout | 2s   |
      | batch               | 50   |
`,
		topics: `    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
`,
		inputs: []string{"orders"}, counts: []int{100},
		generators: `
orders-{i}:
  key: k${int 1 20}
  value: {order: "${sequence {i}001}"}
  bad: {every: 5, value: "not json ${sequence {i}001}"}
`,
		then: `    Then no record of "orders" has two dead letters in "orders_dlq"
    And "orders_dlq" contains exactly 200 records
`,
	},
	"payer": { // an order that was being paid for at a crash is paid for again, under the same key
		reference: "payer", reading: `"orders" writing "payments"`, zombies: true, apis: []string{"Produce", "OffsetCommit"},
		settings: crashTimes + `      | retry | 20ms |
`,
		topics: `    Given topic "orders" with 4 partitions
    And topic "payments" with 2 partitions
    And an HTTP service "payments" that answers:
      | method | path        | status |
      | POST   | /payments/* | 201    |
`,
		inputs: []string{"orders"}, counts: []int{40}, // each waits for the service
		generators: `
orders-{i}:
  key: k${int 1 20}
  value: {id: "o-${sequence {i}001}", amount: "${int 1 100}"}
`,
		then: `    Then within 5s every record of "orders" caused at least one request to "payments", by "id"
    And every record of "payments" is a CloudEvent
    And "payments" contains at least 400 records
`,
	},
}

// TestCrashes starts, stops, kills and freezes instances of applications that keep state while records come in: what
// they leave behind must be what one undisturbed instance would have left. A schedule is the seed's: what failed is
// shown whole, and can be run again by its seed.
func TestCrashes(t *testing.T) {
	besideOthers(t)
	n, first := testenv.Schedules(t)
	for _, name := range slices.Sorted(maps.Keys(crashings)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed, s := range crashes(t, name, name, first, n) {
				if s.Status != report.Passed {
					t.Errorf("to run it again: %s go test ./features -run TestCrashes/%s\n%s\n%s\n%s",
						testenv.RepeatSchedule(seed), name, s.Status, report.FailureText(s), crashings[name].schedule(seed))
				}
			}
		})
	}
}

// Applications that do something twice after a crash, or not at all, are found out by one schedule of a few.
func TestCrashesFindWrongApplications(t *testing.T) {
	testenv.LongOnly(t, "runs schedules until one finds the mistake")
	testenv.EmbeddedOnly(t, "looks whether schedules find wrong applications")
	besideOthers(t)
	run, wait := sideBySide(t, fewer(4))
	defer wait()
	for wrong, right := range map[string]string{"win-double-emission": "windower", "db-no-fencing": "db-writer",
		"join-duplicate-after-restart": "joiner", "pay-commits-first": "payer"} {
		run(wrong, func(t *testing.T) {
			const most = 12 // one finds it as a rule; which moment a busy machine hits is chance
			for first := 1; first <= most; first += 2 {
				for _, s := range crashes(t, right, "wrong/"+wrong, first, 2) {
					text := report.FailureText(s)
					for _, finding := range []string{" twice", "more than once", "× missing request"} {
						if strings.Contains(text, finding) {
							return
						}
					}
				}
			}
			t.Errorf("got no schedule that finds wrong/%s, want one of %d", wrong, most)
		})
	}
}

// crashes runs n schedules of an application, or of one in its place, and gives the scenarios by their seeds.
func crashes(t *testing.T, name, by string, first, n int) map[int]report.Scenario {
	t.Helper()
	c := crashings[name]
	files := fstest.MapFS{"generators/parts.yaml": {Data: []byte(c.parts())}}
	for seed := first; seed < first+n; seed++ {
		files[fmt.Sprintf("%s.feature", c.title(seed))] = &fstest.MapFile{Data: []byte(c.schedule(seed))}
	}
	results, err := runner.Execute(context.Background(), runner.Params{
		FS: files, Seed: 1, Parallel: 3, Await: time.Minute, Backend: openCluster(t), Database: testenv.Database(),
		References: reference.Applications(), Instead: map[string]string{name: by},
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]report.Scenario{}
	for seed := first; seed < first+n; seed++ {
		for _, s := range results.Scenarios {
			if s.Name == c.title(seed) {
				found[seed] = s
			}
		}
	}
	if len(found) != n {
		t.Fatalf("got %d scenarios, want %d", len(found), n)
	}
	return found
}

func (c crashing) title(seed int) string { return fmt.Sprintf("Schedule %d", seed) }

// parts are the generators.
func (c crashing) parts() string {
	var text strings.Builder
	begin, last := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), 7
	for i := range crashParts {
		start := begin.Add(time.Duration(i) * c.part).Format(time.RFC3339)
		_, _ = strings.NewReplacer("{i}", fmt.Sprint(i+1), "{start}", start, "{last}", fmt.Sprint(last)).
			WriteString(&text, c.generators)
		last = 6
	}
	return text.String()
}
