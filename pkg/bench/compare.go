package bench

import (
	"errors"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/baseline"
)

// Compare holds a result against a baseline. tolerance is how much worse it may be, as a share of the better one: with
// 0.2 a rate must be at least 80% of the baseline's, and the baseline's 99th percentile at least 80% of the result's.
// The error names each figure that is worse. A baseline that was taken otherwise is a *DiffersError.
func Compare(before, result Result, tolerance float64) error {
	if err := comparable(before, result); err != nil {
		return err
	}
	worse := []error{
		baseline.Faster("producing", before.Producer.Rate, result.Producer.Rate, tolerance),
		baseline.Faster("consuming", before.Consumer.Rate, result.Consumer.Rate, tolerance),
	}
	if !result.Settings.Untimed && !before.Settings.Untimed {
		worse = append(worse, baseline.Sooner(before.Consumer.Latency.P99, result.Consumer.Latency.P99, tolerance))
	}
	return errors.Join(worse...)
}

// DiffersError says that two results are of different things.
type DiffersError struct{ text string }

func (e *DiffersError) Error() string { return e.text }

// comparable finds the first difference that makes a comparison say nothing. The number of events, the warm-up and the
// machine may differ: a shorter run, or another machine, is what one may want to compare.
func comparable(baseline, result Result) error {
	b, r := baseline.Settings, result.Settings
	if b.Batch == 0 && r.Batch != 0 { // a result did not have it at first, and was taken with 256 KiB or with 1 MB
		return &DiffersError{fmt.Sprintf("the baseline does not say with what batch size it was taken, this is %d; take "+
			"another baseline with kafkaspec bench --json", r.Batch)}
	}
	for _, c := range []struct {
		name      string
		then, now any
	}{
		{"cluster", kind(baseline), kind(result)},
		{"share", b.Share.String(), r.Share.String()},
		{"size", b.Size, r.Size},
		{"rate", b.Rate, r.Rate},
		{"codec", b.Codec, r.Codec},
		{"acks", b.Acks, r.Acks},
		{"partitions", b.Partitions, r.Partitions},
		{"replication", b.Replication, r.Replication},
		{"producers", b.Producers, r.Producers},
		{"consumers", b.Consumers, r.Consumers},
		{"linger", b.Linger, r.Linger},
		{"batch size", b.Batch, r.Batch},
		{"buffer", b.Buffer, r.Buffer},
	} {
		if c.then != c.now {
			return &DiffersError{fmt.Sprintf("the baseline was taken with %s %v, this is %v; take another baseline, or "+
				"measure as it was", c.name, c.then, c.now)}
		}
	}
	return nil
}

func kind(r Result) string { return fmt.Sprintf("%s of %d", r.Cluster.Kind, r.Cluster.Brokers) }
