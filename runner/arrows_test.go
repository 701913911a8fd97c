package runner_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/kafkaspec/kafkaspec"

// layers from the bottom up. A package imports its own layer and those below it. Data is at the bottom: it is only
// embedded.
var layers = []string{"fixtures", "features", "pkg", "steps", "runner", "cmd"}

// allowedBelow narrows that for folders that promise more.
var allowedBelow = map[string][]string{
	"fixtures":      {"fixtures"},
	"features":      {"features"},
	"pkg/nearest":   {},
	"pkg/await":     {"pkg/await"},
	"pkg/journal":   {"pkg/journal", "pkg/await"},
	"runner/report": {"runner/report"},
	// The reference applications are ordinary applications: they know the contract and nothing that observes them.
	"pkg/reference": {"pkg/app", "pkg/access", "pkg/reference", "pkg/schema"},
}

// onlyIn names the folders that alone may import a module.
var onlyIn = map[string][]string{
	"github.com/cucumber/":               {"runner", "steps/internal"},
	"github.com/alecthomas/kong":         {"cmd"},
	"github.com/hamba/avro":              {"pkg/schema"},
	"github.com/twmb/franz-go/pkg/kfake": {"pkg/cluster"},
}

// servesTests are folders that only tests import: they may import what a test may.
var servesTests = []string{"internal/testenv", "pkg/reference/internal/chaos", "pkg/reference/internal/lab"}

// TestArrows holds every import of the repository against the layers. A test in a package of its own (x_test) stands
// above x, as any user of x does, and may import what it likes; a test within its package keeps to the layers.
func TestArrows(t *testing.T) {
	root := ".."
	files := 0
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		files++
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if strings.HasSuffix(parsed.Name.Name, "_test") {
				continue
			}
			if err := arrow(relative, imported); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("got %d Go files, want the whole repository to be looked at", files)
	}
}

// arrow says what is wrong with a file importing a package.
func arrow(file, imported string) error {
	folder := path.Dir(file)
	test := strings.HasSuffix(file, "_test.go") || slices.Contains(servesTests, folder)
	for prefix, folders := range onlyIn {
		if strings.HasPrefix(imported, prefix) && !test && !slices.ContainsFunc(folders,
			func(f string) bool { return within(folder, f) }) {
			return fmt.Errorf("%s imports %s, which only %s may; move what needs it there", file, imported,
				strings.Join(folders, " and "))
		}
	}
	target, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return nil
	}
	if layer(target) > layer(folder) {
		return fmt.Errorf("%s imports %s, against the arrows: %s; move what both need down", file, imported,
			strings.Join(layers, " <- "))
	}
	if slices.Contains(servesTests, target) && !test {
		return fmt.Errorf("%s imports %s, which serves tests only", file, imported)
	}
	for promised, allowed := range allowedBelow {
		if within(folder, promised) && !test && !slices.ContainsFunc(allowed,
			func(f string) bool { return within(target, f) }) {
			return fmt.Errorf("%s imports %s, want nothing of this module in %s but %s", file, imported, promised,
				strings.Join(allowed, ", "))
		}
	}
	return nil
}

func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}

func layer(folder string) int {
	return slices.IndexFunc(layers, func(name string) bool { return within(folder, name) })
}

// TestArrowCatches makes sure that the rules bite.
func TestArrowCatches(t *testing.T) {
	for _, c := range []struct {
		file, imported string
		allowed        bool
	}{
		{"cmd/kafkaspec/main.go", module + "/runner", true},
		{"runner/run.go", module + "/cmd/kafkaspec", false},
		{"steps/topics.go", module + "/runner", false},
		{"steps/topics.go", module + "/pkg/await", true},
		{"steps/topics.go", "github.com/cucumber/godog", false},
		{"runner/engine.go", "github.com/cucumber/godog", true},
		{"pkg/record/record.go", "github.com/cucumber/messages/go/v21", false},
		{"pkg/record/record.go", module + "/steps", false},
		{"pkg/record/record_test.go", module + "/steps", false},
		{"pkg/reference/dlqconsumer/run.go", module + "/pkg/app", true},
		{"pkg/reference/dlqconsumer/run.go", module + "/pkg/journal", false},
		{"pkg/reference/dlqconsumer/run.go", module + "/pkg/cluster", false},
		{"pkg/reference/dlqconsumer/run.go", "github.com/twmb/franz-go/pkg/kfake", false},
		{"pkg/reference/dlqconsumer/run_test.go", "github.com/twmb/franz-go/pkg/kfake", true},
		{"pkg/reference/internal/chaos/fleet.go", module + "/pkg/cluster", true},
		{"pkg/reference/internal/chaos/fleet.go", module + "/steps", false},
		{"pkg/reference/dlqconsumer/run.go", module + "/pkg/reference/internal/chaos", false},
		{"pkg/reference/dlqconsumer/run_test.go", module + "/pkg/reference/internal/chaos", true},
		{"pkg/reference/internal/chaos/fleet.go", module + "/internal/testenv", true},
		{"pkg/wire/proxy.go", module + "/internal/testenv", false},
		{"pkg/clusters/x.go", "github.com/twmb/franz-go/pkg/kfake", false},
		{"features/features.go", module + "/runner", false},
	} {
		if err := arrow(c.file, c.imported); (err == nil) != c.allowed {
			t.Errorf("%s imports %s: got %v, want allowed %v", c.file, c.imported, err, c.allowed)
		}
	}
}
