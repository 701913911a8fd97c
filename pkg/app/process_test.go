//go:build linux || darwin

package app_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// worker is a shell application that works until SIGTERM.
const worker = `trap 'echo level=INFO msg=revoked topic=orders; exit 0' TERM
echo "level=INFO msg=assigned topic=$KAFKA_INPUT_TOPICS partitions=0"
echo 'level=WARN msg=warning text="on stderr"' >&2
while :; do sleep 1000 & wait $!; done`

func TestProcessFromStartToStop(t *testing.T) {
	t.Parallel()
	d := shell(worker)
	d.Ready.Log = regexp.MustCompile(`msg=assigned`)
	a, seen := begin(t, d, app.Env{Inputs: []string{"ks-1-orders"}})
	noError(t, a.WaitReady(t.Context()))
	seen.await(t, "warning")
	if a.PID() == 0 {
		t.Error("got process id 0, want one")
	}
	noError(t, a.Stop(t.Context()))
	noError(t, a.Wait(t.Context()))
	if got := a.State().String(); got != "stopped" {
		t.Errorf("got state %q, want stopped", got)
	}
	got := seen.list()
	if got[0] != "started as=process" || got[len(got)-1] != "exited code=0 requested=true" {
		t.Errorf("told %q, want started first and exited last", got)
	}
	for _, want := range []string{"ready", "assigned partitions=0 topic=ks-1-orders", "warning text=on stderr",
		"revoked topic=orders"} {
		if !slices.Contains(got, want) {
			t.Errorf("told %q, want %q in it", got, want)
		}
	}
}

func TestProcessThatIsNotFound(t *testing.T) {
	_, err := app.Start(t.Context(), app.Definition{Name: "shipping", Command: []string{"no-such-command-anywhere"}},
		app.Env{}, nil)
	wantError(t, err, `application "shipping": start "no-such-command-anywhere"`, "PATH")
}

func TestProcessThatEndsBeforeItIsReady(t *testing.T) {
	for script, want := range map[string]string{
		"echo starting; echo 'no database' >&2; exit " +
			"3": `application "shipping" exited with exit code 3 before it was ready (a line like /never/)`,
		"echo no database; exit 0":        `application "shipping" exited with exit code 0 before it was ready`,
		"echo no database; kill -KILL $$": `application "shipping" exited by SIGKILL before it was ready`,
	} {
		d := shell(script)
		d.Ready = app.Ready{Log: regexp.MustCompile("never"), Timeout: time.Hour}
		a, _ := begin(t, d, app.Env{})
		wantError(t, a.WaitReady(t.Context()), want, "last lines of \"shipping\":\n    ", "no database")
	}
}

func TestProcessThatIsNeverReady(t *testing.T) {
	d := shell(worker)
	d.Ready = app.Ready{Log: regexp.MustCompile("never"), Timeout: time.Millisecond}
	a, _ := begin(t, d, app.Env{})
	wantError(t, a.WaitReady(t.Context()), `application "shipping" to be ready (a line like /never/)`,
		"no line like /never/")
	if a.State().Phase != app.Starting {
		t.Errorf("got state %v, want starting", a.State())
	}
	noError(t, a.Close(t.Context()))
	d.Ready = app.Ready{Check: func(context.Context) (bool, error) { return false, errors.New("no coordinator") },
		Group: true, Timeout: time.Millisecond}
	a, _ = begin(t, d, app.Env{})
	wantError(t, a.WaitReady(t.Context()), "partitions from its group", "could not look", "no coordinator")
	noError(t, a.Close(t.Context()))
}

func TestProcessThatDoesNotStop(t *testing.T) {
	d := shell(`trap '' TERM; echo up; while :; do sleep 1000 & wait $!; done`)
	d.Grace = 10 * time.Millisecond
	a, seen := begin(t, d, app.Env{})
	seen.await(t, "| up")
	err := a.Stop(t.Context())
	wantError(t, err, `stop application "shipping"`, "did not end on SIGTERM within 10ms", "    up")
	if !errors.Is(err, child.ErrKilled) {
		t.Errorf("got %v, want child.ErrKilled", err)
	}
	if got := a.State().String(); got != "killed by SIGKILL" {
		t.Errorf("got state %q, want killed by SIGKILL", got)
	}
	seen.await(t, "killed code=-1 requested=true signal=SIGKILL")
}

func TestProcessEndsOnStop(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, script string
		want         string // "" is fine
	}{
		{"by SIGTERM", `echo up; while :; do sleep 1000; done`, ""},
		{"as Java does", `trap 'exit 143' TERM; echo up; while :; do sleep 1000 & wait $!; done`, ""},
		{"with an error", `trap 'echo cannot commit; exit 1' TERM; echo up; while :; do sleep 1000 & wait $!; done`,
			"stopped with exit code 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, seen := begin(t, shell(c.script), app.Env{})
			seen.await(t, "| up")
			err := a.Stop(t.Context())
			if c.want != "" {
				wantError(t, err, c.want, "cannot commit")
				wantError(t, a.Wait(t.Context()), c.want)
				return
			}
			noError(t, err)
			noError(t, a.Wait(t.Context()))
		})
	}
}

func TestProcessKillPauseResumeRestart(t *testing.T) {
	t.Parallel()
	d := shell(worker)
	d.Ready.Log = regexp.MustCompile(`msg=assigned`)
	a, seen := begin(t, d, app.Env{})
	noError(t, a.WaitReady(t.Context()))
	wantError(t, a.Resume(), `cannot resume application "shipping": it is running; pause it first`)
	noError(t, a.Pause())
	wantError(t, a.Pause(), `cannot pause application "shipping": it is paused`)
	wantError(t, a.WaitReady(t.Context()), `cannot wait for application "shipping": it is paused`)
	noError(t, a.Resume())
	noError(t, a.WaitReady(t.Context()))
	noError(t, a.Pause())
	noError(t, a.Kill())
	if got := a.State().String(); got != "killed by SIGKILL" {
		t.Errorf("got state %q, want killed by SIGKILL", got)
	}
	wantError(t, a.Wait(t.Context()), `application "shipping" killed by SIGKILL`)
	for verb, call := range map[string]func() error{"kill": a.Kill, "pause": a.Pause, "resume": a.Resume} {
		wantError(t, call(), "cannot "+verb+` application "shipping": it is killed by SIGKILL`)
	}
	wantError(t, a.WaitReady(t.Context()), "restart it first")
	noError(t, a.Restart(t.Context()))
	noError(t, a.WaitReady(t.Context()))
	noError(t, a.Pause())
	noError(t, a.Restart(t.Context())) // a paused one can be stopped
	noError(t, a.WaitReady(t.Context()))
	noError(t, a.Close(t.Context()))
	noError(t, a.Close(t.Context()))
	var events []string
	for _, text := range seen.list() {
		if kind, _, _ := strings.Cut(text, " "); slices.Contains([]string{"started", "ready", "paused", "resumed", "killed",
			"exited"}, kind) {
			events = append(events, kind)
		}
	}
	want := strings.Fields("started ready paused resumed paused killed started ready paused exited started ready exited")
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestProcessOutputIsWhole(t *testing.T) {
	const lines = 5000
	a, seen := begin(t, shell(fmt.Sprintf(`i=0; while [ $i -lt %d ]; do echo "line $i"; i=$((i+1)); done; printf 'no newline'`, lines)), app.Env{})
	noError(t, a.Wait(t.Context()))
	var want []string
	for i := range lines {
		want = append(want, fmt.Sprintf("| line %d", i))
	}
	want = append(want, "| no newline", "exited code=0")
	if diff := cmp.Diff(want, seen.list()[2:]); diff != "" { // after started and ready
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestProcessEnvironment(t *testing.T) {
	for _, name := range []string{"KAFKA_GROUP_ID", "KAFKA_STRAY", "SCHEMA_REGISTRY_URL", "DATABASE_URL", "APP_SETTINGS"} {
		t.Setenv(name, "from-outside")
	}
	t.Setenv("FROM_THE_MACHINE", "yes")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	noError(t, err)
	d := shell(`env; pwd; cat "$APP_SETTINGS"`)
	d.Dir = dir
	d.Environ = []string{"KAFKA_CLIENT_ID=overridden", "EXTRA=1"}
	env := app.Env{Name: "shipping", Bootstrap: []string{"a:1"}, Settings: settings(t, "retries: 5\n")}
	a, seen := begin(t, d, env)
	noError(t, a.Wait(t.Context()))
	got := seen.list()
	for _, want := range []string{"| KAFKA_BOOTSTRAP_SERVERS=a:1", "| KAFKA_CLIENT_ID=overridden", "| EXTRA=1",
		"| FROM_THE_MACHINE=yes", "| " + dir, "| retries: 5"} {
		if !slices.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	for _, line := range got {
		if strings.Contains(line, "from-outside") || strings.Contains(line, "KAFKASPEC_WATCHDOG") {
			t.Errorf("got %q in the environment, want it kept away", line)
		}
	}
	left, err := os.ReadDir(temporary)
	noError(t, err)
	if len(left) > 0 {
		t.Errorf("got %v left, want the settings file removed", left)
	}
}

func TestProcessRefusesTopicsThatCollide(t *testing.T) {
	d := shell("exit 0")
	d.Name = "shipping"
	_, err := app.Start(t.Context(), d, app.Env{Name: "shipping", Topics: map[string]string{"a.b": "x", "a_b": "y"}}, nil)
	wantError(t, err, `topics "a.b" and "a_b" both become KAFKA_TOPIC_A_B`)
}

func TestReferenceAsProcess(t *testing.T) {
	d := app.Definition{AsProcess: true, Reference: "waits", Ready: app.Ready{Log: regexp.MustCompile("msg=assigned")}}
	env := app.Env{Name: "shipping", Bootstrap: []string{"a:1"}, Topics: map[string]string{"orders": "ks-1-orders"},
		Settings: settings(t, "retries: 5")}
	a, seen := begin(t, d, env)
	noError(t, a.WaitReady(t.Context()))
	seen.await(t, "assigned partitions=0,1 retries=5 topic=ks-1-orders")
	noError(t, a.Restart(t.Context()))
	noError(t, a.WaitReady(t.Context()))
	noError(t, a.Stop(t.Context()))

	d.Reference, d.Ready = "fails", app.Ready{}
	a, _ = begin(t, d, env)
	wantError(t, a.Wait(t.Context()), "exited with exit code 1", `level=ERROR msg="cannot read\nits \"settings\""`)
}

func TestSettingsAreNamedTheSameInBothForms(t *testing.T) {
	for _, asProcess := range []bool{false, true} {
		d := app.Definition{Func: applications["wrong settings"], AsProcess: asProcess, Reference: "wrong settings"}
		a, _ := begin(t, d, app.Env{Bootstrap: []string{"a:1"}, Settings: settings(t, "# first\nretries: 5")})
		wantError(t, a.Wait(t.Context()), "shipping.yaml:2: got unknown setting")
		wantError(t, a.Stop(t.Context()), "restart it first", "last lines", "unknown setting")
	}
}
