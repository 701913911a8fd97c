package runner_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// A cluster that cannot be reached is told once, and no scenario is blamed for it.
func TestUnreachableCluster(t *testing.T) {
	t.Parallel()
	profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	if err := os.WriteFile(profile, []byte("clusters:\n  gone:\n    kind: external\n    addresses: [127.0.0.1:1]\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	results, err := lab{feature: doOnce, Params: runner.Params{
		Cluster: "gone", Profile: profile, Steps: does(func(context.Context) error { return nil }),
	}}.execute(t)
	if !outcome.IsEnvironment(err) || len(results.Scenarios) != 0 {
		t.Errorf("got %v and %d scenarios, want an environment error and none", err, len(results.Scenarios))
	}
}

// dying is an embedded cluster that reports a dead broker once it is told to.
type dying struct {
	cluster.Backend
	dead atomic.Bool
}

func (d *dying) Health() error {
	if d.dead.Load() {
		return errors.New("broker 0 ended by SIGKILL")
	}
	return nil
}

// A broker that dies ends the run soon, and nothing is blamed on the application: neither one that waits for it, nor
// one that fails before anybody has looked at the broker.
func TestClusterDies(t *testing.T) {
	t.Parallel()
	for name, meets := range map[string]func(context.Context) error{
		"waits":    func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"fails":    func(context.Context) error { return errors.New("connection refused") },
		"is final": func(context.Context) error { return world.Final(errors.New("connection refused")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			backend := &dying{Backend: cluster.NewEmbedded(cluster.EmbeddedOptions{})}
			s := lab{feature: doOnce, Params: runner.Params{
				Backend: backend, StepDeadline: time.Minute,
				Steps: does(func(ctx context.Context) error { backend.dead.Store(true); return meets(ctx) }),
			}}.one(t, report.Inconclusive, "broker 0 ended by SIGKILL")
			if got := s.Steps[0].Status; got != report.Inconclusive {
				t.Errorf("got step %s, want it inconclusive too", got)
			}
		})
	}
}

const usesDatabase = `Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    When it is done
    Then every record of "orders" has at most one row in table "records"
`

const usesRegistry = `Feature: f
  Scenario: s
    Given topic "users" with 1 partition
    And these records are in "users" encoded by schema "user-v1":
      | key | value.id | value.age |
      | u1  | u1       | 30        |
    When it is done
    Then "users" contains exactly 1 record of schema version 1
`

// withDatabase does something once the scenario has its database.
func withDatabase(do func(*database.Database) error) func(context.Context) error {
	return func(ctx context.Context) error { return world.FromContext(ctx).WithDatabase(ctx, do) }
}

// The folder of a database that takes no file any more is the environment's fault, whatever the application makes of
// it.
func TestDatabaseFolderFails(t *testing.T) {
	t.Parallel()
	fails := withDatabase(func(d *database.Database) error {
		folder := filepath.Dir(strings.TrimPrefix(d.URL, "sqlite:///"))
		return errors.Join(os.RemoveAll(folder), errors.New("disk I/O error"))
	})
	results, err := lab{feature: usesDatabase, Params: runner.Params{Steps: does(fails)}}.execute(t)
	if !outcome.IsEnvironment(err) || !strings.Contains(fmt.Sprint(err), "takes no file any more") {
		t.Errorf("got %v, want an error of the environment that says so", err)
	}
	if len(results.Scenarios) != 1 || results.Scenarios[0].Status != report.Inconclusive {
		t.Errorf("got %+v, want one inconclusive scenario", results.Scenarios)
	}
}

// deathMark is in the environment of what this test starts, so that it kills nobody else's.
const deathMark = "KAFKASPEC_TEST_DEATH"

// killYoungest finds the process of a name that this test started last, and ends it as the kernel does that is out of
// memory.
func killYoungest(name string) error {
	mark := fmt.Sprintf("%s=%d", deathMark, os.Getpid())
	files, _ := filepath.Glob("/proc/[0-9]*/comm")
	found := 0
	for _, file := range files {
		folder := filepath.Dir(file)
		comm, err := os.ReadFile(file)
		environ, environErr := os.ReadFile(filepath.Join(folder, "environ"))
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if errors.Join(err, environErr) == nil && strings.TrimSpace(string(comm)) == name &&
			strings.Contains(string(environ), mark) {
			found = max(found, pid)
		}
	}
	if found == 0 {
		return fmt.Errorf("no process %s", name)
	}
	return errors.Join(syscall.Kill(found, syscall.SIGKILL), errors.New("connection reset by peer"))
}

// Servers that kafkaspec started and that die are not the application's fault. PostgreSQL goes on when one of its
// processes dies, with all connections cut. Either is said once.
func TestServersDie(t *testing.T) {
	testenv.NeedLocal(t, "PostgreSQL, MariaDB and Apicurio Registry, to kill them")
	t.Setenv(deathMark, strconv.Itoa(os.Getpid()))
	for name, c := range map[string]struct {
		feature, want string
		kill          func(context.Context) error
		params        runner.Params
	}{
		"database": {usesDatabase, "the PostgreSQL that kafkaspec started ended by SIGKILL; it wrote last:",
			withDatabase(func(*database.Database) error { return killYoungest("postgres") }),
			runner.Params{Database: database.Postgres}},
		"MariaDB": {usesDatabase, "the MariaDB that kafkaspec started ended by SIGKILL; it wrote last:",
			withDatabase(func(*database.Database) error { return killYoungest("mariadbd") }),
			runner.Params{Database: database.MySQL}},
		"a process of the database": {usesDatabase, "the PostgreSQL that kafkaspec started has failed; it wrote last:",
			withDatabase(func(d *database.Database) error {
				pid := 0
				if err := d.DB.QueryRow("SELECT pg_backend_pid()").Scan(&pid); err != nil {
					return err
				}
				return errors.Join(syscall.Kill(pid, syscall.SIGKILL), errors.New("connection reset by peer"))
			}), runner.Params{Database: database.Postgres}},
		"registry": {usesRegistry, "ended by SIGKILL; it wrote last:",
			func(context.Context) error { return killYoungest("java") }, runner.Params{Registry: "local"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.params.Steps = does(c.kill)
			results, err := lab{feature: c.feature, Params: c.params}.execute(t)
			if !outcome.IsEnvironment(err) || !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("got %v, want an error of the environment with %q", err, c.want)
			}
			if err != nil && strings.Count(err.Error(), c.want) != 1 {
				t.Errorf("got %v, want it to be said once", err)
			}
			if len(results.Scenarios) != 1 || results.Scenarios[0].Status != report.Inconclusive {
				t.Errorf("got %+v, want one inconclusive scenario", results.Scenarios)
			}
		})
	}
}
