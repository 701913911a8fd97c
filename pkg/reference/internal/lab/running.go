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
	found, _ := r.from(0, words)
	return found
}

// from returns the lines from a number on that hold all of the words, and the number of lines.
func (r *Running) from(start int, words []string) (found []string, next int) {
	r.mu.Lock()
	lines := r.lines
	r.mu.Unlock()
	for _, line := range lines[start:] {
		if holds(line, words) {
			found = append(found, line)
		}
	}
	return found, len(lines)
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
	var found []string
	for seen := 0; ; {
		changed, ended := r.next(), r.hasEnded()
		more, lines := r.from(seen, words)
		if found, seen = append(found, more...), lines; len(found) >= n {
			return found
		}
		if ended {
			t.Fatalf("application ended (error: %v) with %d lines of %q, want %d; its last lines:\n%s", r.err, len(found), words,
				n, strings.Join(r.last(20), "\n"))
		}
		select {
		case <-changed:
		case <-r.ended:
		case <-late.C:
			t.Fatalf("got %d lines of %q within %v, want %d; the last lines:\n%s", len(found), words, patience, n,
				strings.Join(r.last(20), "\n"))
		}
	}
}

func (r *Running) hasEnded() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// UntilTrue waits for something that the next line of this application, or of another one, may make true.
func (r *Running) UntilTrue(t testing.TB, so func() bool, other *Running) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		mine, theirs := r.next(), other.next()
		if so() {
			return
		}
		select {
		case <-mine:
		case <-theirs:
		case <-late.C:
			t.Fatalf("waited %v; the last lines:\n%s\n\n%s", patience, strings.Join(r.last(20), "\n"),
				strings.Join(other.last(20), "\n"))
		}
	}
}

// next is closed at the next line.
func (r *Running) next() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}
