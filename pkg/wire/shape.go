package wire

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Requests about partitions look alike: Topics of a Topic (or TopicID) with Partitions, which are numbers or structures
// with a Partition; answers mirror them with an ErrorCode. OffsetFetch wraps them in Groups. The functions here work on
// that shape, so that all such APIs can be disturbed alike in all their versions.

// partitionKey finds an answer again; one of topic and id is zero.
type partitionKey struct {
	topic     string
	topicID   [16]byte
	partition int32  // -1: of a topic that is named without any
	group     string // of OffsetFetch since version 8, which asks for several
}

// structure is the message behind a request or response.
func structure(message any) reflect.Value { return reflect.ValueOf(message).Elem() }

// field is a field by name; the zero Value when the message has none of that name.
func field(v reflect.Value, name string, kind reflect.Kind) reflect.Value {
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	if f := v.FieldByName(name); f.IsValid() && f.Kind() == kind {
		return f
	}
	return reflect.Value{}
}

func elements(v reflect.Value, name string) []reflect.Value {
	list := field(v, name, reflect.Slice)
	if !list.IsValid() {
		return nil
	}
	all := make([]reflect.Value, list.Len())
	for i := range all {
		all[i] = list.Index(i)
	}
	return all
}

// holders are the structures with Topics in them: the message itself, or its Groups.
func holders(v reflect.Value) []reflect.Value {
	all := []reflect.Value{v}
	for _, group := range elements(v, "Groups") {
		if group.Kind() == reflect.Struct {
			all = append(all, group)
		}
	}
	return all
}

// topicKey tells topic and id of an element of Topics.
func topicKey(topic reflect.Value) (key partitionKey) {
	if name := reflect.Indirect(topic.FieldByName("Topic")); name.IsValid() {
		key.topic = name.String()
	}
	if id := topic.FieldByName("TopicID"); id.IsValid() {
		key.topicID, _ = id.Interface().([16]byte)
	}
	return key
}

func partitionNumber(partition reflect.Value) int32 {
	if partition.Kind() == reflect.Struct {
		partition = partition.FieldByName("Partition")
	}
	return int32(partition.Int())
}

// eachPart calls see with what stands for a partition in a request or answer, or for a topic without any.
func eachPart(message any, see func(partitionKey, reflect.Value)) {
	for i, holder := range holders(structure(message)) {
		for _, topic := range elements(holder, "Topics") {
			if topic.Kind() != reflect.Struct {
				continue
			}
			key := topicKey(topic)
			if i > 0 {
				key.group = holder.FieldByName("Group").String()
			}
			if !field(topic, "Partitions", reflect.Slice).IsValid() {
				key.partition = -1
				see(key, topic)
			}
			for _, partition := range elements(topic, "Partitions") {
				key.partition = partitionNumber(partition)
				see(key, partition)
			}
		}
	}
}

// partitionsOf are the partitions a request names.
func partitionsOf(request kmsg.Request) (all []partitionKey) {
	eachPart(request, func(key partitionKey, _ reflect.Value) { all = append(all, key) })
	return all
}

// strip takes the selected partitions out of a request, and tells whether any partition is left.
func strip(request kmsg.Request, selected func(partitionKey) bool) bool {
	for _, holder := range holders(structure(request)) {
		topics := field(holder, "Topics", reflect.Slice)
		if !topics.IsValid() || topics.IsNil() {
			continue
		}
		topics.Set(keep(topics, func(topic reflect.Value) bool {
			key := topicKey(topic)
			partitions := field(topic, "Partitions", reflect.Slice)
			if !partitions.IsValid() {
				key.partition = -1
				return !selected(key)
			}
			partitions.Set(keep(partitions, func(partition reflect.Value) bool {
				key.partition = partitionNumber(partition)
				return !selected(key)
			}))
			return partitions.Len() > 0
		}))
	}
	return len(partitionsOf(request)) > 0
}

func keep(list reflect.Value, wanted func(reflect.Value) bool) reflect.Value {
	kept := reflect.MakeSlice(list.Type(), 0, list.Len())
	for i := range list.Len() {
		if wanted(list.Index(i)) {
			kept = reflect.Append(kept, list.Index(i))
		}
	}
	return kept
}

// place finds what stands for a partition in an answer, and makes it where there is nothing yet. It has its default
// values but for what it stands for; the zero Value when the answer has no place for partitions.
func (key partitionKey) place(answer reflect.Value) reflect.Value {
	if key.group != "" {
		answer = elementOf(answer.FieldByName("Groups"), func(group reflect.Value) bool {
			return group.FieldByName("Group").String() == key.group
		})
		answer.FieldByName("Group").SetString(key.group)
	}
	topics := field(answer, "Topics", reflect.Slice)
	if !topics.IsValid() {
		return reflect.Value{}
	}
	topic := elementOf(topics, func(topic reflect.Value) bool {
		other := topicKey(topic)
		return other.topic == key.topic && (key.topic != "" || other.topicID == key.topicID)
	})
	if key.partition < 0 {
		setDefaults(topic)
	}
	if name := topic.FieldByName("Topic"); name.IsValid() && key.topic != "" {
		if name.Kind() == reflect.Pointer {
			name.Set(reflect.New(name.Type().Elem()))
		}
		reflect.Indirect(name).SetString(key.topic)
	}
	if id := topic.FieldByName("TopicID"); id.IsValid() {
		id.Set(reflect.ValueOf(key.topicID))
	}
	if key.partition < 0 {
		return topic
	}
	partition := elementOf(field(topic, "Partitions", reflect.Slice), func(other reflect.Value) bool {
		return partitionNumber(other) == key.partition
	})
	setDefaults(partition)
	partition.FieldByName("Partition").SetInt(int64(key.partition))
	return partition
}

// elementOf is the element of a list that is wanted, or a new one at its end.
func elementOf(list reflect.Value, wanted func(reflect.Value) bool) reflect.Value {
	for i := range list.Len() {
		if wanted(list.Index(i)) {
			return list.Index(i)
		}
	}
	return grow(list)
}

// grow appends an element with its default values to a list and returns it.
func grow(list reflect.Value) reflect.Value {
	list.Set(reflect.Append(list, reflect.Zero(list.Type().Elem())))
	element := list.Index(list.Len() - 1)
	setDefaults(element)
	return element
}

func setDefaults(v reflect.Value) {
	v.SetZero()
	if d, ok := v.Addr().Interface().(interface{ Default() }); ok {
		d.Default()
	}
}
