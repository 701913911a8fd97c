//go:build linux || darwin

package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// TestProcessIsToldToStop shows the other ways in which a process is told to end.
func TestProcessIsToldToStop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, script, signal string
		answer               int    // status of the answer, which makes the file stop; 0: no HTTP
		want                 string // "" is fine
	}{
		{name: "by SIGINT", script: `trap 'exit 0' INT`, signal: "SIGINT"},
		{name: "SIGINT ends it", script: `trap 'trap - INT; kill -INT $$' INT`, signal: "SIGINT"},
		{name: "as Java does", script: `trap 'exit 130' INT`, signal: "SIGINT"},
		{name: "as of another signal", script: `trap 'exit 143' INT`, signal: "SIGINT",
			want: "it must end with exit code 0 on SIGINT"},
		{name: "not by SIGHUP", script: `trap '' HUP`, signal: "SIGHUP", want: "did not end on SIGHUP within 1s"},
		{name: "by HTTP", script: `while [ ! -e stop ]; do sleep 0.01; done; exit 0`, answer: http.StatusAccepted},
		{name: "refused by HTTP", script: `true`, answer: http.StatusNotFound,
			want: "got status 404 Not Found, want one below 400"},
		{name: "answered and not done", script: `true`, answer: http.StatusOK, want: "/shutdown within 1s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := shell(c.script + `; echo up; while :; do sleep 1000 & wait $!; done`)
			if c.name == "by HTTP" {
				d = shell(`echo up; ` + c.script)
			}
			d.Stop.Signal, d.Grace, d.Dir = c.signal, time.Second, t.TempDir()
			var told []string
			if c.answer > 0 {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					told = append(told, r.Method+" "+r.URL.Path)
					w.WriteHeader(c.answer)
					_ = os.WriteFile(filepath.Join(d.Dir, "stop"), nil, 0o600)
				}))
				t.Cleanup(server.Close)
				d.Stop.HTTP = server.URL + "/shutdown"
			}
			a, seen := begin(t, d, app.Env{})
			seen.await(t, "| up")
			err := a.Stop(t.Context())
			if c.want != "" {
				wantError(t, err, c.want)
			} else {
				noError(t, err)
			}
			if c.answer > 0 && !slices.Equal(told, []string{"POST /shutdown"}) {
				t.Errorf("got requests %v, want one POST to /shutdown", told)
			}
		})
	}
}
