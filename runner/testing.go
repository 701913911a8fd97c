package runner

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// Main is for TestMain: it lets the test binary be started again as one of the applications, and runs the tests
// otherwise.
//
//	func TestMain(m *testing.M) { runner.Main(m, runner.Params{Applications: mine}) }
//
// It does not return.
func Main(m *testing.M, p Params) {
	app.Main(func(name string) (app.Func, bool) { f, ok := p.references()[name]; return f, ok })
	os.Exit(m.Run())
}

// Run runs the features as subtests, one for each scenario, which is called as its feature and itself, so that
// `go test -run TestFeatures/orders` picks those of orders.feature. Scenarios run side by side, as many as
// Params.Parallel says, and those tagged @exclusive alone after the others.
//
//	func TestFeatures(t *testing.T) { runner.Run(t, runner.Params{Paths: []string{"features"}}) }
func Run(t *testing.T, p Params) {
	t.Helper()
	r, scenarios, err := prepare(p)
	if err != nil {
		t.Fatalf("nothing was run:\n%v", err)
	}
	ctx := context.Background()
	if deadline, ok := t.Deadline(); ok {
		var cancel func()
		ctx, cancel = context.WithDeadlineCause(ctx, deadline.Add(-testGrace),
			errors.New("the deadline of go test is near; raise -timeout"))
		defer cancel()
	}
	t.Logf("seed %d, cluster %s", r.params.Seed, r.params.Cluster)
	for _, s := range r.leftOut {
		t.Logf("left out, as it is huge: %s", s)
	}
	names := featureNames(scenarios)
	r.again = func(s *scenario) string {
		return goTest(t.Name() + "/" + names[s.feature] + "/" + r.describe(s, 0).Title())
	}
	// Not by t.Parallel, which knows no more than one for each core: scenarios wait most of their time.
	if _, err := r.execute(ctx, scenarios, func(s *scenario, repeat int, run func() report.Scenario) {
		t.Run(names[s.feature]+"/"+r.describe(s, repeat).Title(), func(t *testing.T) { show(t, &r.redactor, run()) })
	}); err != nil {
		t.Error(err)
	}
}

// goTest is the command that runs one subtest.
func goTest(name string) string {
	parts := strings.Split(strings.ReplaceAll(name, " ", "_"), "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return "go test -run " + quoted(strings.Join(parts, "/"))
}

// testGrace is left for ending applications and clusters before go test ends the process.
const testGrace = 10 * time.Second

// show makes a scenario's result that of its test.
func show(t *testing.T, secrets *report.Redactor, result report.Scenario) {
	for _, step := range result.Steps {
		for _, note := range step.Notes {
			t.Log(secrets.Text(note))
		}
	}
	switch result.Status {
	case report.Passed:
	case report.NotApplicable:
		t.Skip(secrets.Text(result.Failure.Message))
	default:
		t.Errorf("%s\n%s", result.Status, secrets.Text(report.FailureText(result)))
	}
}

// featureNames names each feature by its file within the folder that holds them all.
func featureNames(scenarios []*scenario) map[*feature]string {
	names := map[*feature]string{}
	common := ""
	for i, s := range scenarios {
		folder := s.feature.file[:strings.LastIndexByte(s.feature.file, '/')+1]
		if i == 0 {
			common = folder
		}
		for !strings.HasPrefix(folder, common) {
			common = common[:strings.LastIndexByte(strings.TrimSuffix(common, "/"), '/')+1]
		}
	}
	for _, s := range scenarios {
		names[s.feature] = strings.TrimSuffix(strings.TrimPrefix(s.feature.file, common), ".feature")
	}
	return names
}
