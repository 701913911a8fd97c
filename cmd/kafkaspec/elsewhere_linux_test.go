package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// elsewhereFeature has applications of the profile, which run elsewhere, and one that runs here beside them.
const elsewhereFeature = `Feature: Applications that run elsewhere
  Scenario: the cluster
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
    And application "shipping" is the profile's in group "shipping" reading "orders" writing "orders_dlq"
    And application "loader" is the reference "bulk-producer" writing "orders"
      | events | 100 |
    And the next Produce request from "shipping" to "orders_dlq" fails with NOT_ENOUGH_REPLICAS
    When application "shipping" is started
    And the record "not json" is sent to "orders"
    And application "loader" is started
    Then within 60s "orders_dlq" contains exactly 1 record
    And every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once

  Scenario: the registry
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And schema "user-v1" is registered for "users"
    And application "reader" is the profile's in group "readers" reading "users" writing "users_dlq"
      | reader-version | 1 |
    When these records are sent to "users" encoded by schema "user-v1":
      | key | value               |
      | u1  | {"id":"a","age":30} |
    Then within 60s "reader" read "users" as:
      | outcome | value               |
      | read    | {"id":"a","age":30} |

  Scenario: the database
    Given topic "orders" with 3 partitions
    And application "writer" is the profile's in group "writers" reading "orders"
    When application "writer" is started
    And 50 records from generator "orders" are sent to "orders"
    Then within 60s the table "records" has 50 rows
`

// elsewhere is a network namespace: a machine of its own as far as the network tells, and as a container is.
type elsewhere struct {
	name string // of the namespace
	host string // address of this machine as seen from there
}

// newElsewhere makes a namespace in which host.docker.internal leads here, and nothing else does.
func newElsewhere(t *testing.T) elsewhere {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, for a network namespace: run the test as root on Linux")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skipf("needs ip of iproute2, for a network namespace: %v", err)
	}
	number := os.Getpid()
	e := elsewhere{name: fmt.Sprintf("kafkaspec-%d", number),
		host: fmt.Sprintf("10.213.%d.%d", number>>6&255, number<<2&255|1)}
	inside := fmt.Sprintf("10.213.%d.%d", number>>6&255, number<<2&255|2)
	here, there := fmt.Sprintf("ks%da", number), fmt.Sprintf("ks%db", number)
	if out, err := exec.Command("ip", "netns", "add", e.name).CombinedOutput(); err != nil {
		t.Skipf("cannot make a network namespace here: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "delete", e.name).Run() })
	for _, line := range []string{
		fmt.Sprintf("link add %s type veth peer name %s netns %s", here, there, e.name),
		fmt.Sprintf("address add %s/30 dev %s", e.host, here), fmt.Sprintf("link set %s up", here),
		fmt.Sprintf("-n %s address add %s/30 dev %s", e.name, inside, there),
		fmt.Sprintf("-n %s link set %s up", e.name, there), fmt.Sprintf("-n %s link set lo up", e.name),
	} {
		if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			t.Skipf("cannot set up a network namespace here: ip %s: %v: %s", line, err, out)
		}
	}
	folder := filepath.Join("/etc/netns", e.name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Skipf("cannot name hosts in a network namespace here: %v", err)
	}
	t.Cleanup(func() {
		_ = os.RemoveAll(folder)
		_ = os.Remove(filepath.Dir(folder)) // where nobody else uses it
	})
	hosts := "127.0.0.1 localhost\n" + e.host + " host.docker.internal\n"
	if err := os.WriteFile(filepath.Join(folder, "hosts"), []byte(hosts), 0o600); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestApplicationElsewhere runs applications in a network namespace of their own, which reach the wire, the registry
// and the database by the name that --advertise gives, and no other way.
func TestApplicationElsewhere(t *testing.T) {
	e := newElsewhere(t)
	folder := t.TempDir()
	profile := "applications:\n"
	for name, reference := range map[string]string{"shipping": "dlq-consumer", "reader": "schema-consumer",
		"writer": "db-writer"} {
		profile += fmt.Sprintf("  %s:\n    command: [ip, netns, exec, %s, kafkaspec, app, %s]\n", name, e.name, reference)
	}
	for name, content := range map[string]string{"kafkaspec.yaml": profile, "elsewhere.feature": elsewhereFeature} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	clusters := []string{"embedded"}
	if testenv.Local() {
		clusters = append(clusters, "local:3")
	}
	for _, cluster := range clusters {
		for _, advertised := range []string{"host.docker.internal", e.host} {
			code, out, problems := kafkaspec(t, append(triedOn(t, cluster), "--advertise", advertised)...)
			if code != exitPassed {
				t.Errorf("%s, by %s: got exit code %d, want %d:\n%s%s", cluster, advertised, code, exitPassed, out, problems)
			}
			at := "all its addresses"
			if net.ParseIP(advertised) != nil {
				at = advertised
			}
			if want := "warning: listens beyond this machine, at " + at; strings.Count(problems, want) != 1 {
				t.Errorf("%s, by %s: got %q, want one %q", cluster, advertised, problems, want)
			}
		}
	}
	code, out, problems := kafkaspec(t, append(triedOn(t, "embedded"), "--name", "the cluster", "--await", "2s")...)
	if code != exitFailed || !strings.Contains(out, `"shipping"`) || strings.Contains(problems, "beyond") {
		t.Errorf("without --advertise: got exit code %d, want %d: nothing leads here:\n%s%s", code, exitFailed, out, problems)
	}
}

// triedOn is the command line that tries the feature, with PostgreSQL where that is installed.
func triedOn(t *testing.T, cluster string) []string {
	line := []string{"run", "elsewhere.feature", "--cluster", cluster, "--database", "postgres"}
	if _, err := exec.LookPath("postgres"); err != nil {
		t.Log("PostgreSQL is not in PATH: the database is not reached from elsewhere")
		return append(line[:4], "--name", "the (cluster|registry)")
	}
	return line
}
