package lab

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// shownLines is how many of the last lines a failure shows.
const shownLines = 40

// Running is an application that was started.
type Running struct {
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // valid once ended is closed

	mu      sync.Mutex
	rest    []byte // of a line that is not whole yet
	lines   []string
	changed chan struct{} // closed at the next line, and at the end
}

// Start runs an application in the background. Bootstrap, Log and Settings of env are filled in here. The application
// is stopped when the test ends.
func (l *Lab) Start(t testing.TB, run app.Func, env app.Env, settings string) *Running {
	t.Helper()
	parsed, err := app.ParseSettings([]byte(settings), source.Place{File: "settings.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(l.Ctx)
	r := &Running{cancel: cancel, ended: make(chan struct{}), changed: make(chan struct{})}
	env.Bootstrap, env.Settings, env.Log = l.Fake.ListenAddrs(), parsed, slog.New(app.NewLogHandler(r))
	go func() {
		r.err = run(ctx, env)
		close(r.ended)
		_, _ = r.Write(nil)
	}()
	t.Cleanup(func() {
		cancel()
		<-r.ended
		if t.Failed() {
			t.Logf("log of %s:\n%s", env.Name, r.last())
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
	r.UntilTrue(t, r.hasEnded, r)
	return r.err
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
func (r *Running) Lines(words ...string) (found []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		lacks := func(word string) bool { return !strings.Contains(line+" ", word) }
		if !slices.ContainsFunc(words, lacks) {
			found = append(found, line)
		}
	}
	return found
}

func (r *Running) last() string {
	lines := r.Lines()
	return strings.Join(lines[max(0, len(lines)-shownLines):], "\n")
}

// Until waits for n lines that hold all of the words.
func (r *Running) Until(t testing.TB, n int, words ...string) []string {
	t.Helper()
	var found []string
	err := await.Until(context.Background(), await.Options{Within: patience, Changed: r.next,
		What: fmt.Sprintf("%d lines of %q", n, words), State: r.last},
		func(context.Context) (bool, error) {
			ended := r.hasEnded()
			if found = r.Lines(words...); len(found) < n && ended {
				return false, await.Permanent(fmt.Errorf("the application ended (error: %w); its last lines:\n%s", r.err, r.last()))
			}
			return len(found) >= n, nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (r *Running) hasEnded() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// UntilTrue waits for something that the next line of this application, or a little later of another one, makes true.
func (r *Running) UntilTrue(t testing.TB, so func() bool, other *Running) {
	t.Helper()
	err := await.Until(context.Background(), await.Options{Within: patience, Changed: r.next, State: func() string {
		return r.last() + "\n\n" + other.last()
	}}, func(context.Context) (bool, error) { return so(), nil })
	if err != nil {
		t.Fatal(err)
	}
}

// next is closed at the next line.
func (r *Running) next() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}
