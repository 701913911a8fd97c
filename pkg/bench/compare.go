package bench

import (
	"errors"
	"fmt"
	"time"
)

// Compare holds a result against a baseline. tolerance is how much worse it may be, as a share of the better one: with
// 0.2 a rate must be at least 80% of the baseline's, and the baseline's 99th percentile at least 80% of the result's.
// The error names each figure that is worse. A baseline that was taken otherwise is a *DiffersError.
func Compare(baseline, result Result, tolerance float64) error {
	if err := comparable(baseline, result); err != nil {
		return err
	}
	worse := []error{
		Faster("producing", baseline.Producer.Rate, result.Producer.Rate, tolerance),
		Faster("consuming", baseline.Consumer.Rate, result.Consumer.Rate, tolerance),
	}
	if !result.Settings.Untimed && !baseline.Settings.Untimed {
		worse = append(worse, Sooner(baseline.Consumer.Latency.P99, result.Consumer.Latency.P99, tolerance))
	}
	return errors.Join(worse...)
}

// Faster is nil when a rate is at least that of the baseline, less the tolerance.
func Faster(what string, baseline, rate, tolerance float64) error {
	if least := baseline * (1 - tolerance); rate < least {
		return fmt.Errorf("%s: got %s records/s, want at least %s records/s: %.0f%% below the baseline of %s records/s",
			what, thousands(rate), thousands(least), 100*(1-rate/baseline), thousands(baseline))
	}
	return nil
}

// Sooner is nil when a latency is at most that of the baseline, and the tolerance.
func Sooner(baseline, latency time.Duration, tolerance float64) error {
	if most := time.Duration(float64(baseline) / (1 - tolerance)); latency > most {
		return fmt.Errorf("p99 latency: got %s, want at most %s: %.2f times the baseline of %s", latency,
			most.Round(time.Microsecond), float64(latency)/float64(baseline), baseline)
	}
	return nil
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
