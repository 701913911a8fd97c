package runner_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

const example = "../examples/own-steps"

// TestOwnSteps runs the module of the example as it stands: a feature, an application and steps of its own.
func TestOwnSteps(t *testing.T) {
	t.Parallel()
	testenv.LongOnly(t, "builds a module")
	goTool(t, "test", "-count=1", "./...")
}

// TestOwnStepsAreSmall holds down what a module with one feature and one application in Go has to compile.
func TestOwnStepsAreSmall(t *testing.T) {
	t.Parallel()
	const most = 130 // a user waits for each of them, and downloads what it is in
	packages := strings.Fields(goTool(t, "list", "-deps", "-test", "-f",
		"{{if not (or .Standard .ForTest)}}{{.ImportPath}}{{end}}", "."))
	if len(packages) < 50 || len(packages) > most {
		t.Errorf("got %d packages outside the standard library, want at most %d:\n%s", len(packages), most,
			strings.Join(packages, "\n"))
	}
}

// goTool runs the go tool in the example's module, with the versions of this one, so that nothing has to be fetched.
func goTool(t *testing.T, arguments ...string) string {
	t.Helper()
	sums := filepath.Join(t.TempDir(), "go.mod")
	module, err := os.ReadFile(filepath.Join(example, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	write(t, sums, strings.Replace(string(module), "=> ../..", "=> "+root, 1))
	known, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	write(t, strings.TrimSuffix(sums, "mod")+"sum", string(known))
	command := exec.Command("go", append([]string{arguments[0], "-mod=mod", "-modfile=" + sums}, arguments[1:]...)...)
	command.Dir, command.Env = example, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return string(output)
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
