package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/screen"
)

// EmbeddedOptions are the settings of the embedded cluster.
type EmbeddedOptions struct {
	Brokers int               // 0 is 1
	Configs map[string]string // broker configs of every cluster, over those that make groups quick

	CreateTopics bool // topics are made when a client asks for them

	// Refused is told of each connection that was closed since what came on it would have harmed the broker. nil:
	// nobody is.
	Refused func(reason string)
}

// quickGroups are broker configs that make groups react within a test's patience: a member of the consumer protocol
// (KIP-848) or of a share group (KIP-932) learns its assignment at a heartbeat, and one that was killed is noticed
// after its session timeout, which it cannot choose. The usual values are 5 s and 45 s. Local brokers have the same.
var quickGroups = map[string]string{
	"group.consumer.heartbeat.interval.ms": "100",
	"group.consumer.session.timeout.ms":    "5000",
	"group.share.heartbeat.interval.ms":    "100",
	"group.share.session.timeout.ms":       "5000",
	"share.record.lock.sweep.interval.ms":  "100", // 5 s; kfake's own: how often it looks for locks that have run out
}

// minSessionTimeout lets applications under test choose short session timeouts; the usual minimum is 6 s.
const minSessionTimeout = 100 * time.Millisecond

// NewEmbedded is the cluster in this process. Nothing starts before Open, and each session has a cluster of its own,
// so names are left as they are. Topics are created by being used only where the options say so.
//
// It has one log per partition and no replicas: brokers can not be stopped, only leaders and coordinators move.
func NewEmbedded(o EmbeddedOptions) Backend {
	o.Brokers = max(o.Brokers, 1)
	configs := maps.Clone(quickGroups)
	maps.Copy(configs, o.Configs)
	o.Configs = configs
	return embedded{o}
}

type embedded struct{ options EmbeddedOptions }

func (e embedded) Describe() Description {
	return Description{Kind: KindEmbedded, Name: "kfake", Brokers: e.options.Brokers}
}

// Open starts as many brokers as the scenario needs, since the cluster is its own.
func (e embedded) Open(ctx context.Context, needs Needs) (Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e.options.Brokers = max(e.options.Brokers, needs.Brokers)
	options := []kfake.Opt{
		kfake.NumBrokers(e.options.Brokers),
		kfake.GroupMinSessionTimeout(minSessionTimeout),
		kfake.BrokerConfigs(e.options.Configs),
		kfake.DefaultNumPartitions(1), // as Apache Kafka's num.partitions
		kfake.ListenFn(screen.New(screen.Options{Brokers: e.options.Brokers, Settings: e.options.Configs,
			Refused: e.options.Refused}).Listen),
	}
	if e.options.CreateTopics {
		options = append(options, kfake.AllowAutoTopicCreation())
	}
	fake, err := kfake.NewCluster(options...)
	if err != nil {
		advice := "; it needs free ports on the loopback address"
		if errors.Is(err, syscall.EMFILE) {
			advice = ""
		}
		return nil, outcome.Environmentf(err, "cannot start the embedded cluster: %v%s", err, advice)
	}
	return &embeddedSession{session: newSession(fake.ListenAddrs(), access.Access{}, NewNames(""), e.Describe()),
		fake: fake}, nil
}

func (e embedded) Close(context.Context) error { return nil }

type embeddedSession struct {
	*session
	fake *kfake.Cluster
}

func (s *embeddedSession) Close(ctx context.Context) error {
	_, err := s.closeClients(ctx)
	s.fake.Close()
	return err
}

// MoveLeader implements LeaderMover.
func (s *embeddedSession) MoveLeader(_ context.Context, topic string, partition, broker int32) error {
	if s.fake.LeaderFor(topic, partition) == broker {
		return nil
	}
	if err := s.fake.MoveTopicPartition(topic, partition, broker); err != nil {
		return fmt.Errorf("cannot move the leader of %s partition %d to broker %d: %w; %s", topic, partition, broker, err,
			brokerRange(s.description.Brokers))
	}
	return nil
}

// MoveCoordinator implements CoordinatorMover. The coordinators of other groups move too: kfake places them all by one
// hash, which is drawn again until this group's has changed.
func (s *embeddedSession) MoveCoordinator(ctx context.Context, group string) error {
	if s.description.Brokers == 1 {
		return onlyOneBroker(s.description, "the coordinator of "+group)
	}
	before := s.fake.CoordinatorFor(group)
	for s.fake.CoordinatorFor(group) == before {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.fake.RehashCoordinators()
	}
	return nil
}

// Compact implements Compactor.
func (s *embeddedSession) Compact(ctx context.Context) error {
	s.fake.Compact()
	return ctx.Err()
}

func onlyOneBroker(d Description, what string) error {
	return outcome.NotApplicablef("%s cannot move %s: it has one broker; use a cluster of several", d, what)
}

func brokerRange(brokers int) string {
	if brokers == 1 {
		return "the only broker is 0"
	}
	return fmt.Sprintf("brokers are 0 to %d", brokers-1)
}
