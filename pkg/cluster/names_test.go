package cluster_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

func TestNamesWithPrefix(t *testing.T) {
	names := cluster.NewNames("ks-0a1b2c3d-")
	if got, want := names.Topic("orders"), "ks-0a1b2c3d-orders"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := names.TransactionalID("tx"), "ks-0a1b2c3d-tx"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := names.Group("shipping"), "ks-0a1b2c3d-shipping"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if logical, ours := names.LogicalTopic("ks-0a1b2c3d-orders"); logical != "orders" || !ours {
		t.Errorf("got %q %v, want orders true", logical, ours)
	}
	if _, ours := names.LogicalGroup("somebody-else"); ours {
		t.Error("got a group of somebody else as ours, want false")
	}
}

func TestNamesUndo(t *testing.T) {
	names := cluster.NewNames("ks-0a1b2c3d-")
	got := names.Undo("ks-0a1b2c3d-orders_dlq[0]@ks-0a1b2c3d-orders,ks-0a1b2c3d-o by ks-0a1b2c3d-orders-retry; " +
		"ks-ffffffff-orders")
	if want := "orders_dlq[0]@orders,o by orders-retry; ks-ffffffff-orders"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestNamesWithoutPrefix(t *testing.T) {
	names := cluster.NewNames("")
	if got := names.Topic("orders"); got != "orders" {
		t.Errorf("got %q, want orders", got)
	}
	if got := names.Undo("orders of ks-0a1b2c3d-orders"); got != "orders of ks-0a1b2c3d-orders" {
		t.Errorf("got %q, want it unchanged", got)
	}
	if _, ours := names.LogicalTopic("__consumer_offsets"); ours {
		t.Error("got Kafka's own topic as ours, want false")
	}
	if logical, ours := names.LogicalTopic("made-by-the-application"); logical != "made-by-the-application" || !ours {
		t.Errorf("got %q %v, want the name itself, true", logical, ours)
	}
}

func TestNamesThatApplicationsGive(t *testing.T) {
	names := cluster.NewNames("ks-0a1b2c3d-")
	names.CallTopic("retry.ks-0a1b2c3d-orders", "retries")
	if got, want := names.Topic("retries"), "retry.ks-0a1b2c3d-orders"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if logical, ours := names.LogicalTopic("retry.ks-0a1b2c3d-orders"); logical != "retries" || !ours {
		t.Errorf("got %q %v, want retries true", logical, ours)
	}
}

func TestOfScenario(t *testing.T) {
	for name, want := range map[string]bool{
		"ks-66aabbcc-0a1b2c3d-orders":       true,
		"retry.ks-66aabbcc-0a1b2c3d-orders": true, // an application made it of a name that it was told
		"orders":                            false,
		"tanks-66aabbcc-0a1b2c3d-orders":    false,
	} {
		if got := cluster.OfScenario(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
