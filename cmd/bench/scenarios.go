package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/bench"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// trivial is a scenario in which kafkaspec itself is all that costs: a topic, three records in, three records there.
const trivial = `  Scenario: number %d
    Given topic "orders" with 1 partition
    And these records are in "orders":
      | key | value |
      | a   | 1     |
      | b   | 2     |
      | c   | 3     |
    Then "orders" contains exactly:
      | key | value |
      | a   | 1     |
      | b   | 2     |
      | c   | 3     |

`

// build makes the command as a user has it.
func (s *suite) build(ctx context.Context) (string, error) {
	program := filepath.Join(s.work, "kafkaspec")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if _, err := newChild(ctx, "go", "build", "-o", program, "./cmd/kafkaspec").run(); err != nil {
		return "", fmt.Errorf("build kafkaspec: %w", err)
	}
	return program, nil
}

// scenarios measures what a scenario costs, and how long it takes to the first one.
func (s *suite) scenarios(ctx context.Context, where string) error {
	program, err := s.build(ctx)
	if err != nil {
		return err
	}
	section := "Trivial scenarios on " + where
	for range s.repeat {
		for _, n := range []int{20, pick(s, 200, 50)} {
			file := filepath.Join(s.work, fmt.Sprintf("%d.feature", n))
			var text strings.Builder
			text.WriteString("Feature: trivial\n\n")
			for i := range n {
				fmt.Fprintf(&text, trivial, i)
			}
			if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
				return err
			}
			if err := s.runScenarios(ctx, program, section, where, file, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *suite) runScenarios(ctx context.Context, program, section, where, file string, n int) error {
	began := time.Now()
	out, err := newChild(ctx, program, "run", file, "--cluster", where, "--format", "json").run()
	whole := time.Since(began)
	if err != nil {
		return fmt.Errorf("%d trivial scenarios: %s%w", n, firstFailure(out), err)
	}
	var first, last time.Time
	for line := range strings.Lines(out) {
		var e event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return err
		}
		if e.Event == "scenario-started" && first.IsZero() {
			first = e.Time
		}
		last = e.Time
	}
	s.table.add(section, fmt.Sprintf("%d scenarios, whole process", n), ours, "seconds", whole.Seconds())
	s.table.add(section, fmt.Sprintf("%d scenarios, each", n), ours, "ms", last.Sub(first).Seconds()*1000/float64(n))
	s.table.add(section, "start of the process to first scenario", ours, "ms", first.Sub(began).Seconds()*1000)
	return nil
}

// event is a line of kafkaspec run --format json, as far as it is looked at.
type event struct {
	Event    string
	Time     time.Time
	Scenario struct {
		Name    string
		Failure struct{ Message string }
	}
}

// firstFailure tells of the first scenario that did not pass, since its line may be far above the last ones; "" where
// none is.
func firstFailure(out string) string {
	for line := range strings.Lines(out) {
		var e event
		if json.Unmarshal([]byte(line), &e) == nil && e.Scenario.Failure.Message != "" {
			return fmt.Sprintf("%s: %s; ", e.Scenario.Name, firstLine(e.Scenario.Failure.Message))
		}
	}
	return ""
}

// memory measures the whole process of kafkaspec bench on a broker of another process: what measuring takes, however
// many events go by.
func (s *suite) memory(ctx context.Context, backend cluster.Backend) error {
	program, err := s.build(ctx)
	if err != nil {
		return err
	}
	section := "Memory of kafkaspec bench on " + backend.Describe().String()
	return s.onTopic(ctx, backend, func(p place) error {
		profile := filepath.Join(s.work, "kafkaspec.yaml")
		addresses, err := json.Marshal(p.session.Bootstrap())
		if err != nil {
			return err
		}
		if err := os.WriteFile(profile, fmt.Appendf(nil, "clusters: {other: {kind: external, addresses: %s}}\n", addresses),
			0o600); err != nil {
			return err
		}
		for _, events := range []int{pick(s, 1_000_000, 50_000), pick(s, 10_000_000, 200_000)} {
			file := filepath.Join(s.work, "result.json")
			command := newChild(ctx, program, "bench", "--cluster", "other", "--profile", profile, "--events",
				fmt.Sprint(events), "--json", file)
			if _, err := command.run(); err != nil {
				return fmt.Errorf("%d events: %w", events, err)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			result, err := bench.Read(text, file)
			if err != nil {
				return err
			}
			if result.Memory > 0 {
				s.table.add(section, fmt.Sprintf("%d events of 100 B", events), ours, "MiB at most", float64(result.Memory)/(1<<20))
			}
			s.table.add(section, fmt.Sprintf("%d events of 100 B", events), ours, "seconds of processor", command.processor())
		}
		return nil
	})
}
