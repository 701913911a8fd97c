package cluster_test

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/twmb/franz-go/pkg/kgo"
)

// needLocal skips a test of real brokers with the reason, so that a machine with Go only stays quick and honest.
func needLocal(t testing.TB) {
	t.Helper()
	testenv.NeedLocal(t, "Apache Kafka and Java")
	if _, err := exec.LookPath("java"); err != nil {
		t.Skipf("real brokers need Java: %v", err)
	}
	if _, err := exec.LookPath("mvn"); err != nil && os.Getenv("KAFKA_HOME") == "" {
		t.Skipf("real brokers need Maven or KAFKA_HOME: %v", err)
	}
}

func startLocal(t testing.TB, o cluster.LocalOptions) cluster.Backend {
	t.Helper()
	needLocal(t)
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	backend, err := cluster.StartLocal(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s started in %v", backend.Describe(), time.Since(start).Round(time.Millisecond))
	t.Cleanup(func() {
		if err := backend.Close(within(t)); err != nil {
			t.Errorf("close backend: %v", err)
		}
	})
	return backend
}

func TestLocalOneBroker(t *testing.T) {
	backend := startLocal(t, cluster.LocalOptions{Brokers: 1})
	for name, opts := range map[string][]kgo.Opt{
		"classic":  nil,
		"consumer": {kgo.ServerSideBalancer()},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			session := open(t, backend)
			topic := createTopic(t, session, "orders", 3)
			t.Logf("topic after %v", time.Since(start))
			roundTrip(t, session, topic, session.Names().Group("shipping"), opts...)
			t.Logf("round trip after %v", time.Since(start))
			closing := time.Now()
			if err := session.Close(within(t)); err != nil {
				t.Error(err)
			}
			t.Logf("closed in %v", time.Since(closing))
		})
	}
}

func TestLocalThreeBrokers(t *testing.T) {
	backend := startLocal(t, cluster.LocalOptions{Brokers: 3, Progress: os.Stderr})
	session := open(t, backend)
	topic := createTopic(t, session, "orders", 3)
	roundTrip(t, session, topic, session.Names().Group("shipping"))
}
