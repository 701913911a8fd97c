package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// shell is a child that runs a script.
func shell(t *testing.T, script string) *child {
	t.Helper()
	return newChild(t.Context(), "sh", "-c", script)
}

func TestChildReturnsItsOutput(t *testing.T) {
	out, err := shell(t, "echo one; echo beside >&2; printf two").run()
	if err != nil || out != "one\ntwo" {
		t.Errorf("got %q (%v), want what went to standard output", out, err)
	}
}

func TestChildThatFailsIsReported(t *testing.T) {
	var last []string
	for i := range tailLines {
		last = append(last, fmt.Sprint("line ", i+6))
	}
	const command = "\n$ sh -c "
	for _, c := range []struct{ name, script, want string }{
		{"both streams", "echo beside >&2; echo out; exit 3",
			"got exit status 3 from sh, want it to succeed; see its command and the last it wrote:" + command +
				`"echo beside >&2; echo out; exit 3"` + "\nout\nbeside"},
		{"no end of line", "printf half; false", "got exit status 1 from sh, want it to succeed; see its command and the " +
			"last it wrote:" + command + `"printf half; false"` + "\nhalf"},
		{"a quote", `echo "it's"; false`, "got exit status 1 from sh, want it to succeed; see its command and the last it " +
			"wrote:" + command + `"echo \"it's\"; false"` + "\nit's"},
		{"nothing", "false", "got exit status 1 from sh, want it to succeed; it wrote nothing, run it by itself:" + command +
			"false"},
		{
			"many lines", "seq -f 'line %g' 25; exit 1",
			"got exit status 1 from sh, want it to succeed; see its command and the last it wrote:" + command +
				`"seq -f 'line %g' 25; exit 1"` + "\n" + strings.Join(last, "\n"),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := shell(t, c.script).run()
			if err == nil {
				t.Fatal("got no error, want one")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongLinesOfAChildAreCut(t *testing.T) {
	_, err := shell(t, "printf 'ä%.0s' $(seq 300); echo; false").run()
	if err == nil || !strings.HasSuffix(err.Error(), "\n"+strings.Repeat("ä", tailLength/2)+"… (600 bytes)") {
		t.Errorf("got %v, want the first %d bytes of the line", err, tailLength)
	}
}

func TestChildThatCannotStartIsReported(t *testing.T) {
	_, err := newChild(t.Context(), filepath.Join("no", "program"), "a b").run()
	if err == nil || !strings.HasPrefix(err.Error(), "start program: ") ||
		!strings.HasSuffix(err.Error(), "see whether it is installed, the command was:\n$ no/program \"a b\"") {
		t.Errorf("got %v, want the command and that it did not start", err)
	}
	if err := newChild(t.Context(), filepath.Join("no", "program")).start(); err == nil ||
		!strings.HasPrefix(err.Error(), "start program: ") {
		t.Errorf("got %v, want that it did not start", err)
	}
}

// A child that is told to stop has not failed, whether or not it handles the signal; one that ended before has, also
// with exit status 0.
func TestChildIsStopped(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"by the signal", "touch ready; exec sleep 60", ""},
		{"as Java", "trap 'exit 143' TERM; touch ready; while :; do sleep 0.1; done", ""},
		{"in order", "trap 'exit 0' TERM; touch ready; while :; do sleep 0.1; done", ""},
		{"ended in order", "echo ready", "got an end before it was told to from sh, want it to succeed; see its command " +
			"and the last it wrote:\n$ sh -c \"echo ready\"\nready"},
		{"ended with an error", "echo ready; exit 5", "got exit status 5 from sh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			child := shell(t, c.script)
			child.Dir = t.TempDir()
			if err := child.start(); err != nil {
				t.Fatal(err)
			}
			early := strings.HasPrefix(c.name, "ended")
			err := await.Until(t.Context(), await.Options{Within: 10 * time.Second}, func(context.Context) (bool, error) {
				if early {
					return len(child.ended) > 0, nil
				}
				_, err := os.Stat(filepath.Join(child.Dir, "ready"))
				return err == nil, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err = child.stop(); c.want == "" && err != nil || c.want != "" &&
				(err == nil || !strings.HasPrefix(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// A suite of scenarios that fails says which, though its line is not among the last.
func TestFailingScenariosAreReported(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "kafkaspec")
	script := `#!/bin/sh
echo 'one of them did not pass' >&2
printf '%s%s\n' '{"event":"scenario-finished","scenario":{"name":"number 7",' \
  '"failure":{"message":"got 2 records, want 3\nmissing: one"}}}'
for i in $(seq 30); do echo "{\"event\":\"waiting\",\"id\":\"$i\"}"; done
exit 1
`
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s := &suite{work: folder}
	err := s.runScenarios(t.Context(), program, "Trivial scenarios", "embedded", "20.feature", 20)
	if err == nil {
		t.Fatal("got no error, want one")
	}
	for _, want := range []string{
		"20 trivial scenarios: number 7: got 2 records, want 3; got exit status 1 from kafkaspec, want it to succeed; ",
		"\n$ " + program + " run 20.feature --cluster embedded --format json\n", `"id":"30"`, "\none of them did not pass",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}
