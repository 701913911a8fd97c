package chaos_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/chaos"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

// letters is a plan for dlq-consumer in transactions: each poisoned record gives exactly one dead letter.
func letters(reference string) chaos.Plan {
	return chaos.Plan{
		Reference: reference,
		Topics:    []chaos.Topic{{Name: "orders", Partitions: 3}, {Name: "orders_dlq", Partitions: 1}},
		Inputs:    []string{"orders"},
		Settings: "transactional: true\ntransaction-timeout: 2s\nsession-timeout: 1s\nrebalance-timeout: 800ms\n" +
			"heartbeat-interval: 100ms\nbatch: 50",
		Records: 500,
		Record: func(r *rand.Rand, i int) *kgo.Record {
			value := fmt.Sprintf(`{"seq": %d}`, i)
			if r.IntN(5) == 0 {
				value = fmt.Sprintf("poison %d", i)
			}
			return &kgo.Record{Topic: "orders", Partition: int32(r.IntN(3)), Value: []byte(value)}
		},
		Supervised: true, // a zombie whose transaction has timed out is fenced, and ends
		Check:      oneLetterEach,
	}
}

func oneLetterEach(ctx context.Context, run *chaos.Run) error {
	got, err := run.Read(ctx, "orders_dlq")
	if err != nil {
		return err
	}
	letters := map[string]int{}
	for _, r := range got {
		letters[string(r.Value)]++
	}
	for _, r := range run.Sent {
		value, want := string(r.Value), 0
		if strings.HasPrefix(value, "poison") {
			want = 1
		}
		if letters[value] != want {
			return fmt.Errorf("got %d dead letters of %q (partition %d offset %d), want %d", letters[value], value, r.Partition,
				r.Offset, want)
		}
	}
	return nil
}

// With KAFKASPEC_LOCAL=1 it runs on local Apache Kafka.
func TestDeadLettersInChaos(t *testing.T) {
	t.Parallel()
	chaos.Test(t, letters("dlq-consumer"))
}

// An application that loses its dead letters is found out, and the failure says how to see it again.
func TestChaosFindsLoss(t *testing.T) {
	t.Parallel()
	plan := letters("wrong/dlq-drops-poison")
	plan.Records = 100
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{})
	err := chaos.Once(t, backend, plan, 17)
	if err == nil {
		t.Fatal("got no error, want the lost dead letters to be found")
	}
	for _, part := range []string{"got 0 dead letters", "seed 17; to run it again: KAFKASPEC_CHAOS_SEED=17", "start  c1",
		"drained", "last lines of c1", "msg=dead-lettered"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got an error without %q:\n%v", part, err)
		}
	}
}

// An instance that ends by itself fails the run, unless something like a supervisor starts it again.
func TestChaosNoticesAnEnd(t *testing.T) {
	t.Parallel()
	plan := letters("dlq-consumer")
	plan.Settings = "decode: runes"
	plan.Supervised = false
	plan.Records = 100
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{})
	err := chaos.Once(t, backend, plan, 17)
	if err == nil || !strings.Contains(err.Error(), "ended by itself") ||
		!strings.Contains(err.Error(), "want json or none") {
		t.Errorf("got %v, want it to say that an instance ended by itself, and why", err)
	}
}
