package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

//go:embed peers.py
var peersScript []byte

// pythonVariable names an interpreter that has the clients; .cache/python, where `make bench-peers` puts one, is looked
// at without it.
const pythonVariable = "KAFKASPEC_PYTHON"

// pythonPeers are the clients that an interpreter has.
func (s *suite) pythonPeers(ctx context.Context) []peer {
	python := os.Getenv(pythonVariable)
	if python == "" {
		python = filepath.Join(".cache", "python", "bin", "python3")
	}
	script := filepath.Join(s.work, "peers.py")
	if err := os.WriteFile(script, peersScript, 0o600); err != nil {
		s.table.leaveOut("confluent-kafka and kafka-python: %v", err)
		return nil
	}
	var found []peer
	for _, client := range []struct {
		name, module, title string
		share               int64
	}{{"confluent-kafka", "confluent_kafka", "confluent-kafka (librdkafka)", 1},
		{"kafka-python", "kafka", "kafka-python", 10}} {
		if _, err := newChild(ctx, python, "-c", "import "+client.module).run(); err != nil {
			s.table.leaveOut("%s: %s cannot import %s; make bench-peers installs it, or let %s name an interpreter that has "+
				"it: %v", client.name, filepath.Base(python), client.module, pythonVariable, err)
			continue
		}
		job := func(name string) func(context.Context, place, work) (float64, error) {
			return func(ctx context.Context, p place, w work) (float64, error) {
				out, err := newChild(ctx, python, script, client.name, name, strings.Join(p.session.Bootstrap(), ","), p.topic,
					fmt.Sprint(w.events), fmt.Sprint(w.size), w.codec, fmt.Sprint(benchmark.BatchBytes)).run()
				if err != nil {
					return 0, fmt.Errorf("%s: %w", client.name, err)
				}
				return strconv.ParseFloat(strings.TrimSpace(out), 64)
			}
		}
		found = append(found, peer{client.title, client.share, job("produce"), job("consume")})
	}
	return found
}
