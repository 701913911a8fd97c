package wire

import (
	"reflect"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// scope is what a request is about, in physical names.
type scope struct {
	groups           []string
	transactionalIDs []string
	partitions       []partitionKey // with the name filled in for topic ids that are known
	everyTopic       bool           // Metadata of all topics: only the answer tells which
}

// scopeOf reads a decoded request. What it says of Fetch holds for requests that name all partitions.
func (b *brokers) scopeOf(request kmsg.Request) scope {
	v, s := structure(request), scope{partitions: partitionsOf(request)}
	for _, name := range []string{"Group", "GroupID"} {
		s.groups = appendName(s.groups, v.FieldByName(name))
	}
	for _, group := range elements(v, "Groups") {
		if group.Kind() == reflect.Struct {
			group = group.FieldByName("Group")
		}
		s.groups = appendName(s.groups, group)
	}
	for _, name := range []string{"TransactionalID", "TransactionID"} {
		s.transactionalIDs = appendName(s.transactionalIDs, v.FieldByName(name))
	}
	if r, ok := request.(*kmsg.FindCoordinatorRequest); ok {
		keys := r.CoordinatorKeys
		if r.Version < 4 {
			keys = []string{r.CoordinatorKey}
		}
		if r.CoordinatorType == 0 {
			s.groups = keys
		} else {
			s.transactionalIDs = keys
		}
	}
	if r, ok := request.(*kmsg.MetadataRequest); ok {
		s.everyTopic = r.Topics == nil
	}
	return b.named(s)
}

func appendName(names []string, v reflect.Value) []string {
	if v.IsValid() && v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.IsValid() && v.Kind() == reflect.String {
		return append(names, v.String())
	}
	return names
}

func (b *brokers) named(s scope) scope {
	s.partitions = slices.Clone(s.partitions)
	for i := range s.partitions {
		if s.partitions[i].topic == "" {
			s.partitions[i].topic = b.topic(s.partitions[i].topicID)
		}
	}
	return s
}

// matches tells whether a rule selects something in the scope.
func (s scope) matches(r Rule) bool {
	if r.Group != "" && !slices.Contains(s.groups, r.Group) ||
		r.TransactionalID != "" && !slices.Contains(s.transactionalIDs, r.TransactionalID) {
		return false
	}
	return !r.selectsPart() || s.everyTopic || slices.ContainsFunc(s.partitions, r.selects)
}

// about is the group of a request and what of its topics a rule selects, in the names of events.
func (n *naming) about(s scope, r Rule) (group string, topics []journal.TopicPartitions) {
	if len(s.groups) > 0 {
		group = n.group(s.groups[0])
	}
	for _, p := range s.partitions {
		if r.selectsPart() && !r.selects(p) {
			continue
		}
		name := n.topic(p.topic, p.topicID)
		i := slices.IndexFunc(topics, func(t journal.TopicPartitions) bool { return t.Topic == name })
		if i < 0 {
			i, topics = len(topics), append(topics, journal.TopicPartitions{Topic: name})
		}
		if p.partition >= 0 {
			topics[i].Partitions = append(topics[i].Partitions, p.partition)
		}
	}
	return group, topics
}
