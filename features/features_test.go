package features_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(testenv.Patient{Tests: closing{m}})
}

// TestFeatures runs the built-in features, as `kafkaspec run` does, and judges their journals again.
func TestFeatures(t *testing.T) {
	tags := ""
	if testing.Short() {
		tags = "not @heavy"
		t.Log("a million events are left out with -short: other scenarios do the same with fewer")
	}
	folder := t.TempDir()
	runner.Run(t, runner.Params{
		Cluster: testenv.Cluster(), Backend: openCluster(t), Registry: testenv.Registry(),
		Database: testenv.Database(), Progress: os.Stderr, References: reference.Applications(), Parallel: testenv.AtOnce(0),
		Report: folder, Tags: tags, Await: 30 * time.Second, // the machine may be busy
	})
	t.Run("judged again", func(t *testing.T) {
		if judgeAgain(t, folder) == 0 {
			t.Error("got no scenario judged again")
		}
	})
}

// shared is the cluster of all tests here: to start three brokers takes longer than most of the tests.
var shared = sync.OnceValues(func() (cluster.Backend, error) {
	return runner.Open(context.Background(), runner.Params{Cluster: testenv.Cluster(), Progress: os.Stderr})
})

// openCluster returns the cluster of the tests, which is started when the first one needs it.
func openCluster(t *testing.T) cluster.Backend {
	t.Helper()
	opened.Store(true)
	backend, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return backend
}

// opened is set once a test has asked for the cluster.
var opened atomic.Bool

// closing ends the cluster when all tests are over, before it is looked whether anything is left.
type closing struct{ *testing.M }

func (c closing) Run() int {
	code := c.M.Run()
	if opened.Load() {
		backend, err := shared()
		if err == nil {
			err = backend.Close(context.Background())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "the cluster of the tests:", err)
			code = max(code, 1)
		}
	}
	return code
}
