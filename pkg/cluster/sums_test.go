package cluster_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// A jar that was cut off, changed or lost is named and fetched again; where it cannot be, both are said.
func TestDamagedCacheIsFetchedAgain(t *testing.T) {
	const jar = "libs/kafka_2.13-4.4.0.jar"
	tests := map[string]struct {
		damage func(file string) error
		older  bool // the cache has no checksums
		want   string
	}{
		"cut off": {func(file string) error { return os.Truncate(file, 10) }, false, jar + " is damaged"},
		"changed": {func(file string) error { return os.WriteFile(file, make([]byte, 22), 0o600) }, false,
			jar + " is damaged"},
		"lost":              {os.Remove, false, jar + " is missing"},
		"cut off and older": {func(file string) error { return os.Truncate(file, 10) }, true, jar + " is damaged"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			useFakeMaven(t, fetched)
			cache := t.TempDir()
			home, err := cluster.FetchKafka(within(t), "", cache, nil)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := os.ReadFile(filepath.Join(home, jar))
			if err != nil {
				t.Fatal(err)
			}
			if err := test.damage(filepath.Join(home, jar)); err != nil {
				t.Fatal(err)
			}
			if test.older {
				if err := os.Remove(filepath.Join(home, "SHA256SUMS")); err != nil {
					t.Fatal(err)
				}
			}
			t.Run("without Maven", func(t *testing.T) {
				t.Setenv("PATH", t.TempDir())
				_, err := cluster.FetchKafka(within(t), "", cache, nil)
				if !outcome.IsEnvironment(err) || !strings.Contains(err.Error(), test.want) ||
					!strings.Contains(err.Error(), "could not be fetched again: fetching Apache Kafka 4.4.0 needs Maven") {
					t.Errorf("got %v, want outcome.Environment that names the jar and why it is not fetched", err)
				}
			})
			var progress bytes.Buffer
			if _, err := cluster.FetchKafka(within(t), "", cache, &progress); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(progress.String(), test.want) {
				t.Errorf("got %q, want the jar named", progress.String())
			}
			if now, err := os.ReadFile(filepath.Join(home, jar)); err != nil || !bytes.Equal(now, whole) {
				t.Errorf("got %d bytes (%v), want the jar as it was", len(now), err)
			}
		})
	}
}

// A cache that was filled before there were checksums stays as it is when its jars are whole.
func TestCacheWithoutChecksumsIsKept(t *testing.T) {
	useFakeMaven(t, fetched)
	cache := t.TempDir()
	home, err := cluster.FetchKafka(within(t), "", cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(home, "SHA256SUMS")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir()) // nothing can be fetched
	if _, err := cluster.FetchKafka(within(t), "", cache, nil); err != nil {
		t.Errorf("got %v, want the jars to be used", err)
	}
}
