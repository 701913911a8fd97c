// Package clients holds that a client cannot tell the embedded broker from Apache Kafka, nor the wire from none: what
// applications do is tried with clients of all kinds, and comes to the same everywhere. docs/clients.md has the table.
package clients_test

import (
	"cmp"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(testenv.Patient{Tests: m}) }

// client is a client of Kafka with its driver.
type client struct {
	name   string
	start  func(*testing.T) []string // the command of its driver; skips the test where it cannot run
	cannot map[string]string         // rows that it cannot do, or "row/way", with the reason
	trap   string                    // how an answer begins that comes of a known fault of it; "" for none
}

// rowTries is how often a row is tried where the client meets its known fault.
const rowTries = 3

const fixtures = "../../fixtures/clients"

func python(module, pip, script string) func(*testing.T) []string {
	return func(t *testing.T) []string {
		return []string{testenv.Python(t, module, pip), filepath.Join(fixtures, script)}
	}
}

const (
	classicOnly = "it has the classic protocol only"
	inJava      = "it is a library of Java"
	noCodec     = "it comes without this codec"
	// Seen in 1 of 10 runs with 3.0.12: it has joined, is given partitions, believes that all is well and has none.
	unsteady = "not run: after some joins it goes on without the partitions that it was given"
	// The brokers with a login are kfake without the screen; the embedded broker of scenarios has no login.
	noMechanisms = "kfake does not name the mechanisms that it has, which this client wants to see"
)

// stockNode runs a driver with a package that npm installed below the folder of clients.
func stockNode(script string) func(*testing.T) []string {
	return func(t *testing.T) []string {
		modules, err := filepath.Abs(filepath.Join(testenv.Clients(t), "node", "node_modules"))
		if err != nil {
			t.Fatal(err)
		}
		return []string{"env", "NODE_PATH=" + modules, "node", filepath.Join(fixtures, script)}
	}
}

// java runs the driver with the jars of a version below the folder of clients. A JDK compiles it as it runs it.
func java(version string) func(*testing.T) []string {
	return func(t *testing.T) []string {
		return []string{"java", "-XX:TieredStopAtLevel=1", "-Xmx384m", "-cp",
			filepath.Join(testenv.Clients(t), "java-"+version, "*"), filepath.Join(fixtures, "KafkaClients.java")}
	}
}

// franzGo builds the driver that is a program in Go.
func franzGo(t *testing.T) []string {
	binary := filepath.Join(t.TempDir(), "franzgo")
	build := exec.Command("go", "build", "-o", binary, "../../fixtures/clients/franzgo")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return []string{binary}
}

var clients = []client{
	{name: "franz-go", start: franzGo, cannot: map[string]string{
		"Kafka Streams, exactly_once_v2": inJava,
		"codec lz4, sent":                "it sends a batch as it is where that is shorter, as it is here",
	}},
	{name: "librdkafka", start: python("confluent_kafka", "confluent-kafka", "librdkafka.py"), cannot: map[string]string{
		"Kafka Streams, exactly_once_v2": inJava,
	}},
	{name: "kafka-python", trap: "error Missing: still not at ", start: python("kafka", "kafka-python",
		"kafka_python.py"), cannot: map[string]string{
		"Kafka Streams, exactly_once_v2": inJava,
		"group, range":                   unsteady, "group, cooperative-sticky": unsteady,
		"static members, classic": unsteady,
		"group, KIP-848":          classicOnly, "static members, KIP-848": classicOnly,
		"SCRAM-SHA-256": noMechanisms, "TLS and SCRAM-SHA-512/" + direct: noMechanisms,
	}},
	{name: "aiokafka", start: python("aiokafka", "aiokafka", "aio_kafka.py"), cannot: map[string]string{
		"Kafka Streams, exactly_once_v2": inJava,
		"group, cooperative-sticky":      "its assignors are eager",
		"group, KIP-848":                 classicOnly, "static members, KIP-848": classicOnly,
		"Admin: set a group's offsets, delete it": "its Admin has neither",
		"SCRAM-SHA-256": noMechanisms, "TLS and SCRAM-SHA-512/" + direct: noMechanisms,
	}},
	{name: "Java 2.8", start: java("2.8.2"), cannot: map[string]string{
		"Kafka Streams, exactly_once_v2": "it came with 3.0", "group, KIP-848": classicOnly,
		"static members, KIP-848": classicOnly,
	}},
	{name: "Java 3.9", start: java("3.9.1")},
	{name: "Java 4.3", start: java("4.3.1")},
	{name: "Java 4.4", start: java("4.4.0")},
	{name: "KafkaJS", start: stockNode("kafkajs.js"), cannot: map[string]string{
		"Kafka Streams, exactly_once_v2": inJava,
		"codec snappy, sent":             noCodec, "codec snappy, read": noCodec, "codec lz4, sent": noCodec,
		"codec lz4, read": noCodec, "codec zstd, sent": noCodec, "codec zstd, read": noCodec,
		"group, range": "its assigner is round-robin", "group, cooperative-sticky": "its assigner is eager",
		"group, KIP-848": classicOnly, "static members, KIP-848": classicOnly,
		"static members, classic":                       "it has none",
		"manual assignment, seek and committed offsets": "it assigns in groups only",
		"transactions with offsets/" + cut:              "it does not ask again for the end of a transaction",
		"SCRAM-SHA-256":                                 noMechanisms, "TLS and SCRAM-SHA-512/" + direct: noMechanisms,
	}},
}

// reason is why the client cannot do a row in a way; empty where it can.
func (c client) reason(r row, way string) string {
	return cmp.Or(c.cannot[r.name], c.cannot[r.name+"/"+way])
}

// TestClients runs all rows with all clients that there are, on the embedded cluster and, where it is asked for, on
// Apache Kafka.
func TestClients(t *testing.T) {
	testenv.LongOnly(t, "has clients in other languages do the same a hundred times")
	places := []place{{cluster.KindEmbedded, cluster.NewEmbedded(cluster.EmbeddedOptions{})}}
	if testenv.ClientsOnKafka() {
		places = append(places, local(t))
	}
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			d := &driver{command: c.start(t)}
			t.Cleanup(d.stop)
			for _, p := range places {
				t.Run(p.name, func(t *testing.T) { c.everyRow(t, d, p) })
			}
		})
	}
}

func (c client) everyRow(t *testing.T, d *driver, p place) {
	for _, r := range rows {
		for _, way := range r.ways() {
			if c.reason(r, way) != "" {
				continue
			}
			t.Run(r.name+"/"+way, func(t *testing.T) {
				s := open(t, r, way, p)
				said := d.carryOut(s.ctx, t, r.line(s.settings), c.trap)
				for tries := 1; c.trap != "" && strings.HasPrefix(said, c.trap) && tries < rowTries; tries++ {
					t.Logf("%s: known of %s (docs/clients.md); the row is tried again", said, c.name)
					s = open(t, r, way, p)
					said = d.carryOut(s.ctx, t, r.line(s.settings), c.trap)
				}
				s.judge(said)
			})
		}
	}
}

func local(t *testing.T) place {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	backend, err := cluster.StartLocal(ctx, cluster.LocalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return place{cluster.KindLocal, backend}
}
