package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// TestTutorials does what the tutorials say, as it stands: it writes the files that they name, changes them, runs the
// commands, and wants the output that they show, whatever its numbers are.
func TestTutorials(t *testing.T) {
	testenv.LongOnly(t, "does what the tutorials say, in four languages")
	testenv.Clients(t) // with them registries may be asked for more
	for _, test := range []struct {
		file  string
		needs []string
	}{
		{"tutorial.md", []string{"python3"}},
		{"tutorial-java.md", []string{"javac", "mvn"}},
		{"tutorial-node.md", []string{"node", "npm"}},
		{"tutorial-go.md", []string{"go"}},
	} {
		t.Run(test.file, func(t *testing.T) {
			for _, program := range append(test.needs, "bash", "kafkaspec") {
				if _, err := exec.LookPath(program); err != nil {
					t.Skipf("no %s here: %v", program, err)
				}
			}
			text, err := os.ReadFile(filepath.Join("..", "..", "docs", test.file))
			if err != nil {
				t.Fatal(err)
			}
			newReader(t).follow(fencesOf(string(text)))
		})
	}
}

// fence is a block of code, and the paragraph before it.
type fence struct{ language, before, text string }

var fences = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

func fencesOf(text string) (all []fence) {
	end := 0
	for _, at := range fences.FindAllStringSubmatchIndex(text, -1) {
		paragraphs := strings.Split(strings.TrimSpace(text[end:at[0]]), "\n\n")
		all = append(all, fence{text[at[2]:at[3]], paragraphs[len(paragraphs)-1], text[at[4]:at[5]]})
		end = at[1]
	}
	return all
}

// reader does what a tutorial says, in a folder of its own.
type reader struct {
	t      *testing.T
	home   string // what the shell is to know from one block to the next
	work   string // where it is
	output string // of the commands that came last
}

// newReader has the source of kafkaspec beside it, which one who begins has cloned.
func newReader(t *testing.T) *reader {
	t.Helper()
	source, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t: t, home: t.TempDir(), work: t.TempDir()}
	if err := os.Symlink(source, filepath.Join(r.work, "kafkaspec")); err != nil {
		t.Fatal(err)
	}
	return r
}

// fileNamed is the file that a paragraph is about: the name at the beginning of one of its lines.
var fileNamed = regexp.MustCompile("(?m)^`([\\w/-]+\\.\\w+)`(?: |:|,)")

// fileChanged is the file that a paragraph says is changed.
var fileChanged = regexp.MustCompile("In `([\\w/-]+\\.\\w+)`:$")

func (r *reader) follow(blocks []fence) {
	r.t.Helper()
	ran := 0
	for _, b := range blocks {
		name := fileNamed.FindStringSubmatch(b.before)
		switch {
		case b.language == "sh" && !strings.Contains(b.text, "git clone"):
			r.run(b.text)
			ran++
		case b.language == "text":
			r.compare(b.text)
		case b.language == "diff":
			r.change(fileChanged.FindStringSubmatch(b.before)[1], b.text)
		case b.language != "sh" && name != nil:
			r.write(name[1], b.text)
		}
	}
	if ran < 2 {
		r.t.Errorf("got %d blocks of commands, want 2 or more", ran)
	}
}

func (r *reader) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.work, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// change puts the lines with a plus in place of those with a minus.
func (r *reader) change(name, diff string) {
	r.t.Helper()
	var from, to strings.Builder
	for line := range strings.Lines(diff) {
		switch line[0] {
		case '-':
			from.WriteString(line[1:])
		case '+':
			to.WriteString(line[1:])
		}
	}
	text, err := os.ReadFile(filepath.Join(r.work, name))
	if err != nil {
		r.t.Fatal(err)
	}
	if strings.Count(string(text), from.String()) != 1 {
		r.t.Fatalf("%s does not have these lines once:\n%s", name, from.String())
	}
	r.write(name, strings.Replace(string(text), from.String(), to.String(), 1))
}

// run runs commands where those before have ended, with their variables.
func (r *reader) run(text string) {
	r.t.Helper()
	state, where := filepath.Join(r.home, "variables"), filepath.Join(r.home, "folder")
	script := "[ ! -e " + state + " ] || . " + state + "\nset -e\n" + text +
		"\nexport -p > " + state + "; pwd > " + where + "\n"
	command := exec.CommandContext(r.t.Context(), "bash", "-c", strings.ReplaceAll(script, "; echo \"exit code $?\"",
		" && code=$? || code=$?; echo \"exit code $code\"")) // which set -e would end
	command.Dir = r.work
	out, err := command.CombinedOutput()
	r.output = string(out)
	if err != nil {
		r.t.Fatalf("%s\n%v\n%s", text, err, out)
	}
	folder, err := os.ReadFile(where)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		r.t.Fatal(err)
	}
	r.work = strings.TrimSpace(string(folder))
}

var (
	digits = regexp.MustCompile(`[0-9][0-9.]*(ms|m[0-9.]+s|s)?`)
	blanks = regexp.MustCompile(`\s+`)
)

// compare wants each line that a tutorial shows in the output, whatever its numbers are.
func (r *reader) compare(want string) {
	r.t.Helper()
	for line := range strings.Lines(want) {
		if line = strings.TrimSpace(line); line == "…" {
			continue
		}
		pattern := regexp.QuoteMeta(digits.ReplaceAllString(line, "\x00"))
		pattern = strings.NewReplacer("\x00", `\S+`, "…", ".*").Replace(blanks.ReplaceAllString(pattern, `\s+`))
		if !regexp.MustCompile(pattern).MatchString(r.output) {
			r.t.Errorf("got no line like %q in:\n%s", line, r.output)
		}
	}
}
