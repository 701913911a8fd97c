package lab

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// Running is an application that was started.
type Running struct {
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // valid once ended is closed

	mu      sync.Mutex
	rest    []byte // of a line that is not whole yet
	lines   []string
	changed chan struct{} // closed at the next line
}

// Start runs an application in the background. Bootstrap, Log and Settings of env are filled in here. The application
// is stopped when the test ends.
func (l *Lab) Start(t testing.TB, run app.Func, env app.Env, settings string) *Running {
	t.Helper()
	parsed, err := app.ParseSettings([]byte(settings), "settings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(l.Ctx)
	r := &Running{cancel: cancel, ended: make(chan struct{}), changed: make(chan struct{})}
	env.Bootstrap, env.Settings, env.Log = l.Fake.ListenAddrs(), parsed, slog.New(app.NewLogHandler(r))
	go func() {
		defer close(r.ended)
		r.err = run(ctx, env)
	}()
	t.Cleanup(func() {
		cancel()
		<-r.ended
		if t.Failed() {
			t.Logf("log of %s:\n%s", env.Name, strings.Join(r.last(40), "\n"))
		}
	})
	return r
}

// Stop tells the application to end and returns its error.
func (r *Running) Stop(t testing.TB) error {
	t.Helper()
	r.cancel()
	return r.Wait(t)
}

// Wait waits for the application to end by itself and returns its error.
func (r *Running) Wait(t testing.TB) error {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-r.ended:
		return r.err
	case <-late.C:
		t.Fatalf("waited %v for the application to end; its last lines:\n%s", patience, strings.Join(r.last(20), "\n"))
		return nil
	}
}

// Write takes the application's log.
func (r *Running) Write(text []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rest = append(r.rest, text...)
	for {
		line, rest, whole := bytes.Cut(r.rest, []byte("\n"))
		if !whole {
			break
		}
		r.lines, r.rest = append(r.lines, string(line)), rest
	}
	close(r.changed)
	r.changed = make(chan struct{})
	return len(text), nil
}

// Lines returns the lines so far that hold all of the words.
func (r *Running) Lines(words ...string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []string
	for _, line := range r.lines {
		if holds(line, words) {
			found = append(found, line)
		}
	}
	return found
}

func holds(line string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(line+" ", word) {
			return false
		}
	}
	return true
}

func (r *Running) last(n int) []string {
	lines := r.Lines()
	return lines[max(0, len(lines)-n):]
}

// Until waits for n lines that hold all of the words.
func (r *Running) Until(t testing.TB, n int, words ...string) []string {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		r.mu.Lock()
		changed := r.changed
		r.mu.Unlock()
		found := r.Lines(words...)
		if len(found) >= n {
			return found
		}
		select {
		case <-changed:
		case <-r.ended:
			if found = r.Lines(words...); len(found) >= n {
				return found
			}
			t.Fatalf("application ended (error: %v) with %d lines of %q, want %d; its last lines:\n%s", r.err, len(found), words, n, strings.Join(r.last(20), "\n"))
		case <-late.C:
			t.Fatalf("got %d lines of %q within %v, want %d; the last lines:\n%s", len(found), words, patience, n, strings.Join(r.last(20), "\n"))
		}
	}
}
