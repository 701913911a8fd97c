// Package testenv reads the environment variables that change what the tests do. Only tests import it. `make help`
// prints the comments of the variables.
package testenv

import (
	"cmp"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The variables. None of them set means: the embedded broker, few repeats, nothing but Go needed.
const (
	long      = "KAFKASPEC_LONG"      // 1: also run the tests that take long
	local     = "KAFKASPEC_LOCAL"     // 1: also run the tests that start Apache Kafka or Apicurio Registry
	clusters  = "KAFKASPEC_CLUSTER"   // run the features on this cluster, such as local:3
	versions  = "KAFKASPEC_VERSIONS"  // versions of Apache Kafka to try, such as 4.0.2,4.4.0 (make versions does)
	registry  = "KAFKASPEC_REGISTRY"  // run the features with this schema registry, such as local
	database  = "KAFKASPEC_DATABASE"  // run the features on this database, such as postgres
	python    = "KAFKASPEC_PYTHON"    // a Python interpreter that has the Kafka clients; default python3
	clients   = "KAFKASPEC_CLIENTS"   // a folder with clients in Java and JavaScript, as make clients fills it
	schedules = "KAFKASPEC_SCHEDULES" // random schedules of faults and of crashes, N or N@SEED; default 2
	handovers = "KAFKASPEC_HANDOVERS" // how often partitions are handed over with each client, N or N@SEED; default 3
	ends      = "KAFKASPEC_ENDS"      // how often applications that end by themselves are judged; default 100
	kills     = "KAFKASPEC_KILLS"     // how often kafkaspec is killed at a random moment, N or N@SEED; default 6
	pictures  = "KAFKASPEC_PICTURES"  // a folder into which the tests of the report write pictures of it
	memory    = "KAFKASPEC_MEMORY"    // 1: also run what takes long to show that memory stays bounded
)

// Local is true where the tests that start Apache Kafka or Apicurio Registry are to run.
func Local() bool { return os.Getenv(local) != "" }

// NeedLocal skips a test that needs real servers, unless they are asked for. Needs says which, for the message.
func NeedLocal(t testing.TB, needs string) {
	t.Helper()
	if !Local() {
		t.Skipf("needs %s; set %s=1 to run it (make local does)", needs, local)
	}
}

// LongOnly skips a test that takes long, unless long ones are asked for, or tests by their names: go test ./... is to
// be over soon. Under -short, which make race sets, it skips it in any case. Why says what it is long for.
func LongOnly(t testing.TB, why string) {
	t.Helper()
	switch {
	case testing.Short():
		t.Skipf("%s; left out with -short", why)
	case os.Getenv(long) == "" && !named():
		t.Skipf("%s; set %s=1 to run it (make test does), or name it with -run", why, long)
	}
}

// EmbeddedOnly skips a test that another cluster shows no more of than the embedded one does, where the features run on
// another cluster, unless tests are asked for by their names. Why says what it is that does not depend on the cluster.
func EmbeddedOnly(t testing.TB, why string) {
	t.Helper()
	if Cluster() != "" && !named() {
		t.Skipf("%s, which the embedded broker is enough for; name the test with -run to run it on %s", why, Cluster())
	}
}

// named is true where tests are asked for by their names.
func named() bool {
	run := flag.Lookup("test.run")
	return run != nil && run.Value.String() != ""
}

// Memory is true where tests are to take long to show that memory stays bounded.
func Memory() bool { return os.Getenv(memory) != "" }

// NeedMemory skips a test that takes a gigabyte of memory, unless it is asked for.
func NeedMemory(t testing.TB) {
	t.Helper()
	if !Memory() {
		t.Skipf("takes a quarter of a minute and 1 GB; set %s=1 to run it", memory)
	}
}

// Cluster names the cluster that features run on; empty for the embedded one.
func Cluster() string { return os.Getenv(clusters) }

// Versions are those of Apache Kafka that are to be tried; a test is skipped where none are asked for.
func Versions(t testing.TB) []string {
	t.Helper()
	if os.Getenv(versions) == "" {
		t.Skipf("needs versions of Apache Kafka, each of which is fetched; set %s to some (make versions does)", versions)
	}
	return strings.Split(os.Getenv(versions), ",")
}

// Registry names the schema registry that features use; empty for the embedded one.
func Registry() string { return os.Getenv(registry) }

// Database names the database that features use; empty for SQLite.
func Database() string { return os.Getenv(database) }

// Pictures is the folder for pictures of the report; empty: none are wanted.
func Pictures() string { return os.Getenv(pictures) }

// Chromium is the path of a Chromium or Chrome. Without one the test is skipped.
func Chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium here: nothing is tried in a browser (on Debian: apt-get install chromium)")
	return ""
}

// Python returns the path of an interpreter that can import a module of a package. Without one the test is skipped.
// The variable is set for what the test starts, so that profiles can name it.
func Python(t *testing.T, module, pip string) string {
	t.Helper()
	interpreter := Interpreter(t, module, pip)
	t.Setenv(python, interpreter)
	return interpreter
}

// Interpreter is Python without setting the variable, which parallel tests must not.
func Interpreter(t *testing.T, module, pip string) string {
	t.Helper()
	interpreter, err := exec.LookPath(cmp.Or(os.Getenv(python), "python3"))
	if err != nil {
		t.Skipf("no Python here: %v; set %s to one that has the package %s", err, python, pip)
	}
	if out, err := exec.Command(interpreter, "-c", "import "+module).CombinedOutput(); err != nil {
		t.Skipf("%s has no package %s: %v %s", interpreter, pip, err, out)
	}
	return interpreter
}

// ClientsOnKafka is true where clients that are fetched are to be tried on Apache Kafka too.
func ClientsOnKafka() bool { return Local() && os.Getenv(clients) != "" }

// Clients is the folder that holds clients in Java and JavaScript. Without it the test is skipped.
func Clients(t testing.TB) string {
	t.Helper()
	folder := os.Getenv(clients)
	if folder == "" {
		t.Skipf("needs clients that are fetched; set %s to a folder with them (make conformance does)", clients)
	}
	return folder
}

// KafkaJars is the folder of Kafka's Java client among the clients that are fetched; empty where none are.
func KafkaJars() string { return fetched("java-4.4.0") }

// NodeModules is the folder of the modules of Node among the clients that are fetched, or of those in the cache; empty
// where there are none.
func NodeModules() string {
	if modules := fetched("node/node_modules"); modules != "" {
		return modules
	}
	for _, up := range []string{"..", "../.."} { // as seen from the folder of a package
		cached, err := filepath.Abs(filepath.Join(up, ".cache", "clients", "node", "node_modules"))
		if _, missing := os.Stat(cached); err == nil && missing == nil {
			return cached
		}
	}
	return ""
}

// Axe is the script of axe-core, which finds what keeps people from using a page. Without it the test is skipped.
func Axe(t testing.TB) string {
	t.Helper()
	if script, err := os.ReadFile(filepath.Join(NodeModules(), "axe-core", "axe.min.js")); err == nil {
		return string(script)
	}
	t.Skip("no axe-core here: whether everybody can use the report is not tried (make clients fetches it)")
	return ""
}

func fetched(name string) string {
	folder := filepath.Join(os.Getenv(clients), name)
	if _, err := os.Stat(folder); err != nil || os.Getenv(clients) == "" {
		return ""
	}
	return folder
}

// Schedules is how many random schedules to run, and the seed of the first.
func Schedules(t testing.TB) (count, seed int) {
	t.Helper()
	return seeded(t, schedules, "2")
}

// Handovers is how often members of groups hand partitions over, and the seed of the first schedule.
func Handovers(t testing.TB) (count, seed int) {
	t.Helper()
	return seeded(t, handovers, "3")
}

// Ends is how often an application that ends by itself is judged.
func Ends(t testing.TB) int {
	t.Helper()
	return number(t, ends, cmp.Or(os.Getenv(ends), "20"))
}

// Kills is how often kafkaspec is killed at a random moment, and the seed of the moments.
func Kills(t testing.TB) (count, seed int) {
	t.Helper()
	return seeded(t, kills, "6")
}

// RepeatSchedule is the setting that runs one schedule again.
func RepeatSchedule(seed int) string { return schedules + "=1@" + strconv.Itoa(seed) }

// seeded reads N or N@SEED.
func seeded(t testing.TB, variable, usual string) (count, seed int) {
	t.Helper()
	text, from, _ := strings.Cut(cmp.Or(os.Getenv(variable), usual), "@")
	return number(t, variable, text), number(t, variable, cmp.Or(from, "1"))
}

func number(t testing.TB, variable, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s: got %q, want a number from 1 on", variable, text)
	}
	return n
}
