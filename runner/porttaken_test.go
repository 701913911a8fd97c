package runner_test

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// TestPortTaken has another program listen where an application is to: that says nothing of the application. One that
// finds its port in use, where nobody has it once it is gone, has listened twice itself.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	const cannot = `command: [sh, -c, 'echo "Error: listen EADDRINUSE: address already in use :::%s" && exit 1']`
	for name, c := range map[string]struct {
		entry  string
		status report.Status
		says   string
	}{
		"ready by HTTP": {`{command: [sleep, 60], ready: {http: "http://localhost:` + port + `/health"}}`,
			report.Inconclusive, "want localhost:" + port + " free for it, and "},
		"ready by a connection": {`{command: [sleep, 60], ready: {tcp: "127.0.0.1:` + port + `"}}`,
			report.Inconclusive, "want 127.0.0.1:" + port + " free for it, and "},
		"asked": {`{command: [sleep, 60], http: "http://localhost:` + port + `"}`,
			report.Inconclusive, "want localhost:" + port + " free for it, and "},
		"its own": {`{` + fmt.Sprintf(cannot, port) + `, ready: {log: listening}}`,
			report.Inconclusive, "want localhost:" + port + " free for it, and "},
		"twice": {`{` + fmt.Sprintf(cannot, "1") + `, ready: {log: listening}}`,
			report.Failed, "exited with exit code 1 before it was ready"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			profile, feature := filepath.Join(folder, "kafkaspec.yaml"), filepath.Join(folder, "a.feature")
			write(t, profile, "applications:\n  shop: "+c.entry+"\n")
			write(t, feature, `Feature: Shop
  Scenario: A port
    Given topic "orders" with 1 partition
    And application "shop" is the profile's reading "orders"
    When application "shop" is started
    Then application "shop" is running
`)
			results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{feature}, Profile: profile})
			if err != nil || len(results.Scenarios) != 1 {
				t.Fatalf("got %+v, %v, want one scenario", results.Scenarios, err)
			}
			s := results.Scenarios[0]
			if s.Status != c.status || s.Failure == nil || !strings.Contains(s.Failure.Message, c.says) {
				t.Errorf("got %s, %+v, want it %s with %q", s.Status, s.Failure, c.status, c.says)
			}
		})
	}
}
