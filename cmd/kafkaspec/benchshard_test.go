package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/bench"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// onOtherCluster is a profile with the cluster other, an embedded broker that other processes find.
func onOtherCluster(t *testing.T) (profile string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(ctx, cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close(ctx) })
	profile = filepath.Join(t.TempDir(), "kafkaspec.yaml")
	if err := os.WriteFile(profile, fmt.Appendf(nil, "clusters: {other: {kind: external, addresses: [%s]}}\n",
		strings.Join(session.Bootstrap(), ", ")), 0o600); err != nil {
		t.Fatal(err)
	}
	return profile
}

// benchShare starts one process of four.
func benchShare(t *testing.T, profile, folder, begin string, index int, arguments ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command("kafkaspec", append([]string{"bench", "--cluster", "other", "--profile", profile, "--shard", "job",
		"--begin-at", begin, "--report", filepath.Join(folder, fmt.Sprint(index))}, arguments...)...)
	c.Env = append(os.Environ(), fmt.Sprint(jobIndex, "=", index), jobCompletions+"=4")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if c.ProcessState == nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	})
	return c
}

// soon is when all processes are ready, also on a machine with much else to do. Tests start them before they let others
// run beside them: what runs one after another runs meanwhile.
func soon() string { return time.Now().Add(15 * time.Second).Format(time.RFC3339) }

// readResult reads a result as a baseline is read.
func readResult(t *testing.T, file string) bench.Result {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err := bench.Read(text, file)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestBenchMergesFourProcesses holds the sum of four processes against one with as many clients.
func TestBenchMergesFourProcesses(t *testing.T) {
	profile, folder := onOtherCluster(t), t.TempDir()
	begin := soon()
	var processes []*exec.Cmd
	var folders []string
	for i := range 4 {
		processes = append(processes, benchShare(t, profile, folder, begin, i, "--events", "20k"))
		folders = append(folders, filepath.Join(folder, fmt.Sprint(i)))
	}
	t.Parallel()
	for i, c := range processes {
		if err := c.Wait(); err != nil {
			t.Fatalf("share %d: %v", i, err)
		}
	}
	into, one := filepath.Join(folder, "all"), filepath.Join(folder, "one.json")
	code, out, errs := kafkaspec(t, append([]string{"bench", "--merge", "--report", into}, folders...)...)
	if code != exitPassed || !strings.Contains(out, "4 of 4, to begin at ") || !strings.Contains(out,
		"their clocks differ by ") {
		t.Fatalf("got exit code %d\n%s%s, want the shares and their clocks", code, out, errs)
	}
	if out, errs, code := benched(t, "--cluster", "other", "--profile", profile, "--producers", "4", "--consumers", "4",
		"--json", one); code != exitPassed {
		t.Fatalf("got exit code %d\n%s%s", code, out, errs)
	}
	sum, want := readResult(t, filepath.Join(into, benchResult)), readResult(t, one)
	counts := func(r bench.Result) []any {
		return []any{r.Producer.Acknowledged, r.Producer.Refused, r.Producer.Unknown, r.Producer.Counted, r.Consumer.Events,
			r.Consumer.Records, r.Consumer.Timed, r.Consumer.Findings, r.Consumer.Complete, r.Settings.Producers}
	}
	if diff := cmp.Diff(counts(want), counts(sum)); diff != "" {
		t.Errorf("counts (-one +four):\n%s", diff)
	}
	leftOver(t, profile)
	var histograms [][]byte
	for _, f := range folders {
		share := readResult(t, filepath.Join(f, benchResult))
		histograms = append(histograms, share.Consumer.Histogram)
		if began := share.Producer.Began; began.Before(sum.Shares.Begin) {
			t.Errorf("got share %s begun at %s, want not before %s", share.Settings.Share, began, begin)
		}
		if c := share.Clock; c == nil || c.Unknown != "" || c.Ahead.Abs() > c.Within {
			t.Errorf("got clock %+v, want the broker's, which is the same", c)
		}
	}
	if _, latency, err := benchmark.AddHistograms(histograms...); err != nil || latency != sum.Consumer.Latency {
		t.Errorf("got percentiles %+v, want those of all latencies, %+v (%v)", sum.Consumer.Latency, latency, err)
	}
	if code, out, errs := kafkaspec(t, append([]string{"bench", "--merge", "--baseline", one, "--tolerance", "99%"},
		folders...)...); code == exitInput {
		t.Errorf("got %s%s, want a merged result to compare with one of as many clients", out, errs)
	}
	code, out, errs = kafkaspec(t, append([]string{"bench", "--merge"}, folders[:3]...)...)
	if code != exitEnvironment || !strings.Contains(out, "NOT WHOLE") || !strings.Contains(errs,
		"the result is not whole: share 4/4 has no result") {
		t.Errorf("got exit code %d\n%s%s, want the missing share said", code, out, errs)
	}
	code, _, errs = kafkaspec(t, "bench", "--merge", folders[0], folders[1], folders[0])
	if code != exitInput || !strings.Contains(errs, "got share 1/4 again, as in ") {
		t.Errorf("got exit code %d\n%s, want a result that is named twice refused", code, errs)
	}
	if code, _, errs = kafkaspec(t, "bench", "--merge", one); code != exitInput || !strings.Contains(errs, "of no share") {
		t.Errorf("got exit code %d\n%s, want a result of no share refused", code, errs)
	}
}

// leftOver looks for what the shares leave on the cluster.
func leftOver(t *testing.T, profile string) {
	t.Helper()
	clean := []string{"clean", "--cluster", "other", "--profile", profile, "--older-than", "0s"}
	code, out, errs := kafkaspec(t, append(clean, "--delete")...)
	if code != exitPassed || !strings.Contains(out, "-00000004-kafkaspec-bench  (of ") ||
		!strings.Contains(out, "-00000004-kafkaspec-bench-clock  (of ") {
		t.Errorf("got exit code %d\n%s%s, want both topics listed", code, out, errs)
	}
}

// TestBenchMergeSaysWhoWasKilled kills one process of four while the load is on its way.
func TestBenchMergeSaysWhoWasKilled(t *testing.T) {
	profile, folder := onOtherCluster(t), t.TempDir()
	begin := soon()
	var processes []*exec.Cmd
	arguments := []string{"bench", "--merge"}
	for i := range 4 {
		processes = append(processes, benchShare(t, profile, folder, begin, i, "--events", "8k", "--rate", "4k",
			"--patience", "1s"))
		arguments = append(arguments, filepath.Join(folder, fmt.Sprint(i)))
	}
	at, err := time.Parse(time.RFC3339, begin)
	if err != nil {
		t.Fatal(err)
	}
	killed := make(chan error, 1)
	time.AfterFunc(time.Until(at)+500*time.Millisecond, func() { killed <- processes[2].Process.Kill() })
	t.Parallel()
	if err := <-killed; err != nil {
		t.Fatal(err)
	}
	for i, c := range processes {
		var exit *exec.ExitError
		if err := c.Wait(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if i != 2 && c.ProcessState.ExitCode() != exitFailed {
			t.Errorf("got %v of share %d, want it to miss what the killed one did not send", c.ProcessState, i)
		}
	}
	code, out, errs := kafkaspec(t, arguments...)
	if code != exitEnvironment || !strings.Contains(out, "3 of 4, to begin at ") ||
		!strings.Contains(errs, "the result is not whole: share 3/4 was ended before its result (") {
		t.Errorf("got exit code %d\n%s%s, want the killed process said", code, out, errs)
	}
}
