package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

func TestFetchKafkaFetchesOnce(t *testing.T) {
	useFakeMaven(t, fetched)
	cache := t.TempDir()
	var progress bytes.Buffer
	home, err := cluster.FetchKafka(within(t), "", cache, &progress)
	if err != nil {
		t.Fatal(err)
	}
	if home != filepath.Join(cache, "kafka-4.4.0") || !isFetched(home) {
		t.Errorf("got home %s, want kafka-4.4.0 in the cache folder, complete", home)
	}
	if text := progress.String(); !strings.Contains(text, "fetching Apache Kafka 4.4.0 with Maven") ||
		!strings.Contains(text, "fetched Apache Kafka 4.4.0") {
		t.Errorf("got progress %q, want the begin and the end of it", text)
	}
	useFakeMaven(t, "exit 1")
	progress.Reset()
	if _, err := cluster.FetchKafka(within(t), "", cache, &progress); err != nil || progress.Len() > 0 {
		t.Errorf("got error %v and progress %q the second time, want nothing to be done", err, progress.String())
	}
}

func TestFetchKafkaReplacesJarsOfAnotherPOM(t *testing.T) {
	useFakeMaven(t, fetched)
	cache := t.TempDir()
	writeFile(t, filepath.Join(cache, "kafka-4.4.0", "pom.xml"), "another", 0o644)
	writeFile(t, filepath.Join(cache, "kafka-4.4.0", "libs", "old.jar"), "", 0o644)
	// of a process that was killed
	writeFile(t, filepath.Join(cache, ".unfinished-kafka-4.4.0-1", "libs", "half.jar"), "", 0o644)
	home, err := cluster.FetchKafka(within(t), "", cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(home, "libs", "old.jar")); err == nil || !isFetched(home) {
		t.Error("got an old jar in the cache, want only those of this pom")
	}
	if left, _ := filepath.Glob(filepath.Join(cache, ".unfinished-*")); len(left) > 0 {
		t.Errorf("got %v left, want nothing unfinished", left)
	}
}

func TestFetchKafkaOneAtATime(t *testing.T) {
	marker := filepath.Join(t.TempDir(), "runs")
	useFakeMaven(t, `echo run >> "`+marker+`"; `+fetched)
	t.Setenv("KAFKASPEC_CACHE", t.TempDir())
	var fetching sync.WaitGroup
	for range 4 {
		fetching.Go(func() {
			if home, err := cluster.FetchKafka(within(t), "", "", nil); err != nil || !isFetched(home) {
				t.Errorf("got %s and error %v, want a complete home", home, err)
			}
		})
	}
	fetching.Wait()
	if runs, err := os.ReadFile(marker); err != nil || string(runs) != "run\n" {
		t.Errorf("got runs of Maven %q and error %v, want one", runs, err)
	}
}

func TestFetchKafkaFailures(t *testing.T) {
	tests := map[string]struct{ script, want string }{
		"maven fails": {`echo "[INFO] Scanning"; echo "[ERROR] Could not transfer artifact: unknown host"; echo "[ERROR] Help 1"; exit 1`,
			"failed (exit code 1): Could not transfer artifact: unknown host; check the network"},
		"maven is killed": {`kill -9 $$`, "SIGKILL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			useFakeMaven(t, test.script)
			cache := t.TempDir()
			_, err := cluster.FetchKafka(within(t), "", cache, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || !outcome.IsEnvironment(err) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %v, want outcome.Environment, one line with %q", err, test.want)
			}
			wantOnlyLock(t, cache)
		})
	}
}

func TestFetchKafkaWithoutMaven(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := cluster.FetchKafka(within(t), "", t.TempDir(), nil)
	if err == nil || !strings.Contains(err.Error(), "mvn was not found: install Maven") ||
		!outcome.IsEnvironment(err) {
		t.Errorf("got error %v, want outcome.Environment about mvn", err)
	}
}

func TestFetchKafkaInterrupted(t *testing.T) {
	marker := filepath.Join(t.TempDir(), "started")
	useFakeMaven(t, `mkdir -p "$libs"; : > "`+marker+`"; exec sleep 60`)
	cache := t.TempDir()
	ctx, cancel := context.WithCancel(within(t))
	result := make(chan error)
	go func() {
		_, err := cluster.FetchKafka(ctx, "", cache, nil)
		result <- err
	}()
	waitFor(t, "Maven to start", func() bool { _, err := os.Stat(marker); return err == nil })
	cancel()
	select {
	case err := <-result:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want one that is context.Canceled", err)
		}
	case <-time.After(patience):
		t.Fatal("got no end of the fetch, want one at once")
	}
	wantOnlyLock(t, cache)
}

func wantOnlyLock(t *testing.T, cache string) {
	t.Helper()
	entries, err := os.ReadDir(cache)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != "kafka-4.4.0.lock" {
			t.Errorf("got %s left in the cache, want only the lock", entry.Name())
		}
	}
}
