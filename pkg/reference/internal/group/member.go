package group

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// Member is what can be set of a member of a group.
type Member struct {
	SessionTimeout    time.Duration // session-timeout
	HeartbeatInterval time.Duration // heartbeat-interval
	// RebalanceTimeout, setting rebalance-timeout, is how long the group waits for a member that is in the middle of
	// something. One that was killed while it was joining counts as present for so long.
	RebalanceTimeout time.Duration
}

// ReadMember reads the settings of a member. The defaults are as Kafka's are: 45 s, 3 s and a minute.
func ReadMember(env app.Env) Member {
	s := env.Settings
	session := s.Duration("session-timeout", 45*time.Second)
	return Member{session, s.Duration("heartbeat-interval", session/15),
		s.Duration("rebalance-timeout", min(2*session, time.Minute))}
}

// Check says what a member lacks.
func Check(env app.Env) error {
	switch {
	case len(env.Inputs) == 0:
		return errors.New("no input topic; name at least one to read")
	case env.Group == "":
		return errors.New("no group; name the consumer group to join")
	}
	return nil
}

// Told is called by the client with the partitions that were assigned, revoked or lost.
type Told func(how string, client *kgo.Client, partitions map[string][]int32)

// Options are those of a client that reads what is committed, as a member of the application's group, from the start
// where the group has no offset. A balancer is not among them, nor is who commits. told may be nil.
func (m Member) Options(env app.Env, told Told) []kgo.Opt {
	tell := func(how string) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, client *kgo.Client, partitions map[string][]int32) {
			told(how, client, partitions)
		}
	}
	options := []kgo.Opt{
		kgo.ConsumerGroup(env.Group),
		kgo.ConsumeTopics(env.Inputs...),
		kgo.SessionTimeout(m.SessionTimeout),
		kgo.HeartbeatInterval(m.HeartbeatInterval),
		kgo.RebalanceTimeout(m.RebalanceTimeout),
		// Both: the first is for a group without a commit, the second for a committed offset that no longer exists.
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	}
	if told != nil {
		options = append(options, kgo.OnPartitionsAssigned(tell("assigned")), kgo.OnPartitionsRevoked(tell("revoked")),
			kgo.OnPartitionsLost(tell("lost")))
	}
	return options
}
