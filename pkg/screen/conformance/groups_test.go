package conformance_test

import "github.com/twmb/franz-go/pkg/kmsg"

func commit(a *asker, group, topic string, change ...func(*kmsg.OffsetCommitRequest)) *kmsg.OffsetCommitRequest {
	r := kmsg.NewPtrOffsetCommitRequest()
	r.Group, r.Generation = a.n(group), -1
	p := kmsg.NewOffsetCommitRequestTopicPartition()
	p.Offset = 5
	t := kmsg.NewOffsetCommitRequestTopic()
	t.Topic, t.Partitions = topic, []kmsg.OffsetCommitRequestTopicPartition{p}
	if a.versions[r.Key()] >= 10 {
		t.TopicID = [16]byte{9}
		if made, err := a.send(metadata(topic)); err == nil && made.(*kmsg.MetadataResponse).Topics[0].ErrorCode == 0 {
			t.TopicID = made.(*kmsg.MetadataResponse).Topics[0].TopicID
		}
	}
	r.Topics = append(r.Topics, t)
	for _, c := range change {
		c(r)
	}
	return r
}

// committed are the offsets of a group, of all topics or of partitions 0 and 1 of one.
func committed(a *asker, group, topic string) kmsg.Request {
	r := kmsg.NewPtrOffsetFetchRequest()
	g := kmsg.NewOffsetFetchRequestGroup()
	g.Group = a.n(group)
	if topic != "" {
		g.Topics = []kmsg.OffsetFetchRequestGroupTopic{{Topic: topic, Partitions: []int32{0, 1}}}
	}
	r.Groups = append(r.Groups, g)
	return pinned{r, 9}
}

// group has offset 5 committed for partition 0 of topic t, and no members.
func (a *asker) group() (topic string) {
	topic = a.topic("t", 2)
	a.do(commit(a, "g", topic))
	return topic
}

var offsetQuestions = []question{
	{"commit without members", func(a *asker) { a.ask(commit(a, "g", a.topic("t", 1))) }},
	{"commit for an unknown topic", func(a *asker) { a.ask(commit(a, "g", a.n("u"))) }},
	{"commit for an unknown partition", func(a *asker) {
		a.ask(commit(a, "g", a.topic("t", 1), func(r *kmsg.OffsetCommitRequest) { r.Topics[0].Partitions[0].Partition = 9 }))
	}},
	{"commit as an unknown member", func(a *asker) {
		a.ask(commit(a, "g", a.topic("t", 1), func(r *kmsg.OffsetCommitRequest) { r.MemberID, r.Generation = "m", 3 }))
	}},
	{"commit as an unknown member of a group that is empty", func(a *asker) {
		a.ask(commit(a, "g", a.group(), func(r *kmsg.OffsetCommitRequest) { r.MemberID, r.Generation = "m", 3 }))
	}},
	{"commit of a long note", func(a *asker) {
		note := make([]byte, 5000)
		for i := range note {
			note[i] = 'x'
		}
		a.ask(commit(a, "g", a.topic("t", 1), func(r *kmsg.OffsetCommitRequest) {
			r.Topics[0].Partitions[0].Metadata = kmsg.StringPtr(string(note))
		}))
	}},
	{"commit of a negative offset", func(a *asker) {
		t := a.topic("t", 2)
		a.ask(commit(a, "g", t, func(r *kmsg.OffsetCommitRequest) { r.Topics[0].Partitions[0].Offset = -5 }))
		a.ask(committed(a, "g", t))
	}},
	{"commit with an empty group", func(a *asker) {
		a.ask(commit(a, "g", a.topic("t", 1), func(r *kmsg.OffsetCommitRequest) { r.Group = "" }))
	}},
	{"commit in older versions", func(a *asker) {
		t := a.topic("t", 1)
		for _, v := range []int16{2, 3, 5, 6, 7, 8, 9} {
			a.ask(pinned{commit(a, "g", t), v})
		}
	}},
	{"offsets of a group", func(a *asker) { a.ask(committed(a, "g", a.group())) }},
	{"all offsets of a group", func(a *asker) { a.group(); a.ask(committed(a, "g", "")) }},
	{"offsets of an unknown group", func(a *asker) { a.ask(committed(a, "u", a.topic("t", 1))) }},
	{"all offsets of an unknown group", func(a *asker) { a.ask(committed(a, "u", "")) }},
	{"offsets of an unknown topic", func(a *asker) { a.group(); a.ask(committed(a, "g", a.n("u"))) }},
	{"offsets as an unknown member", func(a *asker) {
		r := committed(a, "g", a.group()).(pinned)
		g := &r.Request.(*kmsg.OffsetFetchRequest).Groups[0]
		g.MemberID, g.MemberEpoch = kmsg.StringPtr("m"), 3
		a.ask(r)
	}},
	{"offsets in older versions", func(a *asker) {
		t := a.group()
		for _, v := range []int16{1, 2, 3, 5, 6, 7} {
			r := kmsg.NewPtrOffsetFetchRequest()
			r.Group, r.Topics = a.n("g"), []kmsg.OffsetFetchRequestTopic{{Topic: t, Partitions: []int32{0, 1}}}
			a.ask(pinned{r, v})
		}
	}},
	{"delete an offset", func(a *asker) {
		t := a.group()
		a.ask(deleteOffset(a, "g", t, 0))
		a.ask(committed(a, "g", t))
	}},
	{"delete an offset that is not there", func(a *asker) { a.ask(deleteOffset(a, "g", a.group(), 1)) }},
	{"delete an offset of an unknown topic", func(a *asker) { a.group(); a.ask(deleteOffset(a, "g", a.n("u"), 0)) }},
	{"delete an offset of an unknown group", func(a *asker) { a.ask(deleteOffset(a, "u", a.topic("t", 1), 0)) }},
}

func deleteOffset(a *asker, group, topic string, partition int32) *kmsg.OffsetDeleteRequest {
	r := kmsg.NewPtrOffsetDeleteRequest()
	r.Group = a.n(group)
	r.Topics = []kmsg.OffsetDeleteRequestTopic{{Topic: topic,
		Partitions: []kmsg.OffsetDeleteRequestTopicPartition{{Partition: partition}}}}
	return r
}

func describeGroup(a *asker, group string) *kmsg.DescribeGroupsRequest {
	r := kmsg.NewPtrDescribeGroupsRequest()
	r.Groups = []string{a.n(group)}
	return r
}

func describeConsumerGroup(a *asker, group string) *kmsg.ConsumerGroupDescribeRequest {
	r := kmsg.NewPtrConsumerGroupDescribeRequest()
	r.Groups = []string{a.n(group)}
	return r
}

// listGroups lists those of this question.
func listGroups(a *asker, version int16, states, types []string) {
	r := kmsg.NewPtrListGroupsRequest()
	r.StatesFilter, r.TypesFilter = states, types
	answer := a.do(pinned{r, version}).(*kmsg.ListGroupsResponse)
	own := kmsg.NewPtrListGroupsResponse()
	own.Version, own.ErrorCode = answer.Version, answer.ErrorCode
	for _, g := range answer.Groups {
		if len(g.Group) > len(a.prefix) && g.Group[:len(a.prefix)] == a.prefix {
			g.Group = g.Group[len(a.prefix):]
			own.Groups = append(own.Groups, g)
		}
	}
	a.note(render(own, false))
}

func find(kind int8, keys ...string) *kmsg.FindCoordinatorRequest {
	r := kmsg.NewPtrFindCoordinatorRequest()
	r.CoordinatorType, r.CoordinatorKeys = kind, keys
	return r
}

var groupQuestions = []question{
	{"describe an empty group", func(a *asker) { a.group(); a.ask(describeGroup(a, "g")) }},
	{"describe an unknown group", one(func(a *asker) kmsg.Request { return describeGroup(a, "u") })},
	{"describe groups in older versions", func(a *asker) {
		a.group()
		for _, v := range []int16{0, 2, 3, 4, 5} {
			a.ask(pinned{describeGroup(a, "g"), v})
			a.ask(pinned{describeGroup(a, "u"), v})
		}
	}},
	{"describe a classic group as one of the new protocol", func(a *asker) {
		a.group()
		a.ask(describeConsumerGroup(a, "g"))
		a.ask(describeConsumerGroup(a, "u"))
	}},
	{"list groups in all versions", func(a *asker) {
		a.group()
		for _, v := range []int16{0, 1, 2, 3, 4, 5} {
			listGroups(a, v, nil, nil)
		}
	}},
	{"list groups by state", func(a *asker) {
		a.group()
		listGroups(a, 5, []string{"Empty"}, nil)
		listGroups(a, 5, []string{"stable"}, nil)
		listGroups(a, 5, []string{"empty"}, nil)
	}},
	{"list groups by type", func(a *asker) {
		a.group()
		listGroups(a, 5, nil, []string{"classic"})
		listGroups(a, 5, nil, []string{"Classic"})
		listGroups(a, 5, nil, []string{"consumer"})
	}},
	{"delete an empty group", func(a *asker) {
		t := a.group()
		a.ask(deleteGroup(a, "g"))
		a.ask(committed(a, "g", t))
	}},
	{"delete an unknown group", one(func(a *asker) kmsg.Request { return deleteGroup(a, "u") })},
	{"delete a group of no name", one(func(*asker) kmsg.Request {
		r := kmsg.NewPtrDeleteGroupsRequest()
		r.Groups = []string{""}
		return r
	})},
	{"find coordinators of groups", one(func(a *asker) kmsg.Request { return find(0, a.n("g"), a.n("h")) })},
	{"find the coordinator of a transaction", one(func(a *asker) kmsg.Request { return find(1, a.n("x")) })},
	{"find the coordinator of an empty name", one(func(*asker) kmsg.Request { return find(0, "") })},
	{"find the coordinator of an unknown kind", one(func(a *asker) kmsg.Request { return find(9, a.n("g")) })},
	{"find no coordinators", one(func(*asker) kmsg.Request { return find(0) })},
	{"find coordinators in older versions", func(a *asker) {
		for _, v := range []int16{0, 1, 2, 3} {
			r := find(0)
			r.CoordinatorKey = a.n("g")
			a.ask(pinned{r, v})
		}
	}},
}

func deleteGroup(a *asker, group string) *kmsg.DeleteGroupsRequest {
	r := kmsg.NewPtrDeleteGroupsRequest()
	r.Groups = []string{a.n(group)}
	return r
}
