package wire

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	kafka "github.com/kafkaspec/kafkaspec/pkg/cluster"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// otherClients send one record to orders/0 with clients other than franz-go; each is skipped where it cannot run.
var otherClients = map[string]func(*testing.T) func(*stand) string{"librdkafka": librdkafka, "java": javaClient}

const fixtures = "../../fixtures/clients"

// librdkafka needs Python with confluent-kafka.
func librdkafka(t *testing.T) func(*stand) string {
	t.Helper()
	return program(testenv.Interpreter(t, "confluent_kafka", "confluent-kafka"), filepath.Join(fixtures, "produce_one.py"))
}

// javaClient needs a JDK, which compiles the program as it runs it, and the jars of Apache Kafka, which `make kafka`
// fetches.
func javaClient(t *testing.T) func(*stand) string {
	t.Helper()
	testenv.NeedLocal(t, "the jars of Apache Kafka and a JDK")
	if out, err := exec.Command("java", "--list-modules").Output(); err != nil ||
		!strings.Contains(string(out), "jdk.compiler") {
		t.Skipf("needs a JDK, this Java has no compiler: %v", err)
	}
	home := os.Getenv("KAFKA_HOME")
	if home == "" {
		var err error
		if home, err = kafka.FetchKafka(t.Context(), "", "", os.Stderr); err != nil {
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
		return errorName(int16(n))
	}
}
