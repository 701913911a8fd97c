// Package baseline holds figures against those that kafkaspec bench --json wrote before. It knows nothing of how they
// are measured.
package baseline

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// Figures are those of a result that a baseline is for.
type Figures struct {
	Cluster  Cluster `json:"cluster"`
	Producer struct {
		Rate float64 `json:"rate"` // records a second
	} `json:"producer"`
	Consumer struct {
		Rate    float64 `json:"rate"`
		Latency struct {
			P99 time.Duration `json:"p99_ns"`
		} `json:"latency"`
	} `json:"consumer"`
}

// Cluster is where a result was taken.
type Cluster struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Brokers int    `json:"brokers"`
}

func (c Cluster) String() string {
	return cluster.Description{Kind: c.Kind, Name: c.Name, Version: c.Version, Brokers: c.Brokers}.String()
}

// Read reads the figures of a result. name is its file, for errors.
func Read(text []byte, name string) (Figures, error) {
	var f Figures
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("%s: got %w, want a result as kafkaspec bench --json writes it", name, err)
	}
	if f.Cluster.Kind == "" || f.Producer.Rate <= 0 || f.Consumer.Rate <= 0 {
		return f, fmt.Errorf("%s: got no cluster or no rate, want a result as kafkaspec bench --json writes it", name)
	}
	return f, nil
}

// Faster is nil when a rate, in records a second, is at least that of the baseline, less the tolerance: a share.
func Faster(what string, baseline, rate, tolerance float64) error {
	if least := baseline * (1 - tolerance); rate < least {
		return fmt.Errorf("%s: got %s records/s, want at least %s records/s: %.0f%% below the baseline of %s records/s",
			what, Thousands(rate), Thousands(least), 100*(1-rate/baseline), Thousands(baseline))
	}
	return nil
}

// Sooner is nil when a latency is at most that of the baseline, and the tolerance: a share of the latency.
func Sooner(baseline, latency time.Duration, tolerance float64) error {
	if most := time.Duration(float64(baseline) / (1 - tolerance)); latency > most {
		return fmt.Errorf("p99 latency: got %s, want at most %s: %.2f times the baseline of %s", latency,
			most.Round(time.Microsecond), float64(latency)/float64(baseline), baseline)
	}
	return nil
}

// Thousands writes a rate as people read it.
func Thousands(rate float64) string {
	switch {
	case rate >= 1e6:
		return fmt.Sprintf("%.2fM", rate/1e6)
	case rate >= 1e4:
		return fmt.Sprintf("%.0fk", rate/1e3)
	}
	return fmt.Sprintf("%.0f", rate)
}
