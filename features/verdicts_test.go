package features_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// verdictsAtOnce is how many files of features run at a time.
const verdictsAtOnce = 4

// TestVerdicts runs small scenarios on applications in other languages and on histories made by hand. The name of a
// scenario says what it is of: RIGHT must pass; WRONG must fail, or be inconclusive or refused, and if its name has:
// says "…", then with that in its message. Their journals must tell the same. Those tagged @embedded show nothing that
// another cluster does in a known time. Files tagged @kafka need what the embedded broker does not do, those tagged
// @any-cluster hold what an application wrote and said against what it was given, which is the same on every broker.
func TestVerdicts(t *testing.T) {
	testenv.LongOnly(t, "judges a hundred scenarios of other programs")
	python := testenv.Python(t, "kafka, confluent_kafka", "kafka-python, confluent-kafka")
	t.Setenv("PATH", filepath.Dir(python)+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Chdir("testdata/verdicts") // commands name their programs from there
	cases, err := filepath.Glob("*/*.feature")
	if err != nil || len(cases) == 0 {
		t.Fatalf("got %d features (%v), want some in testdata/verdicts", len(cases), err)
	}
	slices.SortStableFunc(cases, func(a, b string) int { return cmp.Compare(beginsAt(a), beginsAt(b)) })
	backend := openCluster(t)
	run, wait := sideBySide(t, verdictsAtOnce)
	defer wait()
	for _, file := range cases {
		run(strings.TrimSuffix(filepath.ToSlash(file), ".feature"), func(t *testing.T) { runVerdicts(t, backend, file) })
	}
}

// beginsAt has what takes longest begin first: nothing else waits for it in the end.
func beginsAt(file string) int {
	if strings.HasPrefix(filepath.ToSlash(file), "many-facts/") {
		return 0
	}
	return 1
}

func runVerdicts(t *testing.T, backend cluster.Backend, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(string(text), "@any-cluster\n") {
		testenv.EmbeddedOnly(t, "does not depend on the broker")
	}
	if strings.HasPrefix(string(text), "@kafka\n") && testenv.Cluster() == "" {
		t.Skip("the embedded broker keeps all records; KAFKASPEC_CLUSTER=local:3 runs it on Apache Kafka")
	}
	params := runner.Params{
		Paths: []string{file}, Backend: backend, Await: 10 * time.Second, Parallel: fewer(6),
		References: reference.Applications(), Report: t.TempDir(),
	}
	if path := filepath.Join(filepath.Dir(file), "kafkaspec.yaml"); exists(path) {
		params.Profile = path
	}
	if testenv.Cluster() != "" {
		params.Tags = "not @embedded"
	}
	results, err := runner.Execute(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range results.Scenarios {
		judge(t, &s)
	}
	judgeAgain(t, params.Report)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func judge(t *testing.T, s *report.Scenario) {
	t.Helper()
	wrong := strings.HasPrefix(s.Name, "WRONG")
	switch {
	case !wrong && !strings.HasPrefix(s.Name, "RIGHT"):
		t.Errorf("%s: want a name that begins with RIGHT or WRONG", s.Name)
	case wrong && s.Status != report.Failed && s.Status != report.Inconclusive && s.Status != report.Refused:
		t.Errorf("%s: got %s, want it to fail, or to be inconclusive or refused", s.Name, s.Status)
	case wrong && !strings.Contains(report.FailureText(*s), wantedMessage(s.Name)):
		t.Errorf("%s: got another message, want one that says %q\n%s", s.Name, wantedMessage(s.Name), report.FailureText(*s))
	case !wrong && s.Status != report.Passed:
		t.Errorf("%s: got %s, want it to pass\n%s", s.Name, s.Status, report.FailureText(*s))
	}
}

// wantedMessage is what a scenario's name says that its message holds; empty where it says nothing of that.
func wantedMessage(name string) string {
	_, rest, _ := strings.Cut(name, `says "`)
	text, _, _ := strings.Cut(rest, `"`)
	return text
}
