package features_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// standIn is a program of examples/python in the place of a reference application.
type standIn struct {
	role, application, wrong string
	module, pip              string
	name                     string            // of scenarios that are run; "" for all
	passed                   int               // how many must pass at least; the others are left out by name
	lacks                    string            // what those say
	caught                   map[string]string // by scenario, what it says of the wrong twin
}

var standIns = []standIn{
	{role: "dlq-consumer", application: "shipping", wrong: "hasty-shipping", module: "confluent_kafka",
		pip: "confluent-kafka", passed: 9,
		lacks: `"shipping" is without simulated-failures: the scenario sets fail-rate, and needs a program that fails`,
		caught: map[string]string{"The offset is committed only after the dead letter is safe": "shipping committed 1 " +
			"before the dead letter of this record was acknowledged"}},
	{role: "group-consumer", application: "member", wrong: "forgetful-member", module: "aiokafka", pip: "aiokafka",
		passed: 8, lacks: `"member" is without uniform: the scenario sets assignor=uniform, and needs a program that knows`,
		caught: map[string]string{"A member that stops hands its partitions over, and leaves (range)": "revoked without " +
			"commit: orders partition"}},
	{role: "bulk-producer", application: "loader", wrong: "scattered-loader", module: "kafka", pip: "kafka-python",
		name: "lz4|in order|refuses", passed: 2,
		lacks:  `"loader" is without simulated-errors: the scenario sets oversize-every, and needs a program that`,
		caught: map[string]string{"A user stays on one partition, with lz4 as without": " moved: partition "}},
	{role: "retry-producer", application: "sender", wrong: "insistent-sender", module: "confluent_kafka",
		pip: "confluent-kafka", name: "cut off|refused batch|too large|after lost connections", passed: 4,
		lacks: `"sender" is without own-backoff: the scenario sets factor=3, and needs a program that can be told`,
		caught: map[string]string{"Records arrive once, in order, when Produce requests are cut off after the broker " +
			"acted": "seq 0 to 299 in events: got 3 × duplicate, want none"}},
	{role: "lag-monitor", application: "watcher", wrong: "trusting-watcher", module: "kafka", pip: "kafka-python",
		name: "numbers|cleared once|new protocol", passed: 2,
		lacks: `"watcher" is without new-groups: the scenario has a group-consumer, and needs a program that knows who`,
		caught: map[string]string{"A group without a commit is behind from the start of the log": `got no alert ` +
			`for "orders" partition 1, want one with a lag of 10`}},
	{role: "windower", application: "meter", wrong: "forgetful-meter", module: "confluent_kafka", pip: "confluent-kafka",
		name: "slowest|late event|after a restart", passed: 3,
		caught: map[string]string{"An open window is whole after a restart": `"readings_windows": got 2 records, want ` +
			"exactly 2"}},
	{role: "db-writer", application: "clerk", wrong: "careless-clerk", module: "confluent_kafka", pip: "confluent-kafka",
		name: "during the commit|another has followed|zombie|while the database is down", passed: 6,
		caught: map[string]string{"Nothing is committed or skipped while the database is down": `group "writers": got ` +
			`committed offset 220 of "orders" partition 0, want 20`}},
	{role: "joiner", application: "cashier", wrong: "impatient-cashier", module: "confluent_kafka", pip: "confluent-kafka",
		name: "starts late|before its user|tombstone|repartitioning", passed: 3,
		lacks: `"cashier" is without repartition: the scenario sets repartition, and needs a program that writes payments`,
		caught: map[string]string{"A payment that comes before its user waits for it": `"unmatched_payments": got 1 ` +
			`record, want none`}},
	{role: "schema-producer", application: "publisher", wrong: "careless-publisher", module: "fastavro", pip: "fastavro",
		name: "is refused ends the writer, in avro|in order$|refused names them", passed: 3,
		caught: map[string]string{"A version that is refused ends the writer, in avro": `application "publisher" finished ` +
			"with exit code 0, want it to fail"}},
	{role: "schema-consumer", application: "reader", wrong: "helpful-reader", module: "fastavro", pip: "fastavro",
		name:   "missing field|no schema explains|wait while the registry is down|JSON Schema version 1, read by version 1",
		passed: 3, lacks: `"reader" is without json-schema: the scenario has the step: these records are sent to "users"`,
		caught: map[string]string{"A missing field is warned of once, and the records are set aside": "copy of users_dlq " +
			"to users: got 3 × unexpected, want none"}},
	{role: "bench-producer", application: "load", wrong: "flattering-load", module: "confluent_kafka",
		pip: "confluent-kafka", name: "is not counted|The warm-up|A stall", passed: 3,
		caught: map[string]string{"A stall counts for every event that was due while it lasted": `application "meter": got ` +
			"a p50 latency of"}},
	{role: "bench-consumer", application: "gauge", wrong: "mistimed-gauge", module: "aiokafka", pip: "aiokafka",
		name: "never came|came twice|came late|The warm-up", passed: 4,
		caught: map[string]string{"The time in the event counts, not that of the record": "it does not count from when " +
			"events were due"}},
}

// standInsAtOnce is how many programs are tried at a time.
const standInsAtOnce = 4

// TestPythonStandsIn runs the built-in features on the programs of examples/python, and on their wrong twins.
func TestPythonStandsIn(t *testing.T) {
	testenv.LongOnly(t, "runs scenarios of TestFeatures again, on programs in Python")
	testenv.EmbeddedOnly(t, "looks at how programs stand in for reference applications")
	besideOthers(t)
	backend := openCluster(t)
	run, wait := sideBySide(t, standInsAtOnce)
	defer wait()
	for _, s := range standIns {
		run(s.application, func(t *testing.T) {
			testenv.Interpreter(t, s.module, s.pip) // the profile finds it the same way
			params := runner.Params{
				Profile: "../examples/python/kafkaspec.yaml", Use: map[string]string{s.role: s.application}, Name: s.name,
				Tags: "not @exclusive and not @heavy", Await: time.Minute, Parallel: 3, Seed: 1, Backend: backend,
				References: reference.Applications(), Progress: os.Stderr,
			}
			passed, lacks := 0, ""
			for _, got := range execute(t, params) {
				switch got.Status {
				case report.Passed:
					passed++
				case report.NotApplicable:
					lacks += message(got) + "\n"
				default:
					t.Errorf("%s: got %s: %s", got.Name, got.Status, report.FailureText(got))
				}
			}
			if passed < s.passed || !strings.Contains(lacks, s.lacks) {
				t.Errorf("got %d passed and left out:\n%swant at least %d, and: %s", passed, lacks, s.passed, s.lacks)
			}
			params.Use, params.Await = map[string]string{s.role: s.wrong}, 5*time.Second
			for scenario, want := range s.caught {
				params.Name = exactly(scenario)
				found := execute(t, params)
				if len(found) != 1 {
					t.Errorf("got %d scenarios %q, want one", len(found), scenario)
				}
				for _, got := range found {
					if got.Status != report.Failed || !strings.Contains(message(got), want) {
						t.Errorf("%s: got %s: %s, want it to fail with %q", s.wrong, got.Status, message(got), want)
					}
				}
			}
		})
	}
}

func execute(t *testing.T, params runner.Params) []report.Scenario {
	t.Helper()
	results, err := runner.Execute(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	return results.Scenarios
}
