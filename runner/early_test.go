package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

// TestTooEarly lints scenarios in which something is disturbed directly after a start, and others that wait, or in
// which it does not matter when.
func TestTooEarly(t *testing.T) {
	t.Parallel()
	const (
		loader = `Given topic "orders" with 3 partitions
And application "loader" is the reference "bulk-producer" writing "orders"
`
		member = `Given topic "orders" with 3 partitions
And topic "orders_dlq" with 1 partition
And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
And application "packing" is the reference "dlq-consumer" in group "shipping" reading "orders"
`
		given   = "And 500 records from generator \"orders\" are in \"orders\"\n"
		started = "When application \"shipping\" is started\n"
		killed  = "When application \"shipping\" is killed\n"
		ends    = `Then "orders" is empty`
	)
	for name, test := range map[string]struct{ steps, want string }{
		"a writer": {
			loader + "When application \"loader\" is started\nAnd application \"loader\" is killed\n" + ends,
			`a.feature:6: And application "loader" is killed: "loader" was only just started, and is in no group whose partitions it would wait for: ` +
				`it may have done nothing by then, or all` + "\n" +
				`    say before it what must have happened, such as: Then "orders" contains at least 1 record`,
		},
		"a writer that has begun": {
			loader + "When application \"loader\" is started\nThen \"orders\" contains at least 1 record\nWhen application " +
				"\"loader\" is killed\n" + ends, "",
		},
		"a writer that has said so": {
			loader + "When application \"loader\" is started\nAnd \"loader\" has said \"msg=\"\nAnd application \"loader\" is " +
				"killed\n" + ends, "",
		},
		"a writer whose request is held": {
			loader + "And every Produce request from \"loader\" is held\nWhen application \"loader\" is started\nAnd a " +
				"request is held\nAnd application \"loader\" is paused\n" + ends, "",
		},
		"a writer that is started again": {
			loader + "Then \"orders\" is empty\nWhen application \"loader\" is restarted\nAnd application \"loader\" is " +
				"stopped\n" + ends, `a.feature:7: And application "loader" is stopped: `,
		},
		"a monitor": {
			member + "And application \"monitor\" is the reference \"lag-monitor\" watching group \"shipping\" on " +
				"\"orders\"\nWhen application \"monitor\" is started\n" +
				"And the connections of \"monitor\" are reset\n" + ends, `such as: And "monitor" has said "…"`,
		},
		"a member with work": {
			member + given + started + killed + ends,
			`a.feature:9: When application "shipping" is killed: "shipping" was only just started, on records that were there before: ` +
				`it may have processed none of them by then, or all` + "\n" +
				`    say before it what must have happened, such as: And "shipping" has processed at least 1 record`,
		},
		"a member that only runs": {member + given + started + "Then application \"shipping\" is running\n" +
			killed + ends, "a.feature:10: "},
		"a member that runs for some time": {member + given + started +
			"Then for 1s application \"shipping\" is running\n" + killed + ends, "a.feature:10: "},
		"a member that has caught up and runs": {member + given + started +
			"Then once \"shipping\" has caught up, application \"shipping\" is running\n" + killed + ends, ""},
		"a member that has begun": {member + given + started +
			"And \"shipping\" has processed at least 50 records\n" + killed + ends, ""},
		"a member that owns partitions": {member + given + started +
			"And \"shipping\" owns 3 partitions of \"orders\"\n" + killed + ends, ""},
		"a member without work": {member + started + killed + ends, ""},
		"a member that is sent work": {member + started +
			"When 500 records from generator \"orders\" are sent to \"orders\"\n" + killed + ends, ""},
		"a member whose work was done": {member + given + "When \"packing\" has caught up with \"orders\"\n" +
			started + killed + ends, ""},
		"a member that is started again": {member + given + "When application \"shipping\" is restarted\n" + killed +
			ends, ""},
		"the first of two members": {member + given + started + "When application \"packing\" is started\n" +
			killed + ends, "a.feature:10: "},
		"the other member": {member + given +
			"When \"packing\" has processed at least 5 records\nAnd application \"shipping\" is started\nAnd application " +
			"\"packing\" is killed\n" + ends, ""},
		"a member that is cut off": {member + given + started +
			"When application \"shipping\" is cut off from the cluster for 1s\n" + ends, "a.feature:9: "},
		"a member whose requests are disturbed": {member + given + started +
			"When the next 1 OffsetCommit request from \"shipping\" is delayed by 5ms\n" + ends, ""},
		"a leader that moves": {member + given + started +
			"When the leader of \"orders\" partition 0 moves to another broker\n" + ends, `"shipping" was only just started`},
		"a broker that is killed": {"@exclusive\n" + member + given + started + "When broker 0 is killed\n" +
			ends, `"shipping" was only just started`},
		"a broker that is started": {"@exclusive\n" + member + given + started + "When broker 0 is started\n" +
			ends, ""},
		"an application of the profile": {
			"Given topic \"orders\" with 1 partition\nAnd application \"labels\" of the profile is writing \"orders\"\nWhen " +
				"application \"labels\" is started\nAnd application \"labels\" is killed\n" + ends, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			scenario, exclusive := strings.CutPrefix(test.steps, "@exclusive\n")
			feature := "Feature: a\nScenario: a\n" + scenario
			if exclusive {
				feature = "@exclusive\n" + feature
			}
			file := filepath.Join(t.TempDir(), "a.feature")
			if err := os.WriteFile(file, []byte(feature), 0o600); err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := runner.Lint(runner.Params{Paths: []string{file}, References: reference.Applications()}); err != nil {
				got = strings.ReplaceAll(err.Error(), filepath.ToSlash(file), "a.feature")
			}
			if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q in it, and nothing where that is empty", got, test.want)
			}
		})
	}
}
