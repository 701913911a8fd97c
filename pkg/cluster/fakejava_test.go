package cluster_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/twmb/franz-go/pkg/kfake"
)

// fakeJava makes the test binary play Java, so that local clusters are tested without one: kafka.Kafka is then kfake on
// the port of server.properties. Its value says how it misbehaves: "old", "broken", "dies", "hangs" or "taken".
const fakeJava = "KAFKASPEC_FAKE_JAVA"

// useFakeJava sets JAVA_HOME and KAFKA_HOME to fakes.
func useFakeJava(t *testing.T, behaviour string) {
	t.Helper()
	folder := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\n%s=%s exec %q \"$@\"\n", fakeJava, behaviour, self)
	writeFile(t, filepath.Join(folder, "bin", "java"), script, 0o755)
	writeFile(t, filepath.Join(folder, "libs", "kafka_2.13-4.4.0.jar"), "", 0o644)
	t.Setenv("JAVA_HOME", folder)
	t.Setenv("KAFKA_HOME", folder)
	t.Setenv("TMPDIR", folder)
}

func writeFile(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// beJava is Java's main. It returns the exit code.
func beJava(behaviour string, arguments []string) int {
	last := arguments[len(arguments)-1]
	switch {
	case last == "-version" && behaviour == "old":
		fmt.Fprintln(os.Stderr, `openjdk version "11.0.2" 2019-01-15`)
	case last == "-version":
		fmt.Fprintln(os.Stderr, `openjdk version "21.0.1" 2023-10-17`)
	case strings.Contains(strings.Join(arguments, " "), "StorageTool"):
		if behaviour == "broken" {
			fmt.Println("Exception in thread main: no space left")
			return 1
		}
		data := property(last, "log.dirs")
		_ = os.MkdirAll(data, 0o755)
		_ = os.WriteFile(filepath.Join(data, "meta.properties"), []byte("node.id=0\ndirectory.id=x\n"), 0o644)
	default:
		return beBroker(behaviour, last)
	}
	return 0
}

func beBroker(behaviour, config string) int {
	fmt.Println("starting", config)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(property(config, "advertised.listeners"), "CLIENTS://"))
	number, _ := strconv.Atoi(port)
	marker := filepath.Join(os.Getenv("KAFKA_HOME"), "attempts")
	attempts, _ := os.ReadFile(marker)
	_ = os.WriteFile(marker, append(attempts, '.'), 0o644)
	if behaviour == "dies" {
		fmt.Println("ERROR the disk is full")
		return 3
	}
	if behaviour == "taken" && len(attempts) == 0 {
		fmt.Printf("org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:%d: Address already "+
			"in use.\n", number)
		return 1
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	if behaviour == "hangs" {
		<-end
		return 143
	}
	broker, err := kfake.NewCluster(kfake.Ports(number))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer broker.Close()
	<-end
	fmt.Println("shut down")
	return 143
}

func property(file, key string) string {
	text, _ := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), "="); name == key {
			return value
		}
	}
	return ""
}

// useFakeMaven puts a shell script called mvn into a PATH of its own, with the variables $libs for the folder it should
// fill.
func useFakeMaven(t *testing.T, script string) {
	t.Helper()
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "mvn"), `#!/bin/sh
for argument; do case "$argument" in -DoutputDirectory=*) libs="${argument#*=}";; esac; done
`+script, 0o755)
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// fetched is a script that does what Maven would: it fetches one jar, an archive with nothing in it.
const fetched = `echo "Downloaded from central: kafka.jar"; mkdir -p "$libs" &&
printf 'PK\005\006' > "$libs/kafka_2.13-4.4.0.jar" && head -c 18 /dev/zero >> "$libs/kafka_2.13-4.4.0.jar"`

func isFetched(home string) bool {
	pom, err := os.ReadFile(filepath.Join(home, "pom.xml"))
	return err == nil && bytes.Equal(pom, kafka.POM(kafka.Version()))
}

// parentRole makes the test binary a process that starts local brokers, prints their ids and waits to be killed.
const parentRole = "KAFKASPEC_CLUSTER_TEST_PARENT"

func beParent(brokers string) {
	count, _ := strconv.Atoi(brokers)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	backend, err := cluster.StartLocal(ctx, cluster.LocalOptions{Brokers: count})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println(cluster.WorkFolder(backend), cluster.BrokerPIDs(backend))
	<-ctx.Done()
}
