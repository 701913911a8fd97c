package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/progress"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// ready waits until every broker serves clients and knows every other. A broker is listed only after the controller
// took it in, so an active controller is implied. A broker that died ends the wait at once.
func (l *local) ready(ctx context.Context) error {
	bar := progress.On(l.options.Progress)
	defer bar.End()
	return l.awaitAlive(ctx, fmt.Sprintf("all %d local brokers to serve clients", len(l.brokers)), nil,
		func(ctx context.Context) (bool, error) {
			var failed error
			serving, whole := int64(0), true
			for _, b := range l.brokers {
				view, err := l.view(ctx, b.id)
				if failed = cmp.Or(failed, err); err == nil {
					serving++
				}
				whole = whole && err == nil && len(view.Brokers) == len(l.brokers)
			}
			bar.Set(progress.Done{What: "starting", Unit: "brokers", Done: serving, Total: int64(len(l.brokers))})
			return whole, failed
		})
}

// awaitAlive waits for look, as long as no broker dies. state is asked when it took too long.
func (l *local) awaitAlive(ctx context.Context, what string, state func() string, look await.Look) error {
	return await.Until(ctx, await.Options{Within: startWithin, What: what, State: state},
		func(ctx context.Context) (bool, error) {
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

// warmUp has Kafka do what it does when it is first asked to and what the first scenario would have to wait for: make
// its internal topics for groups and transactions, and give every broker a block of producer ids.
func (l *local) warmUp(ctx context.Context) error {
	admin := kadm.NewClient(l.admin)
	return l.awaitAlive(ctx, "the coordinators of groups and transactions", nil, func(ctx context.Context) (bool, error) {
		groups, transactions := admin.FindGroupCoordinators(ctx, "warm-up"), admin.FindTxnCoordinators(ctx, "warm-up")
		if err := errors.Join(groups.Error(), transactions.Error()); err != nil {
			return false, err
		}
		for _, broker := range l.admin.SeedBrokers() {
			if err := warmBroker(ctx, broker); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

func warmBroker(ctx context.Context, broker *kgo.Broker) error {
	producer, err := broker.Request(ctx, kmsg.NewPtrInitProducerIDRequest())
	if err != nil {
		return err
	}
	groups, err := broker.Request(ctx, kmsg.NewPtrListGroupsRequest())
	if err != nil {
		return err
	}
	return errors.Join(
		kerr.ErrorForCode(producer.(*kmsg.InitProducerIDResponse).ErrorCode), // as long as it has no block
		kerr.ErrorForCode(groups.(*kmsg.ListGroupsResponse).ErrorCode),       // as long as it loads one
	)
}

// caughtUp waits until a broker that was started or resumed is listed again, and in sync with every partition it holds
// a copy of, so that the next broker may be lost. All running brokers must say so: the one concerned may still believe
// in the state it was paused in.
func (l *local) caughtUp(ctx context.Context, id int32) error {
	defer unlabelled(ctx)()
	missing := ""
	return l.awaitAlive(ctx, fmt.Sprintf("broker %d to take part again", id), func() string { return missing },
		func(ctx context.Context) (bool, error) {
			for _, b := range l.brokers {
				if down, paused := b.state(); down || paused {
					continue
				}
				view, err := l.view(ctx, b.id)
				if err != nil {
					return false, err
				}
				if missing = missingFor(view, id); missing != "" {
					missing = fmt.Sprintf("broker %d says that %s", b.id, missing)
					return false, nil
				}
			}
			return true, nil
		})
}

// missingFor says what a broker lacks to take part; "" is nothing.
func missingFor(view *kmsg.MetadataResponse, id int32) string {
	if !slices.ContainsFunc(view.Brokers, func(b kmsg.MetadataResponseBroker) bool { return b.NodeID == id }) {
		return fmt.Sprintf("broker %d is not in the cluster", id)
	}
	for _, topic := range view.Topics {
		for _, partition := range topic.Partitions {
			if slices.Contains(partition.Replicas, id) && !slices.Contains(partition.ISR, id) {
				return fmt.Sprintf("%s partition %d has %v in sync of %v", *topic.Topic, partition.Partition, partition.ISR,
					partition.Replicas)
			}
		}
	}
	return ""
}
