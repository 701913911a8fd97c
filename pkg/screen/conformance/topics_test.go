package conformance_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// created asks for one topic, and for its words where it is refused.
func created(name string, change func(a *asker, r *kmsg.CreateTopicsRequest)) question {
	return question{name, func(a *asker) {
		a.words = true
		r := createTopics(newTopic(a.n("t"), 1))
		change(a, r)
		answer := a.do(r).(*kmsg.CreateTopicsResponse)
		for i := range answer.Topics {
			answer.Topics[i].Configs = slices.DeleteFunc(answer.Topics[i].Configs, isLocal)
		}
		a.note(render(answer, true))
	}}
}

// isLocal is true of settings of topics that local brokers of kafkaspec have another default for.
func isLocal(c kmsg.CreateTopicsResponseTopicConfig) bool {
	return c.Name == "retention.ms" || c.Name == "file.delete.delay.ms"
}

// named asks for a topic of a name that is not allowed, or just so.
func named(name, topic string) question {
	return created("topic "+name, func(_ *asker, r *kmsg.CreateTopicsRequest) { r.Topics[0].Topic = topic })
}

func counted(name string, partitions int32, replicas int16) question {
	return created("topic of "+name, func(_ *asker, r *kmsg.CreateTopicsRequest) {
		r.Topics[0].NumPartitions, r.Topics[0].ReplicationFactor = partitions, replicas
	})
}

func assigned(name string, partitions ...[]int32) question {
	return created("topic assigned to "+name, func(a *asker, r *kmsg.CreateTopicsRequest) {
		t := &r.Topics[0]
		t.NumPartitions, t.ReplicationFactor = -1, -1
		for i, replicas := range partitions {
			for j := range replicas {
				if replicas[j] == here {
					replicas[j] = a.node
				}
			}
			t.ReplicaAssignment = append(t.ReplicaAssignment, kmsg.CreateTopicsRequestTopicReplicaAssignment{
				Partition: int32(i), Replicas: replicas})
		}
	})
}

const here = -100 // stands for the broker that is asked

var topicQuestions = []question{
	created("a topic", func(*asker, *kmsg.CreateTopicsRequest) {}),
	created("a topic that is only validated", func(_ *asker, r *kmsg.CreateTopicsRequest) { r.ValidateOnly = true }),
	created("the same topic twice in one request", func(_ *asker, r *kmsg.CreateTopicsRequest) {
		r.Topics = append(r.Topics, r.Topics[0])
	}),
	created("a topic that is there", func(a *asker, _ *kmsg.CreateTopicsRequest) { a.topic("t", 1) }),
	created("a topic that is there, only validated", func(a *asker, r *kmsg.CreateTopicsRequest) {
		a.topic("t", 1)
		r.ValidateOnly = true
	}),
	{"a topic whose name collides by dot and underscore", func(a *asker) {
		a.topic("a.b", 1)
		a.ask(createTopics(newTopic(a.n("a_b"), 1)))
	}},
	named("of an empty name", ""), named("called dot", "."), named("called dot dot", ".."),
	named("with a slash", "a/b"), named("with a space", "a b"), named("with an umlaut", "münze"),
	named("of 250 characters", strings.Repeat("x", 250)),
	counted("0 partitions", 0, 1), counted("-2 partitions", -2, 1), counted("2 replicas on one broker", 1, 2),
	counted("0 replicas", 1, 0), counted("-2 replicas", 1, -2), counted("defaults", -1, -1),
	assigned("this broker", []int32{here}, []int32{here}), assigned("no broker", []int32{}),
	assigned("an unknown broker", []int32{77}), assigned("one broker twice", []int32{here, here}),
	{"partitions and an assignment", func(a *asker) {
		r := createTopics(newTopic(a.n("t"), 3))
		r.Topics[0].ReplicaAssignment = []kmsg.CreateTopicsRequestTopicReplicaAssignment{{Replicas: []int32{a.node}}}
		a.ask(r)
	}},
	{"topics created in older versions", func(a *asker) {
		for _, v := range []int16{2, 4, 5, 6} {
			answer := a.do(pinned{createTopics(newTopic(a.n(fmt.Sprint("v", v)), 1)), v}).(*kmsg.CreateTopicsResponse)
			answer.Topics[0].Configs = slices.DeleteFunc(answer.Topics[0].Configs, isLocal)
			a.note(render(answer, true))
		}
	}},
	{"delete a topic", func(a *asker) { a.ask(deleteTopics(a.topic("t", 1))) }},
	{"delete a topic by id", func(a *asker) {
		r := kmsg.NewPtrDeleteTopicsRequest()
		r.TimeoutMillis = 5000
		r.Topics = []kmsg.DeleteTopicsRequestTopic{{TopicID: a.id(a.topic("t", 1))}}
		a.ask(r)
	}},
	{"delete an unknown topic", one(func(a *asker) kmsg.Request { return deleteTopics(a.n("t")) })},
	{"delete an unknown topic by id", one(func(*asker) kmsg.Request {
		r := kmsg.NewPtrDeleteTopicsRequest()
		r.Topics = []kmsg.DeleteTopicsRequestTopic{{TopicID: [16]byte{9}}}
		return r
	})},
	{"metadata of no topic", one(func(*asker) kmsg.Request { return metadata() })},
	{"metadata of a topic", one(func(a *asker) kmsg.Request { return metadata(a.topic("t", 3)) })},
	{"metadata of an unknown topic", one(func(a *asker) kmsg.Request { return metadata(a.n("t")) })},
	{"metadata of a bad name", one(func(*asker) kmsg.Request { return metadata("a/b") })},
	{"metadata of an empty name", one(func(*asker) kmsg.Request { return metadata("") })},
	{"metadata of an unknown id", one(func(*asker) kmsg.Request {
		r := metadata()
		r.Topics = []kmsg.MetadataRequestTopic{{TopicID: [16]byte{9}}}
		return r
	})},
	{"metadata in older versions", func(a *asker) {
		t := a.topic("t", 1)
		for _, v := range []int16{1, 4, 5, 8, 9, 10, 12} {
			a.ask(pinned{metadata(t), v})
		}
	}},
	{"metadata with allowed operations", one(func(a *asker) kmsg.Request {
		r := metadata(a.topic("t", 1))
		r.IncludeTopicAuthorizedOperations = true
		return r
	})},
	{"describe partitions of a topic", one(func(a *asker) kmsg.Request { return describePartitions(a.topic("t", 2)) })},
	{"describe partitions of an unknown topic", one(func(a *asker) kmsg.Request { return describePartitions(a.n("t")) })},
	{"describe partitions, one at a time", func(a *asker) {
		r := describePartitions(a.topic("t", 2))
		r.ResponsePartitionLimit = 1
		a.ask(r)
	}},
	{"more partitions", one(func(a *asker) kmsg.Request { return createPartitions(a.topic("t", 1), 3) })},
	{"as many partitions as there are", one(func(a *asker) kmsg.Request { return createPartitions(a.topic("t", 2), 2) })},
	{"fewer partitions", one(func(a *asker) kmsg.Request { return createPartitions(a.topic("t", 2), 1) })},
	{"more partitions of an unknown topic", one(func(a *asker) kmsg.Request { return createPartitions(a.n("t"), 3) })},
	{"more partitions, only validated", func(a *asker) {
		r := createPartitions(a.topic("t", 1), 3)
		r.ValidateOnly = true
		a.ask(r)
		a.ask(metadata(a.n("t")))
	}},
	{"more partitions on an unknown broker", func(a *asker) {
		r := createPartitions(a.topic("t", 1), 2)
		r.Topics[0].Assignment = []kmsg.CreatePartitionsRequestTopicAssignment{{Replicas: []int32{77}}}
		a.ask(r)
	}},
}

func describePartitions(topic string) *kmsg.DescribeTopicPartitionsRequest {
	r := kmsg.NewPtrDescribeTopicPartitionsRequest()
	r.Topics = []kmsg.DescribeTopicPartitionsRequestTopic{{Topic: topic}}
	return r
}

func createPartitions(topic string, count int32) *kmsg.CreatePartitionsRequest {
	r := kmsg.NewPtrCreatePartitionsRequest()
	r.TimeoutMillis = 5000
	r.Topics = []kmsg.CreatePartitionsRequestTopic{{Topic: topic, Count: count}}
	return r
}
