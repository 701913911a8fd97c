package wire

import (
	"context"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// TestALinkThatIsClosedMakesRoom opens the wire of an application again, as for one that is started anew.
func TestALinkThatIsClosedMakesRoom(t *testing.T) {
	p := wired(t, clusterOf(t), Options{})
	first, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	if second == first {
		t.Fatal("got the link that is closed, want a new one")
	}
	if err := first.Close(); err != nil { // again, which is nothing to the new one
		t.Fatal(err)
	}
	if third, err := p.Application("app"); err != nil || third != second {
		t.Errorf("got another link (error %v), want the one that is open", err)
	}
}

// TestConnectionsThatEndedAreForgotten holds that an application which connects again and again costs no memory.
func TestConnectionsThatEndedAreForgotten(t *testing.T) {
	p := wired(t, clusterOf(t), Options{})
	c := client(t, p, "app")
	if err := c.Ping(deadline(t)); err != nil {
		t.Fatal(err)
	}
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	open := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.connections)
	}
	if open() == 0 {
		t.Fatal("got no connection, want one at least")
	}
	c.Close()
	if err := await.Until(deadline(t), await.Options{Within: within, What: "connections that ended to be forgotten"},
		func(context.Context) (bool, error) { return open() == 0, nil }); err != nil {
		t.Error(err)
	}
}

// TestTheBrokerOfAConnection is that of its listener, or, of a bootstrap listener, the one at the address.
func TestTheBrokerOfAConnection(t *testing.T) {
	known := newBrokers()
	known.seen(2, "localhost", 9092)
	p := &Proxy{directory: known}
	for _, c := range []struct {
		node    int32
		address string
		want    int32
	}{{3, "localhost:9092", 3}, {anyBroker, "localhost:9092", 2}, {anyBroker, "localhost:9093", anyBroker}} {
		of := &connection{listener: &listener{link: &Link{proxy: p}, node: c.node}, address: c.address}
		if got := of.broker(); got != c.want {
			t.Errorf("listener of %d, connected to %s: got broker %d, want %d", c.node, c.address, got, c.want)
		}
	}
}

// TestCoordinatorsAreOfGroupsOrTransactions tells by the type of the keys what is asked for (0 is a group).
func TestCoordinatorsAreOfGroupsOrTransactions(t *testing.T) {
	for kind, want := range map[int8][2]int{0: {1, 0}, 1: {0, 1}} {
		for _, version := range []int16{3, 4} {
			r := kmsg.NewPtrFindCoordinatorRequest()
			r.Version, r.CoordinatorType, r.CoordinatorKey, r.CoordinatorKeys = version, kind, "k", []string{"k"}
			s := newBrokers().scopeOf(r)
			if got := [2]int{len(s.groups), len(s.transactionalIDs)}; got != want {
				t.Errorf("type %d, version %d: got %v groups and transactional ids, want %v", kind, version, got, want)
			}
		}
	}
}

// TestErrorsOfSessions are FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH and FETCH_SESSION_TOPIC_ID_ERROR.
func TestErrorsOfSessions(t *testing.T) {
	for code, want := range map[int16]bool{70: true, 71: true, 106: true, 6: false, 69: false, 105: false, 107: false} {
		if got := sessionError(code); got != want {
			t.Errorf("%d: got %v, want %v", code, got, want)
		}
	}
}
