package main

import (
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// TestScripts runs the scripts of testdata/script. Each may hold several cases that share a topic. `make golden`
// rewrites what the command is expected to show.
func TestScripts(t *testing.T) {
	testenv.LongOnly(t, "starts the command some hundred times, mostly to compare what it prints")
	programs := fakePrograms(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", WorkdirRoot: t.TempDir(), UpdateScripts: *update,
		RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", programs+string(os.PathListSeparator)+env.Getenv("PATH"))
			for _, name := range []string{"KAFKA_HOME", "KAFKASPEC_CACHE"} {
				env.Setenv(name, filepath.Join(env.WorkDir, "."+strings.ToLower(name)))
				if err := os.Mkdir(env.Getenv(name), 0o700); err != nil {
					return err
				}
			}
			env.Setenv(startedVariable, filepath.Join(env.WorkDir, ".started"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Getuid() == 0, nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits, "turn": turn,
			"certificate": certificate},
	})
}

// startedVariable names the file in which a program that would start a local cluster leaves a trace.
const startedVariable = "KAFKASPEC_TEST_STARTED"

// fakePrograms are those that a local cluster is started with.
func fakePrograms(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	const script = "#!/bin/sh\ncase \"$*\" in *-version) echo 'openjdk version \"21.0.1\"' >&2; exit;; esac\n" +
		"echo \"$0 $*\" >>\"$" + startedVariable + "\"\nexit 1\n"
	for _, name := range []string{"java", "mvn"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// exits is the command `exits CODE PROGRAM ARGUMENT...`: it runs a program, wants its exit code, and puts into the file
// "shown" what it wrote, first to standard output and then to standard error, with ~~~ for what varies. Input that is
// wrong must be refused in the same words on a local cluster, and start nothing there.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT...")
	}
	shown := runWanting(ts, args[0], args[1:])
	ts.Check(os.WriteFile(ts.MkAbs("shown"), []byte(shown), 0o600))
	if args[0] != strconv.Itoa(exitInput) || args[2] != "run" || slices.Contains(args, "--cluster") {
		return
	}
	if local := runWanting(ts, args[0], append(args[1:3:3], append([]string{"--cluster=local:3"},
		args[3:]...)...)); local !=
		shown {
		ts.Fatalf("with --cluster local:3 got\n%s\nwant what is shown without it\n%s", local, shown)
	}
}

// runWanting runs a program that must end with this exit code and start no local cluster, and returns what it wrote.
func runWanting(ts *testscript.TestScript, code string, command []string) string {
	err := ts.Exec(command[0], command[1:]...)
	shown := vague(ts.ReadFile("stdout") + ts.ReadFile("stderr"))
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != code {
		ts.Fatalf("got exit code %d, want %s", got, code)
	}
	if strings.Contains(shown, "goroutine ") || strings.Contains(shown, "panic:") {
		ts.Fatalf("got a panic, want an error message")
	}
	if started, err := os.ReadFile(ts.Getenv(startedVariable)); err == nil {
		ts.Fatalf("something was started for a local cluster: %s", started)
	}
	return shown
}

var varies = regexp.MustCompile(`\b()\d+\.\d+(?:µs|ms|s)\b|\b(seed:? +|--seed[ =]|pid=|after=)\d[\w.µ]*`)

// vague puts ~~~ in place of times, seeds and process ids.
func vague(text string) string { return varies.ReplaceAllString(text, "${1}${2}~~~") }

// turn is the command `turn FILE FORM...`: it gives a file a form that cannot be written down in a script.
func turn(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	for _, form := range args[1:] {
		change, ok := forms[form]
		if !ok {
			ts.Fatalf("unknown form %q", form)
		}
		text = change(text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

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
