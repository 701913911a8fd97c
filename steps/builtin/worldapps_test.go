package builtin_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/shareworker"
)

// worldApplications are what the worlds have beside the reference applications.
var worldApplications = map[string]app.Func{
	"talker":   talk,
	"greedy":   readAll,
	"wayward":  readOtherwise,
	"careless": recreate,
	"late":     commitLate,
	"eager":    workTwice,
}

// workTwice is a member of a share group that works twice on each record that it is given.
func workTwice(ctx context.Context, env app.Env) error {
	return shareworker.RunWith(ctx, env, func(p *shareworker.Policy) {
		p.Settle = func(_ context.Context, h shareworker.Held) {
			if errors.Join(h.Work(), h.Work()) == nil {
				h.Ack(kgo.AckAccept)
			}
		}
	})
}

// talk logs the lines of its setting says, a message and key=value each, and then runs until it is stopped, or ends at
// once with the setting ends. Topics are named as in the scenario.
func talk(ctx context.Context, env app.Env) error {
	says, ends := env.Settings.Strings("says", nil), env.Settings.Bool("ends", false)
	if err := env.Settings.Err(); err != nil {
		return err
	}
	for _, line := range says {
		message, rest, _ := strings.Cut(line, " ")
		var attributes []any
		for _, pair := range strings.Fields(rest) {
			key, value, _ := strings.Cut(pair, "=")
			if key == "topic" {
				value = env.Topic(value)
			}
			attributes = append(attributes, key, value)
		}
		env.Log.Info(message, attributes...)
	}
	if ends {
		return nil
	}
	<-ctx.Done()
	return nil
}

// readAll is a member of a group whose leader gives all partitions to everybody.
func readAll(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.ConsumerGroup(env.Group), kgo.ConsumeTopics(env.Inputs...),
		kgo.Balancers(allToAll{kgo.RangeBalancer()}), kgo.HeartbeatInterval(50*time.Millisecond))...)
	if err != nil {
		return err
	}
	defer client.Close()
	for ctx.Err() == nil {
		client.PollFetches(ctx)
	}
	return nil
}

// readOtherwise is a member of a group that commits what it processes, but reads as its setting says: of each batch the
// last record first (backwards), everything again (again), or only what comes once it has jumped over the rest
// (skips).
func readOtherwise(ctx context.Context, env app.Env) error {
	does := env.Settings.String("does", "")
	if err := env.Settings.Err(); err != nil {
		return err
	}
	most := int32(1 << 20)
	if does == "skips" { // one record at a time, so that some are not fetched yet when it jumps
		most = 1
	}
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.ConsumerGroup(env.Group), kgo.ConsumeTopics(env.Inputs...),
		kgo.FetchMaxPartitionBytes(most))...)
	if err != nil {
		return err
	}
	defer client.Close()
	for jumped := false; ctx.Err() == nil; {
		records := client.PollFetches(ctx).Records()
		if does == "backwards" {
			slices.Reverse(records)
		}
		for _, r := range records {
			env.Log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset)
		}
		if err := client.CommitRecords(ctx, records...); err != nil || len(records) == 0 || jumped {
			continue
		}
		jumped = true
		to := map[string]int64{"again": 0, "skips": records[len(records)-1].Offset + 3}
		if offset, ok := to[does]; ok {
			r := records[0]
			client.SetOffsets(map[string]map[int32]kgo.EpochOffset{r.Topic: {r.Partition: {Epoch: -1, Offset: offset}}})
		}
	}
	return nil
}

// commitLate is a member of a group that commits what it has given up once the rebalance is over, and says so.
func commitLate(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	given, over := make(chan map[string][]int32, 1), make(chan struct{}, 2)
	client, err := kgo.NewClient(append(options, kgo.ConsumerGroup(env.Group), kgo.ConsumeTopics(env.Inputs...),
		kgo.HeartbeatInterval(50*time.Millisecond), kgo.DisableAutoCommit(),
		kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			if len(partitions) > 0 && len(given) == 0 {
				given <- partitions
			}
		}),
		kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) {
			if len(given) > 0 && len(over) < cap(over) {
				over <- struct{}{}
			}
		}))...)
	if err != nil {
		return err
	}
	defer client.Close()
	for range cap(over) { // the first is of the rebalance that takes, the second of that in which it is given to another
		select {
		case <-over:
		case <-ctx.Done():
			return nil
		}
	}
	offsets := map[string]map[int32]kgo.EpochOffset{}
	for topic, partitions := range <-given {
		offsets[topic] = map[int32]kgo.EpochOffset{}
		for _, p := range partitions {
			offsets[topic][p] = kgo.EpochOffset{Epoch: -1, Offset: 1}
		}
	}
	client.CommitOffsetsSync(ctx, offsets, nil)
	env.Log.Info("late")
	<-ctx.Done()
	return nil
}

// recreate writes two records into each of its topics in a transaction, deletes the last topic and makes it anew, and
// writes another record there, as if a log had been lost.
func recreate(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.TransactionalID(env.Name))...)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.BeginTransaction(); err != nil {
		return err
	}
	for _, topic := range env.Outputs {
		if err := client.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("a")},
			&kgo.Record{Topic: topic, Value: []byte("b")}).FirstErr(); err != nil {
			return err
		}
	}
	if err := client.EndTransaction(ctx, kgo.TryCommit); err != nil {
		return err
	}
	last := env.Outputs[len(env.Outputs)-1]
	admin := kadm.NewClient(client)
	if _, err := admin.DeleteTopic(ctx, last); err != nil {
		return err
	}
	if _, err := admin.CreateTopic(ctx, 1, 1, nil, last); err != nil {
		return err
	}
	after, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer after.Close()
	return after.ProduceSync(ctx, &kgo.Record{Topic: last, Value: []byte("c")}).FirstErr()
}

// allToAll is an assignor that gives each member all partitions.
type allToAll struct{ kgo.GroupBalancer }

func (allToAll) ProtocolName() string { return "all-to-all" }

func (allToAll) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{},
	error) {
	topics := map[string]struct{}{}
	for _, m := range members {
		metadata := kmsg.NewConsumerMemberMetadata()
		if err := metadata.ReadFrom(m.ProtocolMetadata); err != nil {
			return nil, nil, err
		}
		for _, topic := range metadata.Topics {
			topics[topic] = struct{}{}
		}
	}
	return everything(members), topics, nil
}

type everything []kmsg.JoinGroupResponseMember

func (e everything) Balance(topics map[string]int32) kgo.IntoSyncAssignment {
	assignment := kmsg.NewConsumerMemberAssignment()
	for topic, partitions := range topics {
		of := kmsg.NewConsumerMemberAssignmentTopic()
		of.Topic = topic
		for p := range partitions {
			of.Partitions = append(of.Partitions, p)
		}
		assignment.Topics = append(assignment.Topics, of)
	}
	var plan plans
	for _, m := range e {
		plan = append(plan, kmsg.SyncGroupRequestGroupAssignment{MemberID: m.MemberID,
			MemberAssignment: assignment.AppendTo(nil)})
	}
	return plan
}

type plans []kmsg.SyncGroupRequestGroupAssignment

func (p plans) IntoSyncAssignment() []kmsg.SyncGroupRequestGroupAssignment { return p }
