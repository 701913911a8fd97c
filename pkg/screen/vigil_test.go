package screen_test

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// raw is a member of a classic group that does what the test says, and nothing else.
type raw struct {
	t          *testing.T
	client     *kgo.Client
	id         string
	generation int32
}

const (
	rawSession   = 300 * time.Millisecond
	rawRebalance = 20 * time.Second
)

func (r *raw) ask(request kmsg.Request) kmsg.Response {
	r.t.Helper()
	answer, err := r.client.Broker(0).Request(r.t.Context(), request)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer
}

// join joins, once more if it was only given an id. It tells the error.
func (r *raw) join(topics byte) error {
	r.t.Helper()
	request := kmsg.NewPtrJoinGroupRequest()
	request.Group, request.MemberID, request.ProtocolType = "g", r.id, "consumer"
	request.SessionTimeoutMillis = int32(rawSession.Milliseconds())
	request.RebalanceTimeoutMillis = int32(rawRebalance.Milliseconds())
	request.Protocols = []kmsg.JoinGroupRequestProtocol{{Name: "range", Metadata: []byte{topics}}}
	answer := r.ask(request).(*kmsg.JoinGroupResponse)
	if answer.ErrorCode == kerr.MemberIDRequired.Code {
		r.id = answer.MemberID
		return r.join(topics)
	}
	r.generation = answer.Generation
	return kerr.ErrorForCode(answer.ErrorCode)
}

func (r *raw) sync() error {
	r.t.Helper()
	request := kmsg.NewPtrSyncGroupRequest()
	request.Group, request.MemberID, request.Generation = "g", r.id, r.generation
	return kerr.ErrorForCode(r.ask(request).(*kmsg.SyncGroupResponse).ErrorCode)
}

func (r *raw) beat() error {
	r.t.Helper()
	request := kmsg.NewPtrHeartbeatRequest()
	request.Group, request.MemberID, request.Generation = "g", r.id, r.generation
	return kerr.ErrorForCode(r.ask(request).(*kmsg.HeartbeatResponse).ErrorCode)
}

// beatUntil sends heartbeats in time until stop says so.
func (r *raw) beatUntil(what string, stop func(answered error) bool) {
	r.t.Helper()
	err := await.Until(r.t.Context(), await.Options{Within: rawRebalance, Every: rawSession / 4, What: what},
		func(context.Context) (bool, error) { return stop(r.beat()), nil })
	if err != nil {
		r.t.Fatal(err)
	}
}

// A member that waits for another one for longer than its session timeout stays in the group and is answered, in
// JoinGroup as in SyncGroup.
func TestMemberThatWaitsIsKept(t *testing.T) {
	b := start(t, kfake.GroupMinSessionTimeout(100*time.Millisecond))
	first := &raw{t: t, client: b.client(t)}
	second := &raw{t: t, client: b.client(t)}
	done := make(chan error, 1)
	if err := first.join(1); err != nil {
		t.Fatal(err)
	}
	go func() { done <- second.join(1) }() // waits until the first has joined again
	first.beatUntil("a rebalance", func(e error) bool { return e != nil })
	if err := first.join(1); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	// The second waits in SyncGroup for the leader, which takes its time.
	go func() { done <- second.sync() }()
	long := time.Now().Add(3 * rawSession)
	first.beatUntil("three sessions", func(error) bool { return time.Now().After(long) })
	if err := first.sync(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatalf("got %v for the member that waited in SyncGroup, want no error", err)
	}

	// It joins with another subscription, and waits for the leader again.
	go func() { done <- second.join(2) }()
	first.beatUntil("a rebalance", func(e error) bool { return e != nil })
	long = time.Now().Add(3 * rawSession)
	first.beatUntil("three sessions", func(error) bool { return time.Now().After(long) })
	if err := first.join(1); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || second.generation != first.generation {
		t.Fatalf("got %v and generation %d for the member that waited in JoinGroup, want no error and %d", err,
			second.generation, first.generation)
	}
}
