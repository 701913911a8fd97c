package features_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// TestSchedules makes features with random passing troubles and runs them on correct applications, each of 10,000
// records: the verdict must be that they are correct. A schedule is the seed's: what failed is shown whole, and can be
// run again by its seed.
func TestSchedules(t *testing.T) {
	if !testenv.Race { // under which everything computes several times as much
		besideOthers(t)
	}
	n, first := testenv.Schedules(t)
	for seed := first; seed < first+n; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			runSchedule(t, uint64(seed))
		})
	}
}

func runSchedule(t *testing.T, seed uint64) {
	const name = "schedule.feature"
	text := schedule(seed)
	results, err := runner.Execute(context.Background(), runner.Params{
		FS: fs.FS(fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}), Seed: int64(seed), Parallel: 3,
		Await: time.Minute, References: reference.Applications(),
	})
	if err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, text)
	}
	if len(results.Scenarios) != 3 {
		t.Fatalf("seed %d: got %d scenarios, want those of a producer, a consumer and a group", seed, len(results.Scenarios))
	}
	for _, s := range results.Scenarios {
		if s.Status != report.Passed {
			t.Errorf("seed %d, to run again: %s go test ./features -run TestSchedules\n%s\n%s\n%s", seed,
				testenv.RepeatSchedule(int(seed)), s.Status, report.FailureText(s), text)
		}
	}
}

// schedule writes the feature of a seed.
func schedule(seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 0))
	var b strings.Builder
	fmt.Fprintf(&b, `Feature: Schedule %d
  Trouble that passes makes no application lose, repeat or reorder a record, and no verdict say so.

  Scenario: A producer
    Given topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "app" is the reference "retry-producer" writing "events"
      | events      | 10_000 |
      | round       | 50     |
      | first-delay | 2ms    |
      | max-delay   | 50ms   |
      | attempts    | 100    |
      | seed        | %d     |
`, seed, seed)
	troubles(&b, random, producerTroubles, 2+random.IntN(6))
	b.WriteString(`    When within 10m application "app" has finished
    Then field "seq" of "events" runs from 0 to 9999, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner
    And "app" reported as many acknowledged records as "events" holds
    And the writes of "app" to "events" are idempotent
    And no acknowledged record of "events" was lost or replaced
    And "events_dlq" is empty

  Scenario: A consumer with a dead-letter topic
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
    And application "app" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | retry-backoff      | 5ms   |
      | heartbeat-interval | 100ms |
      | batch              | 100   |
      | commit-every       | 20ms  |
`)
	troubles(&b, random, consumerTroubles, 1+random.IntN(5))
	b.WriteString("    When 5_000 records from generator \"orders-with-poison\" are sent to \"orders\"\n")
	troubles(&b, random, consumerTroubles, random.IntN(4))
	// The two seconds of quiet are for faults of heartbeats and fetches that have not come yet.
	b.WriteString(`    And 5_000 records from generator "orders-with-poison" are sent to "orders"
    And within 10m "app" has caught up with "orders"
    Then for 2s group "shipping" has 1 member
    And every record of "orders" was either processed by "app" or is in "orders_dlq", exactly once
    And "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq"
    And "app" read "orders" without skipping records or going back
    And "orders_dlq" contains exactly 200 records

  Scenario: Two members of a group
    Given topic "orders" with 4 partitions
    And application "other" is the reference "group-consumer" in group "shipping" reading "orders"
      | heartbeat-interval | 100ms |
      | commit-every       | 50ms  |
    And application "app" is the reference "group-consumer" in group "shipping" reading "orders"
      | heartbeat-interval | 100ms |
      | commit-every       | 50ms  |
      | batch              | 100   |
      | work               | 100us |
`)
	troubles(&b, random, memberTroubles, 1+random.IntN(5))
	b.WriteString("    When 5_000 records from generator \"orders\" are sent to \"orders\"\n")
	troubles(&b, random, memberTroubles[2:], random.IntN(4))
	b.WriteString(`    And "app" owns 2 partitions of "orders"
    And 5_000 records from generator "orders" are sent to "orders"
    And within 10m "app" has caught up with "orders"
    Then for 2s group "shipping" has 2 members
    When application "other" is stopped
    And "app" owns 4 partitions of "orders"
    Then no partition of "orders" had two owners in group "shipping"
    And no partition of "orders" was committed in group "shipping" by one that no longer owned it
    And every partition of "orders" that was given up in group "shipping" was committed before
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping" exactly once
    And the records of "orders" were processed in group "shipping" in order per key
    And "app" read "orders" without skipping records or going back
    And "other" read "orders" without skipping records or going back
`)
	return b.String()
}

// trouble is what may happen to requests of an API, and the errors it may be. The broker acts on some before it fails.
type trouble struct {
	api       string
	most      int      // requests in a row at most: so many come for certain
	after     int      // and so many before them
	rates     bool     // there are enough of them for a share to be struck
	refused   []string // errors in place of acting
	afterward []string // errors in place of the answer
}

var producerTroubles = []trouble{
	{
		api: "Produce", most: 6, after: 150, rates: true,
		refused:   []string{"NOT_LEADER_OR_FOLLOWER", "NOT_ENOUGH_REPLICAS", "REQUEST_TIMED_OUT", "KAFKA_STORAGE_ERROR"},
		afterward: []string{"NOT_LEADER_OR_FOLLOWER", "REQUEST_TIMED_OUT", "NOT_ENOUGH_REPLICAS_AFTER_APPEND"},
	},
	{api: "InitProducerID", most: 1, refused: []string{"COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE"}},
	{api: "Metadata", most: 1},
}

var consumerTroubles = []trouble{
	{api: "Produce", most: 3, after: 10, rates: true, refused: []string{"NOT_LEADER_OR_FOLLOWER", "REQUEST_TIMED_OUT"},
		afterward: []string{"REQUEST_TIMED_OUT"}},
	{api: "Fetch", most: 1, refused: []string{"NOT_LEADER_OR_FOLLOWER", "UNKNOWN_LEADER_EPOCH", "KAFKA_STORAGE_ERROR"}},
	{
		api: "OffsetCommit", most: 2, after: 5,
		refused:   []string{"COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR", "COORDINATOR_LOAD_IN_PROGRESS"},
		afterward: []string{"REQUEST_TIMED_OUT"},
	},
	{api: "Heartbeat", most: 1, refused: []string{"COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"}},
}

// memberTroubles are those of one of two members: of joining, and of all the time.
var memberTroubles = []trouble{
	{api: "JoinGroup", most: 1, refused: []string{"COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"}},
	{api: "SyncGroup", most: 1, refused: []string{"COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR",
		"REBALANCE_IN_PROGRESS"}},
	{api: "Fetch", most: 1, refused: []string{"NOT_LEADER_OR_FOLLOWER", "UNKNOWN_LEADER_EPOCH", "KAFKA_STORAGE_ERROR"}},
	{api: "OffsetCommit", most: 1, refused: []string{"COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR",
		"COORDINATOR_LOAD_IN_PROGRESS"}},
	{api: "Heartbeat", most: 1, refused: []string{"COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"}},
}

// troubles writes n fault steps.
func troubles(b *strings.Builder, random *rand.Rand, of []trouble, n int) {
	for range n {
		t := of[random.IntN(len(of))]
		fmt.Fprintf(b, "    And %s %s\n", t.requests(random), t.happening(random))
	}
}

// requests selects those the trouble strikes.
func (t trouble) requests(random *rand.Rand) string {
	if t.rates && random.IntN(3) == 0 {
		return fmt.Sprintf("%d%% of %s requests from \"app\"", 5+random.IntN(10), t.api)
	}
	selected := fmt.Sprintf("the next %d %s requests from \"app\"", 1+random.IntN(t.most), t.api)
	if t.after > 0 && random.IntN(2) == 0 {
		selected += fmt.Sprintf(" after the first %d", 1+random.IntN(t.after))
	}
	return selected
}

func (t trouble) happening(random *rand.Rand) string {
	for {
		switch random.IntN(5) {
		case 0:
			return fmt.Sprintf("are delayed by %dms", 1+random.IntN(40))
		case 1:
			if len(t.refused) > 0 {
				return "fail with " + t.refused[random.IntN(len(t.refused))]
			}
		case 2:
			if len(t.afterward) > 0 {
				return "are answered with " + t.afterward[random.IntN(len(t.afterward))] + " after the broker acted"
			}
		case 3:
			return "are cut off before the broker acts"
		case 4:
			return "are cut off after the broker acted"
		}
	}
}
