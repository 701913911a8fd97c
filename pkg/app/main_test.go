package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// patience is how long an event that must come may take on a busy machine.
const patience = time.Minute

// applications are what this test binary can be started as.
var applications = map[string]app.Func{
	"waits": func(ctx context.Context, env app.Env) error {
		env.Log.Info("assigned", "topic", env.Topic("orders"), "partitions", "0,1", "retries", env.Settings.Int("retries", 0))
		<-ctx.Done()
		env.Log.Info("revoked", "topic", env.Topic("orders"))
		return nil
	},
	"returns context error": func(ctx context.Context, env app.Env) error {
		env.Log.Info("up")
		<-ctx.Done()
		return ctx.Err()
	},
	"fails on stop": func(ctx context.Context, env app.Env) error {
		env.Log.Info("up")
		<-ctx.Done()
		return fmt.Errorf("commit: %w", ctx.Err())
	},
	"fails": func(context.Context, app.Env) error { return errors.New("cannot read\nits \"settings\"") },
	"returns": func(_ context.Context, env app.Env) error {
		env.Log.Info("done", "acknowledged", 3)
		return nil
	},
	"wrong settings": func(_ context.Context, env app.Env) error { return env.Settings.Err() },
	"environment": func(context.Context, app.Env) error {
		for _, entry := range os.Environ() {
			fmt.Println(entry)
		}
		return nil
	},
}

func TestMain(m *testing.M) {
	app.Main(func(name string) (app.Func, bool) { f, ok := applications[name]; return f, ok })
	goleak.VerifyTestMain(m)
}

// again runs this test binary as an application, and gives its output and exit code.
func again(t *testing.T, name string, interrupt os.Signal) (string, int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), "KAFKASPEC_APP="+name, "KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:1")
	out := &signalled{cmd: cmd, signal: interrupt}
	cmd.Stdout = out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.text.String(), cmd.ProcessState.ExitCode()
}

// signalled sends the signal once the application has written its first line.
type signalled struct {
	text   bytes.Buffer // not embedded: its ReadFrom would go past Write
	cmd    *exec.Cmd
	signal os.Signal
}

func (s *signalled) Write(p []byte) (int, error) {
	if s.signal != nil {
		_ = s.cmd.Process.Signal(s.signal)
		s.signal = nil
	}
	return s.text.Write(p)
}

func TestMainRunsApplications(t *testing.T) {
	cases := []struct {
		app    string
		signal os.Signal
		code   int
		last   string
	}{
		{"returns", nil, 0, "level=INFO msg=done acknowledged=3"},
		{"fails", nil, 1, `level=ERROR msg="cannot read\nits \"settings\""`},
		{"waits", syscall.SIGTERM, 0, "level=INFO msg=revoked topic=orders"},
		{"waits", os.Interrupt, 0, "level=INFO msg=revoked topic=orders"},
		{"returns context error", syscall.SIGTERM, 0, "level=INFO msg=up"},
		{"fails on stop", syscall.SIGTERM, 1, `level=ERROR msg="commit: context canceled"`},
		{"unheard of", nil, 1, `level=ERROR msg="got application \"unheard of\" in KAFKASPEC_APP`},
	}
	for _, c := range cases {
		t.Run(c.app, func(t *testing.T) {
			t.Parallel() // a program with the race detector takes a second to exit
			out, code := again(t, c.app, c.signal)
			lines := strings.Split(strings.TrimSpace(out), "\n")
			if last := lines[len(lines)-1]; code != c.code || !strings.HasPrefix(last, c.last) {
				t.Errorf("got exit code %d and last line %q, want %d and %q", code, last, c.code, c.last)
			}
		})
	}
}

func TestMainTakesItsMarkFromTheEnvironment(t *testing.T) {
	out, _ := again(t, "environment", nil)
	if strings.Contains(out, "KAFKASPEC_APP") {
		t.Error("got KAFKASPEC_APP in the application's environment, want it removed: its children are not the application")
	}
}
