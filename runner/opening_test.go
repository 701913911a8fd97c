package runner_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

const asksDatabase = `Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    And application "writer" is the reference "db-writer" in group "writers" reading "orders"
    When the record "x" is sent to "orders"
    Then the table "records" has 1 row
`

// A cluster, registry or database that takes a connection and never answers holds up nobody who ends the run.
func TestInterruptWhileOpening(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	folder, address := t.TempDir(), silent.Addr().String()
	file, profile := filepath.Join(folder, "a.feature"), filepath.Join(folder, "profile.yaml")
	for name, content := range map[string]string{file: asksDatabase,
		profile: fmt.Sprintf("clusters: {silent: {kind: external, addresses: [%q]}}\n", address)} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, p := range map[string]runner.Params{
		"cluster":  {Cluster: "silent", Profile: profile},
		"database": {Database: "postgres://me:secret@" + address + "/d"},
	} {
		t.Run(name, func(t *testing.T) {
			p.Paths, p.References = []string{file}, reference.Applications()
			ctx, interrupt := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := runner.Execute(ctx, p)
				ended <- err
			}()
			connection, err := silent.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			began := time.Now()
			interrupt()
			if err := <-ended; err == nil {
				t.Error("got no error, want one that says that the run was ended")
			}
			if took := time.Since(began); took > 5*time.Second { // of 10 s that an answer may take
				t.Errorf("got the end after %v, want it at once", took)
			}
		})
	}
}

// Ten thousand steps must not cost the square of that: the context of a step is not made of the last one's.
func TestStepsDoNotNestContexts(t *testing.T) {
	t.Parallel()
	var lengths []int
	depth := func(ctx context.Context) error {
		lengths = append(lengths, len(fmt.Sprint(ctx)))
		return nil
	}
	const many = 50
	feature := "Feature: f\n  Scenario: s\n" + strings.Repeat("    When it is done\n", many) +
		"    Then topic \"never\" is reached\n"
	_, err := lab{feature: feature, Params: runner.Params{Steps: does(depth)}}.execute(t)
	if err != nil || len(lengths) != many {
		t.Fatalf("got %d steps (%v), want %d", len(lengths), err, many)
	}
	if first, last := lengths[1], lengths[many-1]; last > first+first/2 {
		t.Errorf("got a context of %d characters in the last step and %d in the first, want the same", last, first)
	}
}
