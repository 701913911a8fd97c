package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// brokerAt is kafkaspec broker as a process that listens at a host; it returns its address.
func brokerAt(t *testing.T, host string) (address string) {
	t.Helper()
	c := exec.Command("kafkaspec", "broker", "--listen", host+":0")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, rest, found := strings.Cut(lines.Text(), "bootstrap.servers="); found {
			address, _, _ = strings.Cut(rest, ";")
			return address
		}
	}
	t.Fatal("the broker did not say where it is")
	return ""
}

// TestBenchOnTwoMachines has two shares in a network namespace and two here: each receives what the others sent.
func TestBenchOnTwoMachines(t *testing.T) {
	testenv.LongOnly(t, "waits until a load begins, as TestBenchMergesFourProcesses does")
	t.Parallel()
	e, folder := newElsewhere(t), t.TempDir()
	profile := filepath.Join(folder, "kafkaspec.yaml")
	if err := os.WriteFile(profile, fmt.Appendf(nil, "clusters: {staging: {kind: external, addresses: [%q]}}\n",
		brokerAt(t, e.host)), 0o600); err != nil {
		t.Fatal(err)
	}
	begin := soon()
	var processes []*exec.Cmd
	merge := []string{"bench", "--merge"}
	for i := range 4 {
		result := filepath.Join(folder, fmt.Sprint(i, ".json"))
		merge = append(merge, result)
		arguments := []string{"kafkaspec", "bench", "--cluster", "staging", "--profile", profile, "--events", "20k",
			"--shard", fmt.Sprintf("%d/4", i+1), "--begin-at", begin, "--json", result}
		if i < 2 {
			arguments = append([]string{"ip", "netns", "exec", e.name}, arguments...)
		}
		processes = append(processes, exec.Command(arguments[0], arguments[1:]...))
	}
	together(t, processes)
	code, out, errs := kafkaspec(t, merge...)
	if code != exitPassed || !strings.Contains(out, "20000 once each, 0 lost") || !strings.Contains(out,
		"their clocks differ by ") {
		t.Errorf("got exit code %d\n%s%s, want one result of four", code, out, errs)
	}
}
