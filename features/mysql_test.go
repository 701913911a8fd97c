package features_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

// TestOnMySQL runs the features of databases on a MariaDB server, and finds the same wrong applications there. What
// stands in its columns is read back as testdata/mysql says; names of scenarios there are as in TestVerdicts.
func TestOnMySQL(t *testing.T) {
	testenv.LongOnly(t, "starts a database server for each of its parts")
	testenv.EmbeddedOnly(t, "looks at what is written to databases")
	if _, err := database.FindMariaDB(t.Context()); err != nil {
		t.Skipf("features/database is not run on MySQL: %v", err)
	}
	besideOthers(t)
	backend := openCluster(t)
	t.Run("right", func(t *testing.T) {
		runner.Run(t, runner.Params{Paths: []string{"database"}, Cluster: testenv.Cluster(), Backend: backend,
			Await: time.Minute, Database: database.MySQL, References: reference.Applications(), Parallel: testenv.AtOnce(0)})
	})
	t.Run("values", func(t *testing.T) {
		results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{"testdata/mysql"}, Backend: backend,
			Await: time.Minute, Database: database.MySQL, Parallel: testenv.AtOnce(0)})
		if err != nil || len(results.Scenarios) == 0 {
			t.Fatalf("got %d scenarios (%v), want some of values", len(results.Scenarios), err)
		}
		for _, s := range results.Scenarios {
			judge(t, &s)
		}
	})
	files, err := filepath.Glob("mustfail/db-*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want wrong applications of databases", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			e := readEntry(t, file)
			e.database = database.MySQL
			mustFail(t, backend, file, e)
		})
	}
}
