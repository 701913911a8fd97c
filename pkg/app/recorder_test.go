package app_test

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// recorder is a Sink that keeps lines and events as text: "| line" and "event field=value".
type recorder struct {
	mu      sync.Mutex
	all     []string
	changed chan struct{}
}

func newRecorder() *recorder { return &recorder{changed: make(chan struct{})} }

func (r *recorder) Line(_, line string) { r.add("| " + line) }

func (r *recorder) Event(_, kind string, fields map[string]string) {
	text := kind
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if name != "pid" && name != "after" {
			text += fmt.Sprintf(" %s=%s", name, fields[name])
		}
	}
	r.add(text)
}

func (r *recorder) add(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, text)
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *recorder) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

// await waits until a text has come that starts so, and gives it.
func (r *recorder) await(t *testing.T, prefix string) string {
	t.Helper()
	deadline := time.After(patience)
	for {
		r.mu.Lock()
		i := slices.IndexFunc(r.all, func(text string) bool { return strings.HasPrefix(text, prefix) })
		if i >= 0 {
			defer r.mu.Unlock()
			return r.all[i]
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("got %q within %v, want one that starts with %q", r.list(), patience, prefix)
		}
	}
}

func logger(w io.Writer) *slog.Logger { return slog.New(app.NewLogHandler(w)) }

// begin starts an application, and ends it with the test.
func begin(t *testing.T, d app.Definition, env app.Env) (*app.App, *recorder) {
	t.Helper()
	seen := newRecorder()
	if d.Name == "" {
		d.Name = "shipping"
	}
	a, err := app.Start(t.Context(), d, env, seen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if a.State().Phase.Alive() {
			_ = a.Kill()
			_ = a.Close(t.Context())
		}
	})
	return a, seen
}

func shell(script string) app.Definition {
	return app.Definition{Command: []string{"sh", "-c", script}}
}

// wantError fails the test unless err has all the parts.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got error %q, want it to contain %q", err, part)
		}
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
