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

// layers from the bottom up. A folder imports itself and the layers below it, and no other of its own layer. Data is at
// the bottom: it is only embedded.
var layers = [][]string{
	{"fixtures"},
	{"features", "internal/browser"},
	{"pkg/await", "pkg/deadletter", "pkg/nearest"},
	{"pkg/topicconfig"},
	{"pkg/access", "pkg/child", "pkg/journal", "pkg/listen", "pkg/outcome", "pkg/screen", "pkg/source",
		"pkg/units"},
	{"internal/scratch", "pkg/document"},
	{"pkg/membership", "pkg/record", "pkg/schema", "pkg/stub", "pkg/wire"},
	{"pkg/app", "pkg/cloudevent", "pkg/cluster", "pkg/database", "pkg/verdict"},
	{"pkg/baseline", "pkg/reference", "pkg/registry"},
	{"pkg/bench", "pkg/world"},
	{"steps"},
	{"internal/glue", "runner"},
	{"cmd", "internal/mutants"},
}

// never names folders with what they must not import: a user's test compiles all that its runner imports.
var never = map[string][]string{
	"pkg/world": {"pkg/reference", "pkg/schema/protobuf"},
	"steps":     {"pkg/reference", "pkg/bench", "pkg/schema/protobuf"},
	"runner":    {"pkg/reference", "pkg/bench", "pkg/schema/protobuf"},
	// The reference applications are ordinary applications: they know the contract and nothing that observes them.
	"pkg/reference": {"pkg/await", "pkg/cluster", "pkg/database", "pkg/journal", "pkg/membership", "pkg/nearest",
		"pkg/record", "pkg/verdict", "pkg/wire"},
	"runner/report": {"pkg", "steps"},
}

// onlyIn names the folders that alone may import a module.
var onlyIn = map[string][]string{
	"github.com/cucumber/":               {"runner", "steps/internal"},
	"github.com/alecthomas/kong":         {"cmd"},
	"github.com/sourcegraph/jsonrpc2":    {"cmd"},
	"github.com/HdrHistogram":            {"pkg/reference"},
	"github.com/jackc/":                  {"cmd", "pkg/reference/dbwriter"},
	"github.com/go-sql-driver/":          {"cmd", "pkg/reference/dbwriter"},
	"github.com/prometheus/":             {"pkg/reference/lagmonitor"},
	"modernc.org/":                       {"cmd", "pkg/reference/dbwriter"},
	"github.com/hamba/avro":              {"pkg/schema"},
	"github.com/bufbuild/":               {"pkg/schema/protobuf"},
	"google.golang.org/protobuf":         {"pkg/schema/protobuf"},
	"github.com/twmb/franz-go/pkg/kfake": {"pkg/cluster"},
	"github.com/chromedp/":               {}, // tests only
}

// language are the folders of the language of steps, and kafka is what they must not import.
var (
	language = []string{"steps", "steps/phrase"}
	kafka    = []string{"github.com/twmb/", module + "/pkg/cluster", module + "/pkg/wire", module + "/pkg/verdict"}
)

// servesTests are folders that only tests import: they may import what a test may.
var servesTests = []string{"internal/browser", "internal/testenv", "pkg/reference/internal/lab"}

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
		if entry.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata" ||
			name == "examples") { // examples are modules of their own
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
	if slices.Contains(language, folder) && !test && slices.ContainsFunc(kafka,
		func(k string) bool { return strings.HasPrefix(imported, k) }) {
		return fmt.Errorf("%s imports %s, but the language of steps knows nothing of Kafka; move it to steps/builtin", file,
			imported)
	}
	target, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return nil
	}
	at, below := layer(folder), layer(target)
	switch {
	case at < 0 || below < 0:
		return fmt.Errorf("%s imports %s: put both folders into the layers of this test", file, imported)
	case test && within(folder, "pkg") && within(target, "pkg"):
		return nil // a test may set up what its package knows nothing of
	case below > at || below == at && !sharesFolder(layers[at], folder, target):
		return fmt.Errorf("%s imports %s, against the arrows; move what both need down", file, imported)
	case test:
		return nil
	case slices.Contains(servesTests, target):
		return fmt.Errorf("%s imports %s, which serves tests only", file, imported)
	}
	for promised, refused := range never {
		if within(folder, promised) && slices.ContainsFunc(refused, func(f string) bool { return within(target, f) }) {
			return fmt.Errorf("%s imports %s, want nothing of this module in %s of %s", file, imported, promised,
				strings.Join(refused, ", "))
		}
	}
	return nil
}

// sharesFolder says whether two packages are in the same folder of a layer.
func sharesFolder(layer []string, one, other string) bool {
	return slices.ContainsFunc(layer, func(f string) bool { return within(one, f) && within(other, f) })
}

func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}

// layer is -1 for a folder that is in none. What serves tests stands with the data.
func layer(folder string) int {
	at := slices.IndexFunc(layers, func(names []string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return within(folder, name) })
	})
	if at < 0 && within(folder, "internal") {
		return 0
	}
	return at
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
		{"steps/match.go", module + "/pkg/wire", false},
		{"steps/phrase/param.go", "github.com/twmb/franz-go/pkg/kerr", false},
		{"steps/builtin/faults.go", module + "/pkg/wire", true},
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
		{"pkg/reference/internal/lab/lab.go", "github.com/twmb/franz-go/pkg/kfake", true},
		{"pkg/reference/internal/lab/lab.go", module + "/steps", false},
		{"pkg/reference/dlqconsumer/run.go", module + "/pkg/reference/internal/lab", false},
		{"pkg/reference/dlqconsumer/run_test.go", module + "/pkg/reference/internal/lab", true},
		{"pkg/wire/proxy.go", module + "/internal/testenv", false},
		{"pkg/app/app.go", module + "/pkg/access", true},
		{"pkg/app/app.go", module + "/pkg/cluster", false},
		{"pkg/access/access.go", module + "/pkg/app", false},
		{"pkg/wire/wire.go", module + "/pkg/record", false},
		{"pkg/world/world.go", module + "/pkg/verdict", true},
		{"pkg/world/world.go", module + "/pkg/reference", false},
		{"runner/params.go", module + "/pkg/reference", false},
		{"runner/params.go", module + "/pkg/bench", false},
		{"runner/params.go", module + "/pkg/schema/protobuf", false},
		{"runner/params.go", "modernc.org/sqlite", false},
		{"pkg/database/sqlite.go", "modernc.org/sqlite", false},
		{"pkg/database/mysql.go", "github.com/go-sql-driver/mysql", false},
		{"cmd/kafkaspec/main.go", "github.com/go-sql-driver/mysql", true},
		{"cmd/kafkaspec/main.go", "modernc.org/sqlite", true},
		{"runner/page/page.go", module + "/pkg/membership", true},
		{"runner/page/page.go", "github.com/chromedp/chromedp", false},
		{"runner/page/browser_test.go", "github.com/chromedp/chromedp", true},
		{"pkg/clusters/x.go", "github.com/twmb/franz-go/pkg/kfake", false},
		{"features/features.go", module + "/runner", false},
	} {
		if err := arrow(c.file, c.imported); (err == nil) != c.allowed {
			t.Errorf("%s imports %s: got %v, want allowed %v", c.file, c.imported, err, c.allowed)
		}
	}
}
