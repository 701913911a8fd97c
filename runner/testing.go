package runner

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
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

// Run runs the features as subtests: one for each feature, and below it one for each scenario, so that `go test -run`
// can pick them. Scenarios run side by side, as many as Params.Parallel says, and those tagged @exclusive alone after
// the others.
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
	r.subtests(ctx, t, scenarios, collected)
}

// subtests runs each feature and scenario as a test, as many at once as Params.Parallel says. It does not leave that to
// t.Parallel, which knows no more than one for each core, and ends a feature before it begins the next: scenarios wait
// most of their time.
func (r *run) subtests(ctx context.Context, t *testing.T, scenarios []*scenario, collected *collector) {
	names := featureNames(scenarios)
	places := make(chan struct{}, r.params.Parallel)
	var features, together sync.WaitGroup
	var alone sync.Mutex
	subtest := func(t *testing.T, s *scenario) {
		for repeat := 1; repeat <= r.params.Repeat; repeat++ {
			t.Run(r.describe(s, repeat).Title(), func(t *testing.T) { r.subtest(ctx, t, s, repeat, collected) })
		}
	}
	groups := byFeature(scenarios)
	together.Add(len(groups))
	for _, group := range groups {
		features.Go(func() {
			shared := sync.OnceFunc(together.Done)
			defer shared()
			t.Run(names[group[0].feature], func(t *testing.T) {
				var running sync.WaitGroup
				for _, s := range group {
					if !s.exclusive() {
						running.Go(func() {
							places <- struct{}{}
							defer func() { <-places }()
							subtest(t, s)
						})
					}
				}
				running.Wait()
				shared()
				for _, s := range group {
					if s.exclusive() {
						together.Wait()
						alone.Lock()
						subtest(t, s)
						alone.Unlock()
					}
				}
			})
		})
	}
	features.Wait()
}

// byFeature groups scenarios, which come in the order of their features.
func byFeature(scenarios []*scenario) (groups [][]*scenario) {
	for i, s := range scenarios {
		if i == 0 || s.feature != scenarios[i-1].feature {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], s)
	}
	return groups
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
