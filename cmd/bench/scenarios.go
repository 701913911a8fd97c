package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
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
	out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/kafkaspec").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build kafkaspec: %w: %s", err, firstLine(string(out)))
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
	command := exec.CommandContext(ctx, program, "run", file, "--cluster", where, "--format", "json")
	var out bytes.Buffer
	command.Stdout = &out
	began := time.Now()
	if err := command.Run(); err != nil {
		return fmt.Errorf("%d trivial scenarios: %w", n, err)
	}
	whole := time.Since(began)
	var first, last time.Time
	lines := bufio.NewScanner(&out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct {
			Event string
			Time  time.Time
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
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

// memory measures the whole process of kafkaspec bench on a broker of another process: what measuring takes, however many events go by.
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
		if err := os.WriteFile(profile, fmt.Appendf(nil, "clusters: {other: {kind: external, addresses: %s}}\n", addresses), 0o600); err != nil {
			return err
		}
		for _, events := range []int{pick(s, 1_000_000, 50_000), pick(s, 10_000_000, 200_000)} {
			file := filepath.Join(s.work, "result.json")
			command := exec.CommandContext(ctx, program, "bench", "--cluster", "other", "--profile", profile, "--events", fmt.Sprint(events), "--json", file)
			if out, err := command.CombinedOutput(); err != nil {
				return fmt.Errorf("%d events: %w: %s", events, err, firstLine(string(out)))
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
			s.table.add(section, fmt.Sprintf("%d events of 100 B", events), ours, "seconds of processor", (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds())
		}
		return nil
	})
}
