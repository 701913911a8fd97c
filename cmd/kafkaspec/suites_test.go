package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// lostOrRepeated is what the suites of the examples say of the program with a mistake.
const lostOrRepeated = "orders were lost or repeated"

// TestSuiteOfPytest runs the tests of examples/pytest on the right program, and on the one with a mistake, which one of
// them must find.
func TestSuiteOfPytest(t *testing.T) {
	testenv.LongOnly(t, "runs a suite in Python")
	interpreter := testenv.Interpreter(t, "pytest, confluent_kafka", "pytest or confluent-kafka (see make suites)")
	suite := func(program string) (string, error) {
		return output(t, "../../examples/pytest", []string{"ORDERS=" + program, "PYTHONDONTWRITEBYTECODE=1"}, interpreter,
			"-m", "pytest", "-p", "no:cacheprovider")
	}
	if out, err := suite("orders"); err != nil || !strings.Contains(out, "3 passed") {
		t.Errorf("got %v, want the tests to pass:\n%s", err, out)
	}
	if out, err := suite("wrong_orders"); err == nil || !strings.Contains(out, lostOrRepeated) ||
		!strings.Contains(out, "1 failed, 2 passed") {
		t.Errorf("got %v, want one test of three to find the mistake:\n%s", err, out)
	}
}

// TestSuiteOfJUnit does the same with examples/junit.
func TestSuiteOfJUnit(t *testing.T) {
	testenv.LongOnly(t, "compiles and runs a suite in Java")
	compiler, err := exec.LookPath("javac")
	if err != nil {
		t.Skipf("no Java here: %v; examples/junit needs JDK 17", err)
	}
	jars := filepath.Join(testenv.Clients(t), "junit")
	if found, _ := filepath.Glob(filepath.Join(jars, "junit-platform-console-standalone-*.jar")); len(found) == 0 {
		t.Skipf("no JUnit in %s (make suites fetches it)", jars)
	}
	suite := func(program string) (string, error) {
		classes := t.TempDir()
		if out, err := output(t, "../../examples/junit", nil, compiler, "-Xlint:all", "-Werror", "-d", classes, "-cp",
			filepath.Join(jars, "*"), "KafkaspecBroker.java", "OrdersTest.java", program); err != nil {
			t.Fatalf("javac: %v\n%s", err, out)
		}
		return output(t, classes, nil, "java", "-cp", classes+string(os.PathListSeparator)+filepath.Join(jars, "*"),
			"org.junit.platform.console.ConsoleLauncher", "execute", "--select-class", "OrdersTest", "--disable-banner",
			"--disable-ansi-colors")
	}
	if out, err := suite("Orders.java"); err != nil || !strings.Contains(out, "3 tests successful") {
		t.Errorf("got %v, want the tests to pass:\n%s", err, out)
	}
	if out, err := suite("wrong/Orders.java"); err == nil || !strings.Contains(out, lostOrRepeated) ||
		!strings.Contains(out, "1 tests failed") || !strings.Contains(out, "2 tests successful") {
		t.Errorf("got %v, want one test of three to find the mistake:\n%s", err, out)
	}
}

// output runs a program in a folder, with this test's kafkaspec for the suite to start.
func output(t *testing.T, folder string, environ []string, program string, arguments ...string) (string, error) {
	t.Helper()
	kafkaspec, err := exec.LookPath("kafkaspec")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Dir, command.Env = folder, append(append(os.Environ(), environ...), "KAFKASPEC="+kafkaspec)
	out, err := command.CombinedOutput()
	return string(out), err
}
