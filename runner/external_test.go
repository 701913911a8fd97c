package runner_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const guarded = `Feature: a cluster with TLS and SASL
  Background:
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition

  Scenario: in process
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And 100 records from generator "orders-with-poison" are in "orders"
    When "shipping" has caught up with "orders"
    Then every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once
    And "orders_dlq" contains only:
      | headers.dlq-source-topic |
      | orders                   |

  Scenario: as a process that is killed
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | session-timeout    | 1s    |
      | heartbeat-interval | 100ms |
    And 100 records from generator "orders-with-poison" are in "orders"
    When application "shipping" is killed
    And application "shipping" is restarted
    And within 30s "shipping" has caught up with "orders"
    Then every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once

  Scenario: through the wire
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And the next 1 OffsetCommit request from "shipping" are cut off after the broker acted
    And 100 records from generator "orders-with-poison" are in "orders"
    When within 30s "shipping" has caught up with "orders"
    Then every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once
`

// TestClusterWithTLSAndSASL runs applications in all their forms on a cluster that lets nobody in without a password,
// and looks for the password in everything that was written.
func TestClusterWithTLSAndSASL(t *testing.T) {
	const password = "correct-horse-battery"
	folder := t.TempDir()
	certificate := testenv.Certificate(t, filepath.Join(folder, "ca.pem"))
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.EnableSASL(),
		kfake.Superuser("SCRAM-SHA-512", "spec", password),
		kfake.GroupMinSessionTimeout(100*time.Millisecond),
		kfake.TLS(&tls.Config{Certificates: []tls.Certificate{certificate}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	profile := filepath.Join(folder, "kafkaspec.yaml")
	write(t, profile, fmt.Sprintf(`clusters:
  guarded:
    kind: external
    addresses: [%q]
    tls: {ca: ca.pem}
    sasl: {mechanism: SCRAM-SHA-512, username: spec, password: "${GUARDED_PASSWORD}"}
`, fake.ListenAddrs()[0]))
	t.Setenv("GUARDED_PASSWORD", password)
	var output bytes.Buffer
	results, err := lab{feature: guarded, Params: runner.Params{
		Cluster: "guarded", Profile: profile, Output: &output, Report: filepath.Join(folder, "report"),
	}}.execute(t)
	if err != nil {
		t.Fatal(err)
	}
	if got := results.Count(report.Passed); got != 3 {
		t.Errorf("got %d scenarios passed, want 3\n%s", got, output.String())
	}
	if strings.Contains(output.String(), password) {
		t.Error("the password stands in the output")
	}
	files := 0
	err = fs.WalkDir(os.DirFS(filepath.Join(folder, "report")), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(filepath.Join(folder, "report", name))
		if bytes.Contains(content, []byte(password)) {
			t.Errorf("the password stands in %s", name)
		}
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("got %v and %d files, want two reports and three journals", err, files)
	}
	if left := fake.TopicInfo("orders"); left != nil {
		t.Errorf("got a topic %v under its logical name, want one name for each scenario", left)
	}
}
