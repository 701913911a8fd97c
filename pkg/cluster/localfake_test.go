//go:build linux || darwin

package cluster_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

func TestLocalLifeOnFakeBroker(t *testing.T) {
	useFakeJava(t, "good")
	var progress strings.Builder
	backend, err := cluster.StartLocal(within(t), cluster.LocalOptions{Progress: &progress})
	if err != nil {
		t.Fatal(err)
	}
	if text := progress.String(); !strings.HasPrefix(text, "starting local Apache Kafka 4.4.0, 1 broker\nstarted local") {
		t.Errorf("got progress %q, want starting and started", text)
	}
	session := open(t, backend)
	topic := createTopic(t, session, "orders", 1)
	roundTrip(t, session, topic, session.Names().Group("shipping"))
	if err := session.Close(within(t)); err != nil {
		t.Error(err)
	}
	pids, folder := cluster.BrokerPIDs(backend), cluster.WorkFolder(backend)
	if err := backend.Close(within(t)); err != nil {
		t.Error(err)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("got broker process %d after Close, want it gone", pid)
		}
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %s after Close, want it deleted", folder)
	}
}

func TestLocalPowersOnFakeBroker(t *testing.T) {
	useFakeJava(t, "good")
	backend, err := cluster.StartLocal(within(t), cluster.LocalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := backend.Close(within(t)); err != nil {
			t.Error(err)
		}
	}()
	session := open(t, backend)
	controller := session.(cluster.BrokerController)
	before := session.Bootstrap()
	steps := []struct {
		change cluster.BrokerChange
		want   string
	}{
		{cluster.BrokerStopped, ""},
		{cluster.BrokerStopped, "broker 0 is not running"},
		{cluster.BrokerPaused, "broker 0 is not running"},
		{cluster.BrokerStarted, ""},
		{cluster.BrokerStarted, "broker 0 runs already"},
		{cluster.BrokerResumed, "broker 0 is not paused"},
		{cluster.BrokerPaused, ""},
		{cluster.BrokerPaused, "paused already"},
		{cluster.BrokerResumed, ""},
		{cluster.BrokerRestarted, ""},
		{cluster.BrokerKilled, ""},
	}
	for i, step := range steps {
		err := controller.ChangeBroker(within(t), 0, step.change)
		if step.want == "" && err != nil || step.want != "" && (err == nil || !strings.Contains(err.Error(), step.want)) {
			t.Fatalf("step %d, %s: got error %v, want %q", i, step.change, err, step.want)
		}
		if err := backend.(cluster.HealthReporter).Health(); err != nil {
			t.Errorf("step %d, %s: got %v, want no complaint about what was asked for", i, step.change, err)
		}
	}
	err = controller.ChangeBroker(within(t), 1, cluster.BrokerStopped)
	if err == nil || !strings.Contains(err.Error(), "the only broker is 0") {
		t.Errorf("got error %v, want one that names the brokers", err)
	}
	if err := session.(cluster.CoordinatorMover).MoveCoordinator(within(t), "g"); !outcome.IsNotApplicable(err) {
		t.Errorf("got error %v, want outcome.NotApplicable", err)
	}
	if err := session.Close(within(t)); err != nil { // brings the killed broker back
		t.Fatal(err)
	}
	next := open(t, backend)
	createTopic(t, next, "orders", 1)
	if got := next.Bootstrap(); got[0] != before[0] {
		t.Errorf("got %s after the restart, want the same address %s", got, before)
	}
}

func TestLocalNoticesADeadBroker(t *testing.T) {
	useFakeJava(t, "good")
	logs := filepath.Join(t.TempDir(), "logs")
	backend, err := cluster.StartLocal(within(t), cluster.LocalOptions{KeepLogs: logs})
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(cluster.BrokerPIDs(backend)[0], syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	health := backend.(cluster.HealthReporter).Health
	waitFor(t, "the death to be noticed", func() bool { return health() != nil })
	for name, err := range map[string]error{"Health": health(), "Open": openError(t, backend),
		"Close": backend.Close(within(t))} {
		if err == nil || !strings.Contains(err.Error(), "broker 0 of the local cluster ended with exit code 143") ||
			!strings.Contains(err.Error(), "shut down") || !outcome.IsEnvironment(err) {
			t.Errorf("%s: got error %v, want outcome.Environment with the broker and its last log lines", name, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(logs, "broker-0.log")); err != nil ||
		!strings.Contains(string(text), "shut down") {
		t.Errorf("got log %q and error %v, want the broker's log kept", text, err)
	}
}

func openError(t *testing.T, backend cluster.Backend) error {
	t.Helper()
	_, err := backend.Open(within(t), cluster.Needs{})
	return err
}

func TestLocalStartFailures(t *testing.T) {
	tests := map[string]string{
		"old":    "the local cluster needs Java 17 or later, got Java 11",
		"broken": "formatting the brokers' data folder ended with exit code 1:\nException in thread main: no space left",
		"dies":   "ERROR the disk is full",
	}
	for behaviour, want := range tests {
		t.Run(behaviour, func(t *testing.T) {
			useFakeJava(t, behaviour)
			_, err := cluster.StartLocal(within(t), cluster.LocalOptions{})
			if err == nil || !strings.Contains(err.Error(), want) || !outcome.IsEnvironment(err) {
				t.Errorf("got error %v, want outcome.Environment with %q", err, want)
			}
			if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "kafkaspec-work-*", "brokers-*")); len(left) > 0 {
				t.Errorf("got %v left, want nothing", left)
			}
		})
	}
}

func TestLocalWithoutJavaOrKafka(t *testing.T) {
	useFakeJava(t, "good")
	home := os.Getenv("KAFKA_HOME")
	wantStart := func(want string) {
		t.Helper()
		_, err := cluster.StartLocal(within(t), cluster.LocalOptions{})
		if err == nil || !strings.Contains(err.Error(), want) || !outcome.IsEnvironment(err) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v, want outcome.Environment, one line with %q", err, want)
		}
	}
	t.Setenv("JAVA_HOME", t.TempDir())
	wantStart("install a Java runtime or set JAVA_HOME")
	t.Setenv("JAVA_HOME", home)
	t.Setenv("KAFKA_HOME", t.TempDir())
	wantStart("no such file or directory; set KAFKA_HOME to an unpacked Apache Kafka")
	writeFile(t, filepath.Join(os.Getenv("KAFKA_HOME"), "libs", "kafka_2.13-3.9.1.jar"), "", 0o644)
	wantStart("got version 3.9.1, want 4.0 or later")
	if _, err := cluster.StartLocal(within(t), cluster.LocalOptions{Brokers: 2}); err == nil ||
		outcome.IsEnvironment(err) {
		t.Errorf("got error %v, want one about the options", err)
	}
}

func TestLocalTriesOtherPortsWhenOneIsTaken(t *testing.T) {
	useFakeJava(t, "taken")
	backend, err := cluster.StartLocal(within(t), cluster.LocalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := backend.Close(within(t)); err != nil {
		t.Error(err)
	}
	if attempts, _ := os.ReadFile(filepath.Join(os.Getenv("KAFKA_HOME"), "attempts")); len(attempts) != 2 {
		t.Errorf("got %d attempts, want 2", len(attempts))
	}
}

func TestLocalStartInterrupted(t *testing.T) {
	useFakeJava(t, "hangs")
	ctx, cancel := context.WithCancel(within(t))
	result := make(chan error, 1)
	go func() {
		_, err := cluster.StartLocal(ctx, cluster.LocalOptions{})
		result <- err
	}()
	waitFor(t, "the broker to be started", func() bool {
		_, err := os.Stat(filepath.Join(os.Getenv("KAFKA_HOME"), "attempts"))
		return err == nil
	})
	cancel()
	start := time.Now()
	if err := <-result; !errors.Is(err, context.Canceled) || outcome.IsEnvironment(err) {
		t.Errorf("got error %v, want context.Canceled and not outcome.Environment", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("got the end after %v, want it at once", took)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "kafkaspec-work-*", "brokers-*")); len(left) > 0 {
		t.Errorf("got %v left, want nothing", left)
	}
}

func TestLocalBrokersEndWithTheirParent(t *testing.T) {
	useFakeJava(t, "good")
	killParent(t, "1")
}

func TestLocalRealBrokersEndWithTheirParent(t *testing.T) {
	needLocal(t)
	t.Setenv("TMPDIR", t.TempDir())
	killParent(t, "3")
}

// killParent kills a process that started brokers, and wants the brokers gone, and their folder with the next start.
func killParent(t *testing.T, brokers string) {
	t.Helper()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentRole+"="+brokers)
	parent.Stderr = os.Stderr
	output, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || strings.HasPrefix(line, "error") {
		t.Errorf("got %q and error %v, want process ids", line, err)
	}
	if err := errors.Join(parent.Process.Kill()); err != nil {
		t.Error(err)
	}
	_ = parent.Wait() // killed: its error is what we asked for
	folder, list, _ := strings.Cut(strings.TrimSpace(line), " [")
	killed := time.Now()
	for _, text := range strings.Fields(strings.TrimSuffix(list, "]")) {
		pid, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		waitFor(t, "broker process "+text+" to end", func() bool { return !alive(pid) })
	}
	if took := time.Since(killed); took > 5*time.Second {
		t.Errorf("got the brokers gone after %v, want at most 5s", took)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("got %v, want the folder of the killed process", err)
	}
	useFakeJava(t, "broken") // sweeps and then fails
	t.Setenv("TMPDIR", filepath.Dir(filepath.Dir(folder)))
	_ = openLocalError(t)
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %s after the next start, want it swept", folder)
	}
}

func openLocalError(t *testing.T) error {
	t.Helper()
	_, err := cluster.StartLocal(within(t), cluster.LocalOptions{})
	return err
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }
