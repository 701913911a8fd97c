package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// commandVariable makes this test binary the command itself, for tests that need it as a process.
const commandVariable = "KAFKASPEC_TEST_COMMAND"

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	if os.Getenv(commandVariable) != "" {
		_ = os.Unsetenv(commandVariable) // its children are not the command
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}

// kafkaspec runs a command line in this process.
func kafkaspec(t *testing.T, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = execute(arguments, &console{ctx: context.Background(), stdout: &out, stderr: &problems})
	return code, out.String(), problems.String()
}
