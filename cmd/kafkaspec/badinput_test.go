package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// archive is one case of testdata/badinput: sections that each begin with a line "-- name --", after a comment.
type archive struct {
	comment  string
	names    []string // in their order
	sections map[string]string
}

// The sections that are no input files.
const (
	argsSection   = "args"   // the command line, one argument a line
	envSection    = "env"    // NAME=value a line
	bytesSection  = "bytes"  // "file form form" a line: what cannot be written down in a text file; see forms
	exitSection   = "exit"   // the exit code
	outputSection = "output" // what is shown, on stderr and stdout; ~~~ stands for what varies
)

var sectionLine = regexp.MustCompile(`(?m)^-- (\S+) --\n`)

func parseArchive(text string) archive {
	a := archive{sections: map[string]string{}}
	places := sectionLine.FindAllStringSubmatchIndex(text, -1)
	for i, place := range places {
		if i == 0 {
			a.comment = text[:place[0]]
		}
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		name := text[place[2]:place[3]]
		a.names = append(a.names, name)
		a.sections[name] = text[place[1]:end]
	}
	return a
}

// put sets a section, and adds it at the end where there is none.
func (a *archive) put(name, text string) {
	if _, ok := a.sections[name]; !ok {
		a.names = append(a.names, name)
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	a.sections[name] = text
}

func (a *archive) String() string {
	var b strings.Builder
	b.WriteString(a.comment)
	for _, name := range a.names {
		b.WriteString("-- " + name + " --\n" + a.sections[name])
	}
	return b.String()
}

func (a *archive) lines(section string) []string {
	if a.sections[section] == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(a.sections[section], "\n"), "\n")
}

// forms are what a file of a case can be turned into before the command reads it.
var forms = map[string]func(string) string{
	"bom":  func(text string) string { return "\uFEFF" + text },
	"crlf": func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
	"wide": func(text string) string { return strings.ReplaceAll(text, "~~~wide~~~", strings.Repeat("x", 1<<20)) },
	"hex": func(text string) string {
		b, _ := hex.DecodeString(strings.ReplaceAll(text, "\n", ""))
		return string(b)
	},
	"utf-16": func(text string) string {
		b := []byte{0xff, 0xfe}
		for _, unit := range utf16.Encode([]rune(text)) {
			b = append(b, byte(unit), byte(unit>>8))
		}
		return string(b)
	},
	"latin-1": func(text string) string {
		var b []byte
		for _, r := range text {
			b = append(b, byte(r))
		}
		return string(b)
	},
}

// unreadable is the form of a file or folder that nobody may read.
const unreadable = "unreadable"

// write puts the case's input files into the folder.
func (a *archive) write(t *testing.T, folder string) {
	t.Helper()
	for _, name := range a.names {
		switch name {
		case argsSection, envSection, bytesSection, exitSection, outputSection:
			continue
		}
		path, text := filepath.Join(folder, name), a.sections[name]
		for _, form := range a.formsOf(name) {
			if change, ok := forms[form]; ok {
				text = change(text)
			}
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range a.lines(bytesSection) {
		if name, form, _ := strings.Cut(line, " "); form == unreadable {
			path := filepath.Join(folder, name)
			if err := os.Chmod(path, 0); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(path, 0o700) }) // so that it can be removed
		}
	}
}

func (a *archive) formsOf(name string) []string {
	for _, line := range a.lines(bytesSection) {
		if words := strings.Fields(line); words[0] == name {
			return words[1:]
		}
	}
	return nil
}

// TestBadInputFiles runs each case of testdata/badinput as a process of its own, in a folder of its own, and compares
// all it says.
func TestBadInputFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/badinput/*.txtar")
	if err != nil || len(files) < 45 {
		t.Fatalf("got %d cases (%v), want at least 45", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCase(t, file)
		})
	}
}

func runCase(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := parseArchive(string(text))
	if os.Getuid() == 0 && strings.Contains(a.sections[bytesSection], unreadable) {
		t.Skip("root may read everything; run as another user")
	}
	folder := t.TempDir()
	a.write(t, folder)
	code, output := a.command(t, folder, a.lines(argsSection))
	if *update && (a.sections[exitSection] != code || !says(output, a.sections[outputSection])) {
		a.put(exitSection, code)
		a.put(outputSection, vague(output))
		if err := os.WriteFile(file, []byte(a.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := a.sections[exitSection]; code != want {
		t.Errorf("got exit code %swant %s", code, want)
	}
	if want := a.sections[outputSection]; !says(output, want) {
		t.Errorf("(-want +got); if the new text is right, run make golden\n%s", cmp.Diff(want, vague(output)))
	}
	if line := a.lines(argsSection); strings.HasPrefix(code, "2") && line[0] == "run" &&
		!strings.Contains(a.sections[argsSection], "--cluster") {
		localCode, localOutput := a.command(t, folder, append([]string{"run", "--cluster=local:3"}, line[1:]...))
		if localCode != code || localOutput != output {
			t.Errorf("with --cluster local:3 got exit code %s(-without +with)\n%s", localCode, cmp.Diff(output, localOutput))
		}
	}
}

// command runs the command line in the folder. What a local cluster is started with leaves a trace, and fails the test.
func (a *archive) command(t *testing.T, folder string, arguments []string) (code, output string) {
	t.Helper()
	programs, trace := t.TempDir(), filepath.Join(t.TempDir(), "started")
	for _, name := range []string{"java", "mvn"} {
		script := "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \"21.0.1\"' >&2; exit; fi\necho \"$0 " +
			"$*\" >>'" + trace + "'\nexit 1\n"
		if err := os.WriteFile(filepath.Join(programs, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0], arguments...)
	command.Dir = folder
	command.Env = append([]string{
		commandVariable + "=1", "PATH=" + programs + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + os.DevNull,
		"TMPDIR=" + t.TempDir(),
		"KAFKA_HOME=" + t.TempDir(), "KAFKASPEC_CACHE=" + t.TempDir(),
	}, a.lines(envSection)...)
	var shown bytes.Buffer
	command.Stdout, command.Stderr = &shown, &shown
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("got %v after %s", err, shown.String())
	}
	output = strings.ReplaceAll(filepath.ToSlash(shown.String()), os.Args[0], "kafkaspec")
	if strings.Contains(output, "goroutine ") || strings.Contains(output, "panic:") {
		t.Errorf("got a panic, want an error message:\n%s", output)
	}
	if started, err := os.ReadFile(trace); err == nil {
		t.Errorf("something was started for a local cluster: %s", started)
	}
	return strconv.Itoa(command.ProcessState.ExitCode()) + "\n", output
}

// says compares a text with a golden one in which ~~~ stands for anything.
func says(text, golden string) bool {
	parts := strings.Split(golden, "~~~")
	last := len(parts) - 1
	if last == 0 {
		return text == golden
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	for _, part := range parts[1:last] {
		if ok {
			_, rest, ok = strings.Cut(rest, part)
		}
	}
	return ok && strings.HasSuffix(rest, parts[last])
}

var varies = regexp.MustCompile(`\b()\d+\.\d+(?:µs|ms|s)\b|\b(seed:? +|--seed[ =]|pid=)\d+|()\+\d+ms\b`)

// vague puts ~~~ in place of times, seeds and process ids.
func vague(text string) string { return varies.ReplaceAllString(text, "${1}${2}${3}~~~") }
