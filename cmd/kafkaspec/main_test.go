package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestMain lets this test binary be an application under test, and the command itself for what runs "kafkaspec".
func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	testscript.Main(leakTested{m}, map[string]func(){"kafkaspec": main})
}

type leakTested struct{ m *testing.M }

func (l leakTested) Run() (code int) {
	_ = os.Unsetenv("GITHUB_ACTIONS") // what fails here on purpose is no failure of the job
	goleak.VerifyTestMain(testenv.Patient{Tests: l.m}, goleak.Cleanup(func(exit int) { code = exit }))
	return code
}

// kafkaspec runs a command line in this process.
func kafkaspec(t *testing.T, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = execute(arguments, &console{ctx: context.Background(), stdout: &out, stderr: &problems})
	return code, out.String(), problems.String()
}
