package features_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

var update = flag.Bool("update", false, "write the messages that wrong applications fail with into features/mustfail")

// entry is one file of features/mustfail: a wrong application that a built-in scenario must catch.
type entry struct {
	Wrong     string `yaml:"wrong"`      // name of the wrong application
	InsteadOf string `yaml:"instead-of"` // reference application it stands in for
	Feature   string `yaml:"feature"`
	Scenario  string `yaml:"scenario"`
	Message   string `yaml:"message"` // ~~~ stands for what varies

	database string // in place of the usual one
}

// atOnce is how many entries run at a time: most of one is waiting for what a wrong application never does.
const atOnce = 16

// patience is for how long steps are looked at again, attempt by attempt. What a wrong application leaves undone does
// not get done by waiting, so the first is short. On a busy machine even what it does can take longer than that, so
// only what comes out otherwise is given more time. It is also tried again: what a wrong application does too early can
// come in time when the machine is slow.
func patience() []time.Duration {
	switch {
	case *update:
		return []time.Duration{20 * time.Second}
	case testenv.Cluster() != "": // real brokers and their groups take longer to begin
		return []time.Duration{4 * time.Second, 4 * time.Second, 15 * time.Second, 15 * time.Second, time.Minute}
	default:
		const short = 1500 * time.Millisecond
		return []time.Duration{short, short, 10 * time.Second, 10 * time.Second, time.Minute}
	}
}

// TestMustFail runs built-in scenarios on wrong applications. Each must fail, with the message that names its fault,
// and so must its journal.
func TestMustFail(t *testing.T) {
	testenv.LongOnly(t, "runs scenarios of TestFeatures again, on wrong applications")
	besideOthers(t)
	files, err := filepath.Glob("mustfail/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d entries (%v), want some in features/mustfail", len(files), err)
	}
	backend := openCluster(t)
	caught := map[string]bool{}
	run, wait := sideBySide(t, fewer(atOnce))
	defer wait()
	for _, file := range files {
		e := readEntry(t, file)
		caught[e.Wrong] = true
		run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) { mustFail(t, backend, file, e) })
	}
	for _, a := range reference.All() {
		if strings.HasPrefix(a.Name, "wrong/") && !caught[a.Name] {
			t.Errorf("no entry in features/mustfail catches %s; add features/mustfail/%s.yaml, as the others are", a.Name,
				strings.TrimPrefix(a.Name, "wrong/"))
		}
	}
}

func readEntry(t *testing.T, file string) entry {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var e entry
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&e); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return e
}

func mustFail(t *testing.T, backend cluster.Backend, file string, e entry) {
	var got report.Scenario
	for _, await := range patience() {
		folder := t.TempDir()
		got = runWrong(t, backend, e, await, folder)
		if got.Status == report.Failed && matches(e.Message, message(got)) {
			judgeAgain(t, folder)
			return
		}
		t.Logf("%s within %v, and not as wanted: %s", got.Status, await, message(got))
	}
	if got.Status != report.Failed {
		t.Fatalf("got %s with %s, want it to fail; name a scenario that catches it in %s, or add one to %s",
			got.Status, e.Wrong, file, e.Feature)
	}
	if !*update {
		t.Fatalf("got another message than in %s (go test ./features -run TestMustFail -update rewrites "+
			"it)\ngot:\n%s\nwant:\n%s", file, message(got), e.Message)
	}
	e.Message = waited.ReplaceAllString(message(got), "not within ~~~:") + "\n"
	content, err := yaml.Marshal(e)
	if err == nil {
		err = os.WriteFile(file, content, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func runWrong(t *testing.T, backend cluster.Backend, e entry, await time.Duration, folder string) report.Scenario {
	results, err := runner.Execute(context.Background(), runner.Params{
		Paths: []string{e.Feature}, Name: exactly(e.Scenario), Backend: backend,
		Instead: map[string]string{e.InsteadOf: e.Wrong}, Await: await,
		Database: cmp.Or(e.database, testenv.Database()),
		Parallel: 1, Seed: 1, References: reference.Applications(), Report: folder,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Scenarios) != 1 {
		t.Fatalf("got %d scenarios named %q, want one", len(results.Scenarios), e.Scenario)
	}
	return results.Scenarios[0]
}

// exactly selects the scenarios of these names.
func exactly(names ...string) string {
	var quoted []string
	for _, name := range names {
		quoted = append(quoted, regexp.QuoteMeta(name))
	}
	return "^(" + strings.Join(quoted, "|") + ")$"
}

// message is what a failed scenario says, without what depends on the moment.
func message(s report.Scenario) string {
	if s.Failure == nil {
		return ""
	}
	return passing.ReplaceAllString(s.Failure.Message, "")
}

// passing is the line of findings that were seen because the records had not all arrived: whether there are any depends
// on the moment.
var passing = regexp.MustCompile(`\n *not shown, as more records may take it back: .*`)

// waited is how long a step was looked at again, which is another time at each attempt: see patience.
var waited = regexp.MustCompile(`^not within [^ :]+:`)

// matches compares a message with a golden one in which ~~~ stands for any text, and that there are more findings than
// are shown may be so or not.
func matches(golden, message string) bool {
	golden = strings.ReplaceAll(golden, "\n  … and ~~~ more", "~~~")
	parts := strings.Split(strings.TrimSpace(golden), "~~~")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(`(?s)^` + strings.Join(parts, ".*") + `$`).MatchString(strings.TrimSpace(message))
}
