package runner_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	codeSpan   = regexp.MustCompile("`([^`]+)`")
	aPath      = regexp.MustCompile(`^(pkg|steps|runner|features|cmd|docs|fixtures|internal|\.ci)/[\w./-]*$`)
	aName      = regexp.MustCompile(`^\*?([a-z]+\.)?[A-Za-z]\w*(\.[A-Z]\w*)?(\(.*\))?$`)
	lastName   = regexp.MustCompile(`(\w+)(\(.*\))?$`)
	word       = regexp.MustCompile(`\w+`)
	chosenTest = regexp.MustCompile(`-run '?([A-Za-z|]+)`)
)

// TestRecipesNameWhatIsThere holds the files, names and tests that CONTRIBUTING.md mentions against the repository.
func TestRecipesNameWhatIsThere(t *testing.T) {
	text, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	code := goCode(t)
	names := map[string]bool{}
	for _, name := range word.FindAllString(code, -1) {
		names[name] = true
	}
	checked := 0
	for _, span := range codeSpan.FindAllStringSubmatch(string(text), -1) {
		what := strings.Join(strings.Fields(span[1]), " ")
		switch {
		case aPath.MatchString(what):
			if _, err := os.Stat(filepath.Join("..", what)); err != nil {
				t.Errorf("got %s, which is not there; name what took its place", what)
			}
		case strings.HasSuffix(what, ".go") && !strings.ContainsAny(what, "</ "):
			if found, _ := filepath.Glob("../*/*/" + what); len(found) == 0 {
				t.Errorf("got %s, want a file with its folder; there is none of that name", what)
			}
		case strings.HasPrefix(what, "go test ") || strings.Contains(what, " go test "):
			for _, chosen := range chosenTest.FindAllStringSubmatch(what, -1) {
				for one := range strings.SplitSeq(chosen[1], "|") {
					if !regexp.MustCompile(`\nfunc (Test\w*` + one + `|` + one + `)`).MatchString(code) {
						t.Errorf("got %s, and no test has %s in its name", what, one)
					}
				}
			}
		case aName.MatchString(what):
			if name := lastName.FindStringSubmatch(what)[1]; !names[name] {
				t.Errorf("got %s, and no Go file has that name; name what took its place", what)
			}
		default:
			continue
		}
		checked++
	}
	if checked < 40 {
		t.Errorf("checked %d names of CONTRIBUTING.md, want 40 and more: it has changed its form", checked)
	}
}

// goCode is all of the repository's.
func goCode(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := fs.WalkDir(os.DirFS(".."), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || file == "runner/recipes_test.go" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join("..", file))
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
