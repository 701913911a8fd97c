package dbwriter_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/chaos"
)

// Whatever happens to the instances, exactly-once leaves one row for each record, and database and group agree on how
// far it is. With KAFKASPEC_LOCAL=1 it runs on local Apache Kafka, with KAFKASPEC_DATABASE=postgres on PostgreSQL.
func TestChaosExactlyOnce(t *testing.T) {
	t.Parallel()
	chaos.Test(t, plan(t, "exactly-once", func(n int) bool { return n == 1 }))
}

// At-least-once may repeat rows and loses none.
func TestChaosAtLeastOnce(t *testing.T) {
	t.Parallel()
	chaos.Test(t, plan(t, "at-least-once", func(n int) bool { return n >= 1 }))
}

func plan(t *testing.T, mode string, allowed func(rows int) bool) chaos.Plan {
	backend, err := database.New(t.Context(), testenv.Database(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	t.Logf("on %s", backend)
	return chaos.Plan{
		Reference: "db-writer",
		Topics:    []chaos.Topic{{Name: "orders", Partitions: 4}},
		Inputs:    []string{"orders"},
		Settings: "mode: " + mode + "\nbatch: 20\nsession-timeout: 1s\nrebalance-timeout: 800ms\n" +
			"heartbeat-interval: 100ms\nretry-backoff: 20ms",
		Database: func(t testing.TB) *database.Database {
			d, err := backend.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := d.Close(context.Background()); err != nil {
					t.Error(err)
				}
			})
			return d
		},
		Records: 1000,
		Record: func(r *rand.Rand, i int) *kgo.Record {
			return &kgo.Record{Topic: "orders", Partition: int32(r.IntN(4)), Key: fmt.Appendf(nil, "k%d", r.IntN(20)),
				Value: fmt.Appendf(nil, "value %d", i)}
		},
		Check: func(ctx context.Context, run *chaos.Run) error {
			return check(ctx, run, mode, allowed)
		},
	}
}

func check(ctx context.Context, run *chaos.Run, mode string, allowed func(int) bool) error {
	got, err := count(ctx, run.Database.DB)
	if err != nil {
		return err
	}
	for _, r := range run.Sent {
		if n := got[fmt.Sprintf("%d/%d", r.Partition, r.Offset)]; !allowed(n) {
			return fmt.Errorf("got %d rows of %q (partition %d offset %d), want what %s allows", n, r.Value, r.Partition,
				r.Offset, mode)
		}
	}
	if mode != "exactly-once" {
		return nil
	}
	committed, err := run.Committed(ctx, "orders")
	if err != nil {
		return err
	}
	for partition, end := range run.Ends("orders") {
		var next int64
		if err := run.Database.DB.QueryRowContext(ctx, `SELECT next_offset FROM consumer_offsets WHERE partition = $1`,
			partition).Scan(&next); err != nil {
			return err
		}
		if next != end || committed[partition] != end {
			return fmt.Errorf("partition %d ends at %d: the database says %d, the group %d", partition, end, next,
				committed[partition])
		}
	}
	return nil
}
