package builtin

// Topics: making them, their settings, topics that are there already, and those that applications make. Deleting and
// recreating one under the same name is deliberately not to be had: clients cannot tell the two apart.

import (
	"cmp"
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

func topicSteps(s *steps.Registry) {
	s.Given("topic {topic} exists", topicExists, steps.Defines("topic"), steps.With(world.AdoptsTopic))
	s.Given("topic {topic} is made by {maker}", topicIsMade, steps.Defines("topic"))
	s.Given("topic {topic} with {layout}", topicWith, steps.Defines("topic"), steps.Doubted(topicConfigIsKnown))
	s.When("topic {topic} is grown to {int} partitions", topicIsGrown, steps.Marked(growsTopic))
	s.Then("topic {topic} has {amount} partition(s)", topicHasPartitions, steps.Claims(steps.Eventually))
}

// topicParts are how topics are laid out.
func topicParts(s *steps.Registry) {
	steps.AddPart[layout](s, "layout", "how many partitions a topic has, and how many replicas each of them",
		steps.Form("{int} partition(s)", partitioned),
		steps.Form("{int} partition(s), replication {int}", replicated))
}

// makerParts are names that applications give to topics of their own.
func makerParts(s *steps.Registry) {
	names := phrase.Of("called", `a topic's name on the cluster in double quotes, with names of the scenario in it: `+
		`"${group.shipping}-by-user-repartition", "${topic.orders}-retry-0"`, phrase.Quoted, parseMadeName)
	names.Inner = func(value any) (inner []phrase.Value) {
		for _, topic := range value.(world.MadeName).Topics {
			inner = append(inner, phrase.Value{Param: "topic", Text: topic, Value: topic})
		}
		for _, group := range value.(world.MadeName).Groups {
			inner = append(inner, phrase.Value{Param: "group", Text: group, Value: group})
		}
		return inner
	}
	s.Param(names)
	steps.AddPart[world.MadeName](s, "maker", "who makes a topic that kafkaspec does not make",
		steps.Form("an application", madeAsNamed),
		steps.Form("an application as {called}", madeAs))
}

// parseMadeName reads a name that an application makes of others.
func parseMadeName(text string) (world.MadeName, error) {
	name, err := world.ParseMadeName(phrase.Unquote(text))
	if err == nil && !isLegalTopic(name.Fixed()) {
		err = fmt.Errorf("got topic name %q, want letters a to z, digits, dots, _ and -, at most 230", name.Fixed())
	}
	return name, err
}

// MadeName is the name that an application gives to the topic which a step declares; false for other steps.
func MadeName(m steps.Match) (name string, made bool) {
	for _, v := range m.Values {
		if as, is := v.Value.(world.MadeName); is && v.Param == "maker" {
			return cmp.Or(as.Fixed(), m.Names("topic")[0]), true
		}
	}
	return "", false
}

// layout is how a topic lies on the brokers.
type layout struct {
	partitions  int64
	replication int64 // -1: as the cluster has it
}

// partitioned leaves the number of replicas to the cluster.
func partitioned(partitions int64) layout { return layout{partitions, -1} }

// replicated has that many replicas of each partition. It is not applicable on a cluster with
// fewer brokers.
//
//	Given topic "orders" with 3 partitions, replication 1
//	Then topic "orders" has 3 partitions
func replicated(partitions, replication int64) layout { return layout{partitions, replication} }

// topicExists uses a topic that is on the cluster already, under exactly this name, from where it ends now: older
// records are not the scenario's, and work on them is not judged. Its records are never deleted. Scenarios of one run
// that name the same topic run one after the other.
func topicExists(ctx context.Context, name string) error {
	return world.FromContext(ctx).AdoptTopic(ctx, name)
}

// topicIsMade declares a topic that an application of the scenario makes and kafkaspec does not: a repartition topic or
// a changelog of Kafka Streams, a retry topic, one of dead letters. Faults and expectations may name it as any other
// topic. An expectation of it looks until it exists and holds; a step that does something to it waits for it. Where no
// application has made it, they fail and say so, also those that want it to be empty. For example: topic "by-user" is
// made by an application as "${group.totals}-by-user-repartition".
func topicIsMade(ctx context.Context, name string, as world.MadeName) error {
	return world.FromContext(ctx).ExpectTopic(ctx, name, as)
}

// madeAsNamed is for a topic whose name begins with one that the application was told, such as "orders-retry-0" of
// topic "orders", or is the application's own with names: fixed. The scenario calls it the same.
func madeAsNamed() world.MadeName { return world.MadeName{} }

// madeAs is for any other name. ${topic.orders} and ${group.shipping} stand for what the application was told, so each
// scenario has a topic of its own; Kafka Streams begins names with its group, the application.id.
func madeAs(name world.MadeName) world.MadeName { return name }

// topicWith makes a topic. A table or YAML under the step sets its configuration, such as cleanup.policy or
// max.message.bytes. Its records do not expire, however old their timestamps are, unless the table sets retention.ms.
//
//	Given topic "orders" with 3 partitions
//	  | cleanup.policy | compact |
//	Then topic "orders" has 3 partitions
func topicWith(ctx context.Context, name string, as layout, settings world.Settings) error {
	w := world.FromContext(ctx)
	if brokers := w.Session.Describe().Brokers; as.replication > int64(brokers) {
		return outcome.NotApplicablef("replication %d needs %d brokers, and %s has fewer; run with --cluster "+
			"local:3", as.replication, as.replication, w.Session.Describe())
	}
	return w.CreateTopic(ctx, name, as.partitions, int16(as.replication), settings)
}

// topicHasPartitions looks how many partitions the cluster says the topic has. Not looked at: replicas, leaders and
// settings.
//
//	Given topic "orders" with 3 partitions
//	Then topic "orders" has 3 partitions
func topicHasPartitions(ctx context.Context, t *world.Topic, want steps.Amount) error {
	got, err := t.Led(ctx)
	if err != nil {
		return err
	}
	if !want.Holds(int64(got)) {
		return fmt.Errorf("topic %q: got %s, want %s", t.Name, words.Counted(got, "partition"), plainly(want))
	}
	return nil
}

// topicIsGrown adds partitions to a topic. Keys then fall on other partitions than before.
//
//	Given topic "orders" with 1 partition
//	When topic "orders" is grown to 3 partitions
//	Then topic "orders" has 3 partitions
func topicIsGrown(ctx context.Context, t *world.Topic, partitions int64) error {
	return t.Grow(ctx, int32(partitions))
}
