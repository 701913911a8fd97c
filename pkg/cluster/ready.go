package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// ready waits until every broker serves clients and knows every other. A broker is listed only after the controller
// took it in, so an active controller is implied. A broker that died ends the wait at once.
func (l *local) ready(ctx context.Context) error {
	return l.awaitAlive(ctx, fmt.Sprintf("all %d local brokers to serve clients", len(l.brokers)), func(ctx context.Context) (bool, error) {
		for _, b := range l.brokers {
			if view, err := l.view(ctx, b.id); err != nil || len(view.Brokers) != len(l.brokers) {
				return false, err
			}
		}
		return true, nil
	})
}

// awaitAlive waits for look, as long as no broker dies.
func (l *local) awaitAlive(ctx context.Context, what string, look await.Look) error {
	return await.Until(ctx, await.Options{Within: startWithin, What: what}, func(ctx context.Context) (bool, error) {
		if err := l.Health(); err != nil {
			return false, await.Permanent(err)
		}
		return look(ctx)
	})
}

// view is the cluster as one broker sees it. It is asked once, without the client's patience for brokers that are down.
func (l *local) view(ctx context.Context, asked int32) (*kmsg.MetadataResponse, error) {
	answer, err := l.admin.SeedBrokers()[asked].Request(ctx, kmsg.NewPtrMetadataRequest()) // all topics
	if err != nil {
		return nil, err
	}
	return answer.(*kmsg.MetadataResponse), nil
}

// warmUp has Kafka make its internal topics for groups and transactions, which it does when they are first asked for and
// which the first scenario would have to wait for.
func (l *local) warmUp(ctx context.Context) error {
	admin := kadm.NewClient(l.admin)
	return l.awaitAlive(ctx, "the coordinators of groups and transactions", func(ctx context.Context) (bool, error) {
		groups, transactions := admin.FindGroupCoordinators(ctx, "warm-up"), admin.FindTxnCoordinators(ctx, "warm-up")
		if err := errors.Join(groups.Error(), transactions.Error()); err != nil {
			return false, err
		}
		for _, shard := range l.admin.RequestSharded(ctx, kmsg.NewPtrListGroupsRequest()) { // an error while one still loads
			if shard.Err != nil {
				return false, shard.Err
			}
			if err := kerr.ErrorForCode(shard.Resp.(*kmsg.ListGroupsResponse).ErrorCode); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// caughtUp waits until a broker that was started or resumed is listed again, and in sync with every partition it holds a
// copy of, so that the next broker may be lost. All running brokers must say so: the one concerned may still believe in
// the state it was paused in.
func (l *local) caughtUp(ctx context.Context, id int32) error {
	return l.awaitAlive(ctx, fmt.Sprintf("broker %d to take part again", id), func(ctx context.Context) (bool, error) {
		for _, b := range l.brokers {
			if down, paused := b.state(); down || paused {
				continue
			}
			if view, err := l.view(ctx, b.id); err != nil || !takesPart(view, id) {
				return false, err
			}
		}
		return true, nil
	})
}

func takesPart(view *kmsg.MetadataResponse, id int32) bool {
	if !slices.ContainsFunc(view.Brokers, func(b kmsg.MetadataResponseBroker) bool { return b.NodeID == id }) {
		return false
	}
	for _, topic := range view.Topics {
		for _, partition := range topic.Partitions {
			if slices.Contains(partition.Replicas, id) && !slices.Contains(partition.ISR, id) {
				return false
			}
		}
	}
	return true
}
