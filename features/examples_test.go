package features_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// ofOtherLanguages are the examples with features of their own. Their profile in the folder wrong has programs with one
// mistake each.
var ofOtherLanguages = []struct {
	folder  string
	prepare func(t *testing.T, folder string)
	caught  map[string]string // by scenario, what it says of the wrong program
}{
	{folder: "../examples/java", prepare: compileJava, caught: map[string]string{
		"What is shipped is committed before a partition is given up": "first released it with the records before",
		"A crash at the end of a transaction loses and repeats nothing": `group "billing": got committed offset 100 of ` +
			`"orders" partition 0, want none`,
	}},
	{folder: "../examples/node", prepare: findKafkaJS, caught: map[string]string{
		"An order is committed only when its dead letter is safe": "before the dead letter of this record was acknowledged",
	}},
	{folder: "../examples/rest", prepare: findConfluent, caught: map[string]string{
		"A payment that fails is tried again":                            "missing request: orders partition 0 offset 0",
		"A payment whose answer was lost is asked for with the same key": `the HTTP service "payments" was asked`,
		"An order that cannot be kept is not answered with success":      "got status 201, want 503",
	}},
}

// TestExamples runs the features of the examples on their programs, and on the wrong ones.
func TestExamples(t *testing.T) {
	testenv.LongOnly(t, "runs programs in Java and Node")
	for _, example := range ofOtherLanguages {
		t.Run(filepath.Base(example.folder), func(t *testing.T) {
			example.prepare(t, example.folder)
			params := runner.Params{
				Paths:   []string{filepath.Join(example.folder, "features")},
				Profile: filepath.Join(example.folder, "kafkaspec.yaml"),
				Await:   30 * time.Second, Seed: 1, Backend: openCluster(t), Progress: os.Stderr,
			}
			right := execute(t, params)
			for _, got := range right {
				if got.Status != report.Passed {
					t.Errorf("%s: got %s, want it to pass\n%s", got.Name, got.Status, report.FailureText(got))
				}
			}
			params.Profile, params.Await = filepath.Join(example.folder, "wrong", "kafkaspec.yaml"), 5*time.Second
			params.Name = exactly(slices.Sorted(maps.Keys(example.caught))...)
			found := execute(t, params)
			for _, got := range found {
				want := example.caught[got.Name]
				if got.Status != report.Failed || !strings.Contains(message(got), want) {
					t.Errorf("wrong: %s: got %s: %s, want it to fail with %q", got.Name, got.Status, message(got), want)
				}
			}
			if len(right) < len(found) || len(found) != len(example.caught) {
				t.Errorf("got %d scenarios, and %d of wrong programs, want %d of those", len(right), len(found),
					len(example.caught))
			}
		})
	}
}

// compileJava compiles the programs of a folder.
func compileJava(t *testing.T, folder string) {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.java", "wrong/*.java"} {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("got no %s in %s: %v", pattern, folder, err)
		}
		all = append(all, files...)
	}
	t.Setenv("JAVA_CLASSES", compiled(t, all...))
}

// compiled is the class path of programs in Java, which it compiles with the client that make examples or make clients
// has fetched, or with that of the Apache Kafka that local clusters run.
func compiled(t *testing.T, files ...string) string {
	t.Helper()
	compiler, err := exec.LookPath("javac")
	if err != nil {
		t.Skipf("no Java here: %v; %s needs JDK 17", err, files[0])
	}
	jars := testenv.KafkaJars()
	if jars == "" {
		testenv.NeedLocal(t, "Kafka's Java client")
		home, err := cluster.FetchKafka(t.Context(), "", "", os.Stderr)
		if err != nil {
			t.Fatal(err)
		}
		jars = filepath.Join(home, "libs")
	}
	jars = filepath.Join(jars, "*")
	classes := t.TempDir()
	arguments := append([]string{"-Xlint:all", "-Werror", "-XDignore.symbol.file", // sun.misc.Signal may be used
		"-cp", jars, "-d", classes}, files...)
	if out, err := exec.Command(compiler, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("javac: %v\n%s", err, out)
	}
	return classes + ":" + jars
}

// findConfluent looks for a Python with the client of the programs in Python.
func findConfluent(t *testing.T, _ string) {
	t.Helper()
	testenv.Python(t, "confluent_kafka", "confluent-kafka")
}

// findKafkaJS looks for the module of the programs in Node: where make examples or make clients has put it, or in their
// folder.
func findKafkaJS(t *testing.T, folder string) {
	t.Helper()
	if modules := testenv.NodeModules(); modules != "" {
		t.Setenv("NODE_PATH", modules)
	}
	look := exec.Command("node", "-e", `require("kafkajs")`)
	look.Dir = folder
	if out, err := look.CombinedOutput(); err != nil {
		t.Skipf("no Node with kafkajs here (make examples fetches it): %v %.200s", err, out)
	}
}
