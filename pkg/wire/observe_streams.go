package wire

import (
	"fmt"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// topologies are what members of streams groups have said when they joined: the source topics of each subtopology, by
// physical group.
type topologies struct {
	mu  sync.Mutex
	all map[string]map[string][]string
}

// learn takes a topology.
func (t *topologies) learn(group string, topology *kmsg.StreamsGroupHeartbeatRequestTopology) {
	if topology == nil {
		return
	}
	sources := map[string][]string{}
	for _, sub := range topology.Subtopologies {
		topics := slices.Clone(sub.SourceTopics)
		for _, repartition := range sub.RepartitionSourceTopics {
			topics = append(topics, repartition.Topic)
		}
		sources[sub.SubtopologyID] = topics
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[string]map[string][]string{}
	}
	t.all[group] = sources
}

// of is the topology of a group; false for one that was not heard.
func (t *topologies) of(group string) (map[string][]string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	sources, known := t.all[group]
	return sources, known
}

// streamsGroupHeartbeat is the whole protocol of a streams group (KIP-1071). Active tasks are told as the partitions
// they read, so that they are judged as those of consumers are: a task n of a subtopology reads partition n of each
// source topic of it. Tasks are told as such too.
func (n *naming) streamsGroupHeartbeat(request *kmsg.StreamsGroupHeartbeatRequest,
	answer kmsg.Response) []journal.Fact {
	n.topologies.learn(request.Group, request.Topology)
	f, m := n.heartbeat(journal.StreamsProtocol, request.Group, request.MemberID, request.InstanceID,
		request.MemberEpoch)
	if request.Topology != nil {
		for _, sub := range request.Topology.Subtopologies {
			m.Subscribed = append(m.Subscribed, n.topics(sub.SourceTopics)...)
		}
	}
	if request.ActiveTasks != nil {
		m.Owned, _ = n.tasks(request.Group, request.ActiveTasks)
	}
	response, ok := answer.(*kmsg.StreamsGroupHeartbeatResponse)
	if ok && heard(m, response.ErrorCode, response.MemberID, response.MemberEpoch) && response.ActiveTasks != nil {
		m.Assigned, m.Tasks = n.tasks(request.Group, response.ActiveTasks)
	}
	return []journal.Fact{f}
}

// tasks are the partitions that tasks read, nil where the topology was not heard, and their names, as in "0_1".
func (n *naming) tasks(group string, tasks []kmsg.TaskIDs) (partitions []journal.TopicPartitions, names []string) {
	sources, known := n.topologies.of(group)
	if known {
		partitions = []journal.TopicPartitions{}
	}
	for _, task := range tasks {
		for _, topic := range sources[task.SubtopologyID] {
			partitions = append(partitions, journal.TopicPartitions{Topic: n.topic(topic, [16]byte{}),
				Partitions: task.Partitions})
		}
		for _, p := range task.Partitions {
			names = append(names, fmt.Sprintf("%s_%d", task.SubtopologyID, p))
		}
	}
	return partitions, names
}
