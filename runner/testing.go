package runner

import (
	"context"
	"errors"
	"os"
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
	app.Main(p.lookup)
	os.Exit(m.Run())
}

// Run runs the features as subtests: one for each feature, and below it one for each scenario, so that `go test -run`
// can pick them. Scenarios run side by side, as many as `go test -parallel` allows, except those tagged @exclusive.
//
//	func TestFeatures(t *testing.T) { runner.Run(t, runner.Params{Paths: []string{"features"}}) }
func Run(t *testing.T, p Params) {
	t.Helper()
	r, scenarios, err := prepare(p)
	if err != nil {
		t.Fatalf("nothing was run:\n%v", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	t.Cleanup(func() { cancel(nil) })
	if deadline, ok := t.Deadline(); ok {
		timer := time.AfterFunc(time.Until(deadline)-testGrace,
			func() { cancel(errors.New("the deadline of go test is near; raise -timeout")) })
		t.Cleanup(func() { timer.Stop() })
	}
	collected := &collector{results: r.results()}
	t.Cleanup(func() { finish(t, r, collected) })
	t.Logf("seed %d, cluster %s", r.params.Seed, r.params.Cluster)
	for _, s := range r.leftOut {
		t.Logf("left out, as it is huge: %s", s)
	}
	for i := 0; i < len(scenarios); {
		end := i
		for end < len(scenarios) && scenarios[end].feature == scenarios[i].feature {
			end++
		}
		group := scenarios[i:end]
		t.Run(strings.TrimSuffix(group[0].feature.file[strings.LastIndexByte(group[0].feature.file, '/')+1:], ".feature"),
			func(t *testing.T) {
				for _, s := range group {
					for repeat := 1; repeat <= r.params.Repeat; repeat++ {
						t.Run(r.describe(s, repeat).Title(), func(t *testing.T) {
							if !s.exclusive() {
								t.Parallel()
							}
							r.subtest(ctx, t, s, repeat, collected)
						})
					}
				}
			})
		i = end
	}
}

// testGrace is left for ending applications and clusters before go test ends the process.
const testGrace = 10 * time.Second

// subtest runs one scenario as a test.
func (r *run) subtest(ctx context.Context, t *testing.T, s *scenario, repeat int, collected *collector) {
	result := r.runScenario(ctx, s, repeat)
	collected.add(result)
	for _, step := range result.Steps {
		for _, note := range step.Notes {
			t.Log(note)
		}
	}
	switch result.Status {
	case report.Passed:
	case report.NotApplicable:
		t.Skip(result.Failure.Message)
	default:
		t.Errorf("%s\n%s", result.Status, report.FailureText(result))
	}
}

// finish closes the cluster and writes the reports once every subtest has ended.
func finish(t *testing.T, r *run, collected *collector) {
	results := collected.results
	results.Cluster = r.clusterName()
	results.Duration = time.Since(results.Started)
	results.Sort()
	ctx := context.Background()
	if err := errors.Join(r.closeAll(ctx), r.writeReports(results)); err != nil {
		t.Error(err)
	}
}
