package wire

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Requests about partitions look alike: Topics of a Topic (or TopicID) with Partitions, which are numbers or structures
// with a Partition; answers mirror them with an ErrorCode. OffsetFetch wraps them in Groups. The functions here work on
// that shape, so that all such APIs can be disturbed alike in all their versions.

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

// key tells topic and id of an element of Topics.
func topicKey(topic reflect.Value) (key partitionKey) {
	if name := topic.FieldByName("Topic"); name.IsValid() {
		if name.Kind() == reflect.Pointer {
			if name.IsNil() {
				name = reflect.Value{}
			} else {
				name = name.Elem()
			}
		}
		if name.IsValid() {
			key.topic = name.String()
		}
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

// partitionsOf are the partitions a request names; a topic named without any has partition -1.
func partitionsOf(request kmsg.Request) []partitionKey {
	var all []partitionKey
	for _, holder := range holders(structure(request)) {
		for _, topic := range elements(holder, "Topics") {
			if topic.Kind() != reflect.Struct {
				continue
			}
			key := topicKey(topic)
			if !field(topic, "Partitions", reflect.Slice).IsValid() {
				key.partition = -1
				all = append(all, key)
			}
			for _, partition := range elements(topic, "Partitions") {
				key.partition = partitionNumber(partition)
				all = append(all, key)
			}
		}
	}
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

// grow appends an element with its default values to a list and returns it.
func grow(list reflect.Value) reflect.Value {
	element := reflect.New(list.Type().Elem())
	if d, ok := element.Interface().(interface{ Default() }); ok {
		d.Default()
	}
	list.Set(reflect.Append(list, element.Elem()))
	return list.Index(list.Len() - 1)
}

// mirror adds the selected partitions of a request to its answer, with the code.
func mirror(request, response reflect.Value, code int16, selected func(partitionKey) bool) {
	answers := field(response, "Topics", reflect.Slice)
	if !answers.IsValid() {
		return
	}
	for _, topic := range elements(request, "Topics") {
		if topic.Kind() != reflect.Struct {
			continue
		}
		key := topicKey(topic)
		var answer reflect.Value
		begin := func() {
			if !answer.IsValid() {
				answer = grow(answers)
				copyTopic(answer, topic)
			}
		}
		if !field(topic, "Partitions", reflect.Slice).IsValid() {
			key.partition = -1
			if selected(key) {
				begin()
				setCode(answer, code)
			}
		}
		for _, partition := range elements(topic, "Partitions") {
			key.partition = partitionNumber(partition)
			if !selected(key) {
				continue
			}
			begin()
			refused := grow(field(answer, "Partitions", reflect.Slice))
			refused.FieldByName("Partition").SetInt(int64(key.partition))
			setCode(refused, code)
		}
	}
}

func copyTopic(to, from reflect.Value) {
	for _, name := range []string{"Topic", "TopicID"} {
		source, target := from.FieldByName(name), to.FieldByName(name)
		if source.IsValid() && target.IsValid() && source.Type() == target.Type() {
			target.Set(source)
		}
	}
}

func setCode(v reflect.Value, code int16) bool {
	f := field(v, "ErrorCode", reflect.Int16)
	if f.IsValid() {
		f.SetInt(int64(code))
	}
	return f.IsValid()
}
