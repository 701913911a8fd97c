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

// mistake is one of a wrong program: the scenario that catches it, and what that says.
type mistake struct {
	twin     string // the program, by the variable TWIN of the wrong profile; empty where there is one
	scenario string
	says     string
}

// ofOtherLanguages are the examples with features of their own. Their profile in the folder wrong has programs with
// mistakes.
var ofOtherLanguages = []struct {
	folder   string
	prepare  func(t *testing.T, folder string)
	mistakes []mistake
}{
	{"../examples/java", compileJava, []mistake{
		{"", "What is shipped is committed before a partition is given up", "first released it with the records before"},
		{"", "A crash at the end of a transaction loses and repeats nothing", `group "billing": got committed offset 100 of ` +
			`"orders" partition 0, want none`},
	}},
	{"../examples/streams", compileStreams, []mistake{
		{"AtLeastOnce", "A crash loses and repeats nothing", "orders 101 is not one of 1 to 100"},
		{"WithoutChangelog", "Another instance goes on from the changelog", "orders 1 was read before"},
		{"WithoutRepartition", "Orders of a user come together before they are added up", "no application has made topic " +
			`"by-user" (totals-by-user-repartition)`},
		{"WithoutRepartition", "Orders of a user have one total, wherever they lie", "value.orders: got 1, want 3"},
	}},
	{"../examples/spring", compileSpring, []mistake{
		{"SendsAndForgets", "A shipment that cannot be written is tried again", "is neither in shipments nor in orders-dlt"},
		{"LosesLetters", "An order is committed only when its dead letter is safe", "before the dead letter of this record " +
			"was acknowledged"},
		{"SwallowsErrors", "An order that cannot be read is set aside", `"orders-dlt": got no records, want exactly 1`},
	}},
	{"../examples/node", findNode, []mistake{
		{"careless", "An order is committed only when its dead letter is safe", "before the dead letter of this record " +
			"was acknowledged"},
		{"abrupt", "It leaves its group when it is told to stop", `got no request to leave group "shipping"`},
		{"latest", "An order that cannot be read is set aside", `group "shipping" is behind on "orders" partition 0: got ` +
			`committed offset none, want 3`},
		{"latest", "Orders that come while the program is stopped are billed", `group "billing" is behind on "orders" ` +
			`partition 0: got committed offset none, want 1`},
		{"careless", "An order is not lost when the program dies before its invoice is written", `got committed offset 1 of ` +
			`"orders" partition 0, want none`},
		{"keyless", "An order has an invoice with its key", "key: got null, want u1"},
	}},
	{"../examples/rest", findConfluent, []mistake{
		{"", "A payment that fails is tried again", "missing request: orders partition 0 offset 0"},
		{"", "A payment whose answer was lost is asked for with the same key", `the HTTP service "payments" was asked`},
		{"", "An order that cannot be kept is not answered with success", "got status 201, want 503"},
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
			for _, got := range execute(t, params) {
				if got.Status != report.Passed {
					t.Errorf("%s: got %s, want it to pass\n%s", got.Name, got.Status, report.FailureText(got))
				}
			}
			params.Profile, params.Await = filepath.Join(example.folder, "wrong", "kafkaspec.yaml"), 5*time.Second
			twins := map[string]map[string]string{} // what scenarios say of them
			for _, m := range example.mistakes {
				if twins[m.twin] == nil {
					twins[m.twin] = map[string]string{}
				}
				twins[m.twin][m.scenario] = m.says
			}
			for _, twin := range slices.Sorted(maps.Keys(twins)) {
				t.Run("wrong"+twin, func(t *testing.T) {
					t.Setenv("TWIN", twin)
					findMistakes(t, params, twins[twin])
				})
			}
		})
	}
}

// findMistakes runs scenarios, each of which must fail and say what is given.
func findMistakes(t *testing.T, params runner.Params, caught map[string]string) {
	t.Helper()
	params.Name = exactly(slices.Sorted(maps.Keys(caught))...)
	found := execute(t, params)
	for _, got := range found {
		if want := caught[got.Name]; got.Status != report.Failed || !strings.Contains(message(got), want) {
			t.Errorf("%s: got %s: %s, want it to fail with %q", got.Name, got.Status, message(got), want)
		}
	}
	if len(found) != len(caught) {
		t.Errorf("got %d scenarios of wrong programs, want %d", len(found), len(caught))
	}
}

// compileJava compiles the programs of a folder with Kafka's client.
func compileJava(t *testing.T, folder string) {
	t.Helper()
	t.Setenv("JAVA_CLASSES", compiled(t, programs(t, folder)...))
}

// compileStreams compiles the programs of a folder with Kafka Streams.
func compileStreams(t *testing.T, folder string) {
	t.Helper()
	t.Setenv("JAVA_CLASSES", compiledWith(t, filepath.Join(testenv.Clients(t), "streams"), programs(t, folder)...))
}

// compileSpring compiles the programs of a folder with Spring Boot.
func compileSpring(t *testing.T, folder string) {
	t.Helper()
	t.Setenv("JAVA_CLASSES", compiledWith(t, filepath.Join(testenv.Clients(t), "spring-boot"), programs(t, folder)...))
}

// programs are the sources in Java of a folder, with the wrong ones.
func programs(t *testing.T, folder string) (all []string) {
	t.Helper()
	for _, pattern := range []string{"*.java", "wrong/*.java"} {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("got no %s in %s: %v", pattern, folder, err)
		}
		all = append(all, files...)
	}
	return all
}

// compiled is the class path of programs in Java, which it compiles with the client that make examples or make clients
// has fetched, or with that of the Apache Kafka that local clusters run.
func compiled(t *testing.T, files ...string) string {
	t.Helper()
	jars := testenv.KafkaJars()
	if jars == "" {
		testenv.NeedLocal(t, "Kafka's Java client")
		home, err := cluster.FetchKafka(t.Context(), "", "", os.Stderr)
		if err != nil {
			t.Fatal(err)
		}
		jars = filepath.Join(home, "libs")
	}
	return compiledWith(t, jars, files...)
}

// compiledWith is the class path of programs that it compiles with the jars of a folder.
func compiledWith(t *testing.T, jars string, files ...string) string {
	t.Helper()
	compiler, err := exec.LookPath("javac")
	if err != nil {
		t.Skipf("no Java here: %v; %s needs JDK 17", err, files[0])
	}
	jars = filepath.Join(jars, "*")
	if found, _ := filepath.Glob(jars); len(found) == 0 {
		t.Skipf("nothing is in %s, with which %s is compiled (make examples fetches it)", jars, files[0])
	}
	classes := t.TempDir()
	arguments := append([]string{"-Xlint:all,-classfile", "-Werror", "-proc:none",
		"-XDignore.symbol.file", // sun.misc.Signal may be used
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

// findNode looks for the modules of the programs in Node: where make examples has put them, or in their folder.
func findNode(t *testing.T, folder string) {
	t.Helper()
	if testenv.Cluster() != "" && !testenv.ClientsOnKafka() {
		t.Skip("takes half a minute, and is tried on the embedded broker; with the clients of make examples it is tried here")
	}
	if modules := testenv.NodeModules(); modules != "" {
		t.Setenv("NODE_PATH", modules)
	}
	look := exec.Command("node", "-e", `require("kafkajs"); require("@platformatic/kafka")`)
	look.Dir = folder
	if out, err := look.CombinedOutput(); err != nil {
		t.Skipf("no Node 20.19 or newer with kafkajs and @platformatic/kafka here (make examples fetches them): %v %.200s",
			err, out)
	}
}
