package wire

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	kafka "github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// otherClients send one record to orders/0 with clients other than franz-go; each is skipped where it cannot run.
var otherClients = map[string]func(*testing.T) func(*stand) string{"librdkafka": librdkafka, "java": javaClient}

const fixtures = "../../fixtures/clients"

// librdkafka needs Python with confluent-kafka; KAFKASPEC_PYTHON names an interpreter that has it.
func librdkafka(t *testing.T) func(*stand) string {
	t.Helper()
	python := cmp.Or(os.Getenv("KAFKASPEC_PYTHON"), "python3")
	if out, err := exec.Command(python, "-c", "import confluent_kafka").CombinedOutput(); err != nil {
		t.Skipf("%s cannot import confluent_kafka: %v %s", python, err, out)
	}
	return program(python, filepath.Join(fixtures, "produce_one.py"))
}

// javaClient needs a JDK, which compiles the program as it runs it, and the jars of Apache Kafka, which `make kafka`
// fetches.
func javaClient(t *testing.T) func(*stand) string {
	t.Helper()
	if os.Getenv("KAFKASPEC_LOCAL") == "" {
		t.Skip("needs the jars of Apache Kafka and a JDK; set KAFKASPEC_LOCAL=1 to run")
	}
	if out, err := exec.Command("java", "--list-modules").Output(); err != nil ||
		!strings.Contains(string(out), "jdk.compiler") {
		t.Skipf("needs a JDK, this Java has no compiler: %v", err)
	}
	home := os.Getenv("KAFKA_HOME")
	if home == "" {
		var err error
		if home, err = kafka.FetchKafka(t.Context(), "", os.Stderr); err != nil {
			t.Fatal(err)
		}
	}
	return program("java", "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(home, "libs", "*"),
		filepath.Join(fixtures, "ProduceOne.java"))
}

// program runs a command with the bootstrap servers of "app" and the topic; its last line is "code N".
func program(command ...string) func(*stand) string {
	return func(s *stand) string {
		link, err := s.proxy.Application("app")
		if err != nil {
			s.t.Fatal(err)
		}
		arguments := append(command[1:len(command):len(command)], strings.Join(link.Bootstrap(), ","), s.topic("orders"))
		run := exec.CommandContext(s.ctx, command[0], arguments...)
		var problems strings.Builder
		run.Stderr = &problems
		out, err := run.Output()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		code, ok := strings.CutPrefix(lines[len(lines)-1], "code ")
		n, bad := strconv.ParseInt(code, 10, 16)
		if err != nil || !ok || bad != nil {
			s.t.Fatalf("got %v, output %q, want a code\n%s", err, out, problems.String())
		}
		return ErrorName(int16(n))
	}
}
