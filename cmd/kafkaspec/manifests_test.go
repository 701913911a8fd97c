package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// jobManifest is what a Job tells its container.
type jobManifest struct {
	Spec struct {
		Completions int
		Template    struct {
			Spec struct {
				Containers []struct {
					Args []string
					Env  []struct{ Name, Value string }
				}
			}
		}
	}
}

// pods are the processes of a Job of deploy/, with the folders it mounts below root.
func pods(t *testing.T, name, root string, known map[string]string) (processes []*exec.Cmd) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", name, "job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var job jobManifest
	if err := yaml.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	container := job.Spec.Template.Spec.Containers[0]
	for index := range max(job.Spec.Completions, 1) {
		replace := []string{"$(JOB_COMPLETION_INDEX)", fmt.Sprint(index)}
		for _, mount := range []string{"/config/", "/results/", "/features"} {
			replace = append(replace, mount, root+mount)
		}
		for old, now := range known {
			replace = append(replace, old, now)
		}
		var arguments []string
		for _, argument := range container.Args {
			arguments = append(arguments, strings.NewReplacer(replace...).Replace(argument))
		}
		c := exec.Command("kafkaspec", arguments...)
		c.Env = append(os.Environ(), fmt.Sprint(jobIndex, "=", index))
		for _, e := range container.Env {
			c.Env = append(c.Env, e.Name+"="+e.Value)
		}
		processes = append(processes, c)
	}
	return processes
}

// together runs all processes at once and returns what each wrote.
func together(t *testing.T, processes []*exec.Cmd) (outputs []string) {
	t.Helper()
	written := make([]strings.Builder, len(processes))
	for i, c := range processes {
		c.Stdout, c.Stderr = &written[i], &written[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range processes {
		if err := c.Wait(); err != nil {
			t.Errorf("%v: %v\n%s", c.Args, err, written[i].String())
		}
		outputs = append(outputs, written[i].String())
	}
	return outputs
}

// onVolumes are the folders that the Jobs mount, with the cluster that they call staging.
func onVolumes(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	profile, err := os.ReadFile(onOtherCluster(t))
	if err != nil {
		t.Fatal(err)
	}
	profile = []byte(strings.Replace(string(profile), "other:", "staging:", 1))
	for _, folder := range []string{"config", "results", "features"} {
		if err := os.Mkdir(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "config", "kafkaspec.yaml"), profile, 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

// TestManifestOfBench carries out what deploy/bench says, with fewer events, and then what deploy/merge says.
func TestManifestOfBench(t *testing.T) {
	testenv.LongOnly(t, "waits until a load begins, as TestBenchMergesFourProcesses does")
	t.Parallel()
	root := onVolumes(t)
	together(t, pods(t, "bench", root, map[string]string{"$(BEGIN_AT)": soon(), "=10M": "=20k"}))
	out := together(t, pods(t, "merge", root, nil))[0]
	if !strings.Contains(out, "20000 once each, 0 lost") || !strings.Contains(out, "4 of 4, to begin at ") {
		t.Errorf("got %s, want one result of four", out)
	}
	if r := readResult(t, filepath.Join(root, "results", "bench", "all", benchResult)); r.Settings.Producers != 4 {
		t.Errorf("got %+v, want the merged result written", r.Settings)
	}
}

// TestManifestOfRun carries out what deploy/run says, and merges the reports.
func TestManifestOfRun(t *testing.T) {
	t.Parallel()
	root := onVolumes(t)
	var feature strings.Builder
	feature.WriteString("Feature: shared\n")
	for i := range 6 {
		fmt.Fprintf(&feature, "  Scenario: %d\n    Given topic \"t\" with 1 partition\n    Then \"t\" is empty\n", i)
	}
	if err := os.WriteFile(filepath.Join(root, "features", "a.feature"), []byte(feature.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var folders []string
	for i, out := range together(t, pods(t, "run", root, nil)) {
		if want := []string{"2 scenarios: 2 passed", "1 scenario: 1 passed"}[i/2]; !strings.Contains(out, want) {
			t.Errorf("share %d: got %s, want %s", i, out, want)
		}
		folders = append(folders, filepath.Join(root, "results", "run", fmt.Sprint(i)))
	}
	if code, out, errs := kafkaspec(t, append([]string{"report"}, folders...)...); code != exitPassed ||
		!strings.Contains(out, "6 scenarios: 6 passed") {
		t.Errorf("got exit code %d\n%s%s, want all six", code, out, errs)
	}
	// The second is killed before it has results, the last has none.
	if err := os.Remove(filepath.Join(folders[1], "results.json")); err != nil {
		t.Fatal(err)
	}
	code, out, errs := kafkaspec(t, append([]string{"report", "--report", filepath.Join(root, "all")}, folders[:3]...)...)
	if code != exitEnvironment || !strings.Contains(out, "3 scenarios: 3 passed") || !strings.Contains(errs,
		"the results are not whole: shard 2/4 has no results; shard 4/4 has no results; ") ||
		!strings.Contains(errs, "/1 has no results.json") {
		t.Errorf("got exit code %d\n%s%s, want what is missing said", code, out, errs)
	}
}

// TestKilledShardLeavesNoResultsOfBefore has results of another run in the folder, and kills the process.
func TestKilledShardLeavesNoResultsOfBefore(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	results := filepath.Join(folder, "results.json")
	for name, content := range map[string]string{"results.json": "{}", "a.feature": "Feature: a\n  Scenario: waits\n" +
		"    Given topic \"t\" with 1 partition\n    Then within 100s \"t\" contains exactly 1 record\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("kafkaspec", "run", "a.feature", "--shard", "1/4", "--report", ".")
	c.Dir = folder
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	err := await.Until(t.Context(), await.Options{Within: 30 * time.Second, What: "the run to begin"},
		func(context.Context) (bool, error) {
			_, err := os.Stat(results)
			return errors.Is(err, fs.ErrNotExist), nil
		})
	_ = c.Process.Kill()
	_ = c.Wait()
	if err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(results); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want no results of a run that was killed", err)
	}
}
