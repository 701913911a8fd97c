package stateful

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// member is the session of a member that has read the one event there is, with a client and without its loop, and the
// task of its partition.
func member(t *testing.T) (*lab.Lab, *session, *task) {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "events", 1)
	l.Topic(t, "state", 1, "cleanup.policy", "compact")
	l.Values(t, "events", 0, "a")
	s := &session{
		options: Options{
			Inputs: []string{"events"}, Changelog: "state", TransactionalID: "member", TransactionTimeout: 10 * time.Second,
			CommitEvery: 100 * time.Millisecond, Member: group.Member{SessionTimeout: 10 * time.Second,
				HeartbeatInterval: 50 * time.Millisecond, RebalanceTimeout: 10 * time.Second},
		},
		env: app.Env{Group: "members"}, log: slog.New(slog.DiscardHandler), tasks: map[int32]*task{},
	}
	client, err := kgo.NewClient(append(s.clientOptions(), kgo.SeedBrokers(l.Fake.ListenAddrs()...))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseAllowingRebalance)
	s.client, s.admin = client, kadm.NewClient(client)
	if n := client.PollFetches(l.Ctx).NumRecords(); n != 1 {
		t.Fatalf("got %d records, want 1", n)
	}
	client.AllowRebalance()
	s.mu.Lock()
	defer s.mu.Unlock()
	one := &task{partition: 0, member: s.changes[0].member, queues: []*queue{{topic: "events", next: 1, epoch: -1}}}
	one.out = newEmitter(s, one)
	s.tasks[0] = one
	return l, s, one
}

// A member that the group has expelled, and that has joined again under a new id, does not commit what it processed
// before: the partitions may have been another's meanwhile, and the group would take the new id's word for it.
func TestMemberThatJoinedAnewDoesNotCommitForTheOldOne(t *testing.T) {
	l, s, one := member(t)
	client, old := s.client, one.member
	leave := kmsg.NewPtrLeaveGroupRequest()
	leaves := kmsg.NewLeaveGroupRequestMember()
	leave.Group, leave.MemberID, leaves.MemberID = s.env.Group, old, old
	leave.Members = append(leave.Members, leaves)
	if answer, err := leave.RequestWith(l.Ctx, l.Client); err != nil || answer.ErrorCode != 0 {
		t.Fatalf("expel the member: %v, %v", err, answer)
	}
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for now, generation := client.GroupMetadata(); now == old || now == "" || generation < 0; now,
		generation = client.GroupMetadata() {
		select {
		case <-again.C:
		case <-l.Ctx.Done():
			t.Fatalf("got member id %q, want another than %q", now, old)
		}
	}
	one.out.Changelog([]byte("k"), []byte("v"))
	if err := s.flush(l.Ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.commitOffsets(l.Ctx, []*task{one}); !errors.Is(err, kerr.UnknownMemberID) {
		t.Errorf("got %v, want %v: the old member's offsets must not be committed", err, kerr.UnknownMemberID)
	}
	// whatever was accepted would be committed with it
	if err := s.client.EndTransaction(l.Ctx, kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	offsets, err := l.Admin.FetchOffsets(l.Ctx, s.env.Group)
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := offsets.Lookup("events", 0); ok && o.At >= 0 {
		t.Errorf("got the committed offset %d, want none", o.At)
	}
}
