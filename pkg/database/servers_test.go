package database_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

func TestMain(m *testing.M) {
	_ = mysql.SetLogger(&mysql.NopLogger{}) // connections are cut on purpose
	goleak.VerifyTestMain(withServers{m})
}

// withServers runs the tests, and closes the backends that they share. Nothing may be left of these.
type withServers struct{ tests *testing.M }

func (w withServers) Run() int {
	folder, err := os.MkdirTemp("", "databases-")
	if err == nil {
		err = errors.Join(os.Chmod(folder, 0o755), // the server may run as another user
			os.Setenv("TMPDIR", folder))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := w.tests.Run()
	for _, backend := range shared.backends {
		err = errors.Join(err, backend.Close(context.Background()))
	}
	left, _ := filepath.Glob(filepath.Join(folder, "kafkaspec-*"))
	if err = errors.Join(err, os.RemoveAll(folder)); err != nil || len(left) > 0 {
		fmt.Fprintf(os.Stderr, "got %v left (%v), want nothing\n", left, err)
		return cmp.Or(code, 1)
	}
	return code
}

// shared are the backends that this machine has, each started once. Every test opens databases of its own.
var shared struct {
	once     sync.Once
	backends map[string]database.Backend
	without  []error
	err      error
}

// backends are those this machine has.
func backends(t *testing.T) map[string]database.Backend {
	t.Helper()
	shared.once.Do(func() {
		shared.backends = map[string]database.Backend{}
		for _, choice := range []string{database.SQLite, database.Postgres, database.MySQL} {
			backend, err := database.New(context.Background(), choice, nil)
			switch {
			case err == nil:
				shared.backends[choice] = backend
			case outcome.IsEnvironment(err) && choice != database.SQLite && strings.Contains(err.Error(), "apt-get install"):
				shared.without = append(shared.without, fmt.Errorf("without %s: %w", choice, err))
			default:
				shared.err = errors.Join(shared.err, err)
			}
		}
	})
	for _, err := range shared.without {
		t.Log(err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.backends
}
