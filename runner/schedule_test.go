package runner

import (
	"runtime"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// Runs are made as they are taken: a million of them take no memory.
func TestRepeatsTakeNoMemory(t *testing.T) {
	testenv.LongOnly(t, "measures memory or time on much input")
	const repeats = 1_000_000
	shared, other := &scenario{}, &scenario{}
	shares := map[*scenario][]string{shared: {"topic orders"}}
	q := newQueue(jobs([]*scenario{shared, other}, repeats, shares), func() bool { return false })
	defer q.close()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	taken := map[*scenario]int{}
	for j, ok := q.take(); ok; j, ok = q.take() {
		taken[j.scenario]++
		if j.repeat != taken[j.scenario] {
			t.Fatalf("got repetition %d, want %d", j.repeat, taken[j.scenario])
		}
		q.release(j)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("got %d bytes more, want none", grown)
	}
	if taken[shared] != repeats || taken[other] != repeats {
		t.Errorf("got %v", taken)
	}
}

// A job whose share is in use waits, and those behind it go on.
func TestAJobWaitsForItsShare(t *testing.T) {
	shared, other := &scenario{}, &scenario{}
	shares := map[*scenario][]string{shared: {"topic orders"}}
	q := newQueue(jobs([]*scenario{shared, shared, other}, 1, shares), func() bool { return false })
	defer q.close()
	first, _ := q.take()
	second, _ := q.take()
	if first.scenario != shared || second.scenario != other {
		t.Errorf("got %p and %p, want the second shared one to wait", first.scenario, second.scenario)
	}
	q.release(first)
	if third, ok := q.take(); !ok || third.scenario != shared {
		t.Errorf("got %v", third)
	}
}

// Scenarios with fixed names share more than the names that are equal: an application may make one of another.
func TestRootsOfFixedNames(t *testing.T) {
	fixed := []string{"", "eu.orders", "orders", "orders-eu", "orders-eu_dlq", "ordersold", "shipping"}
	for name, want := range map[string]string{"orders": "orders", "orders-eu": "orders", "orders-eu_dlq": "orders",
		"orders.DLT": "orders", "ordersold": "ordersold", "eu.orders": "eu.orders", "shipping": "shipping",
		"prices": "prices", "-orders": "-orders"} {
		if got := rootOf(name, fixed); got != want {
			t.Errorf("%s: got root %q, want %q", name, got, want)
		}
	}
}
