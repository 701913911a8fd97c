package conformance_test

import "github.com/twmb/franz-go/pkg/kmsg"

// join asks to be a member of a classic group.
func join(a *asker, group, member string, change ...func(*kmsg.JoinGroupRequest)) *kmsg.JoinGroupRequest {
	r := kmsg.NewPtrJoinGroupRequest()
	r.Group, r.MemberID, r.ProtocolType = a.n(group), member, "consumer"
	r.SessionTimeoutMillis, r.RebalanceTimeoutMillis = 10_000, 10_000
	r.Protocols = []kmsg.JoinGroupRequestProtocol{{Name: "range", Metadata: []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}}
	for _, c := range change {
		c(r)
	}
	return r
}

// member joins as the only one, and is given nothing in particular.
func (a *asker) member(group string) (id string, generation int32) {
	first := a.do(join(a, group, "")).(*kmsg.JoinGroupResponse)
	second := a.do(join(a, group, first.MemberID)).(*kmsg.JoinGroupResponse)
	a.do(sync(a, group, second.MemberID, second.Generation))
	return second.MemberID, second.Generation
}

func sync(a *asker, group, member string, generation int32) *kmsg.SyncGroupRequest {
	r := kmsg.NewPtrSyncGroupRequest()
	r.Group, r.MemberID, r.Generation = a.n(group), member, generation
	r.ProtocolType, r.Protocol = kmsg.StringPtr("consumer"), kmsg.StringPtr("range")
	r.GroupAssignment = []kmsg.SyncGroupRequestGroupAssignment{{MemberID: member, MemberAssignment: []byte("all")}}
	return r
}

func heartbeat(a *asker, group, member string, generation int32) *kmsg.HeartbeatRequest {
	r := kmsg.NewPtrHeartbeatRequest()
	r.Group, r.MemberID, r.Generation = a.n(group), member, generation
	return r
}

func leave(a *asker, group string, members ...string) *kmsg.LeaveGroupRequest {
	r := kmsg.NewPtrLeaveGroupRequest()
	r.Group = a.n(group)
	for _, m := range members {
		r.Members = append(r.Members, kmsg.LeaveGroupRequestMember{MemberID: m})
	}
	return r
}

// joined is a group whose only member asks something.
func joined(name string, ask func(a *asker, member string, generation int32)) question {
	return question{name, func(a *asker) {
		m, g := a.member("g")
		ask(a, m, g)
		a.do(leave(a, "g", m))
	}}
}

func heartbeat848(a *asker, group, member string, epoch int32,
	change ...func(*kmsg.ConsumerGroupHeartbeatRequest)) *kmsg.ConsumerGroupHeartbeatRequest {
	r := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	r.Group, r.MemberID, r.MemberEpoch = a.n(group), member, epoch
	if epoch == 0 {
		r.RebalanceTimeoutMillis, r.SubscribedTopicNames = 10_000, []string{a.n("t")}
		r.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{}
	}
	for _, c := range change {
		c(r)
	}
	return r
}

var memberQuestions = []question{
	{"join without an id", one(func(a *asker) kmsg.Request { return join(a, "g", "") })},
	{"join without an id, in an old version", func(a *asker) { a.ask(pinned{join(a, "g", ""), 3}) }},
	{"join as an unknown member", one(func(a *asker) kmsg.Request { return join(a, "g", "m") })},
	{"join with no protocols", one(func(a *asker) kmsg.Request {
		return join(a, "g", "", func(r *kmsg.JoinGroupRequest) { r.Protocols = []kmsg.JoinGroupRequestProtocol{} })
	})},
	{"join with a session that is too long", one(func(a *asker) kmsg.Request {
		return join(a, "g", "", func(r *kmsg.JoinGroupRequest) { r.SessionTimeoutMillis = 1 << 30 })
	})},
	{"join with a session that is too short", one(func(a *asker) kmsg.Request {
		return join(a, "g", "", func(r *kmsg.JoinGroupRequest) { r.SessionTimeoutMillis = 1 })
	})},
	{"join a group of no name", one(func(a *asker) kmsg.Request {
		return join(a, "g", "", func(r *kmsg.JoinGroupRequest) { r.Group = "" })
	})},
	{"join with a name of the instance", func(a *asker) {
		answer := a.ask(join(a, "g", "", func(r *kmsg.JoinGroupRequest) { r.InstanceID = kmsg.StringPtr("one") }))
		a.do(leave(a, "g", answer.(*kmsg.JoinGroupResponse).MemberID))
	}},
	joined("join with another protocol", func(a *asker, _ string, _ int32) {
		a.ask(join(a, "g", "", func(r *kmsg.JoinGroupRequest) { r.Protocols[0].Name = "sticky" }))
		a.ask(join(a, "g", "", func(r *kmsg.JoinGroupRequest) { r.ProtocolType = "connect" }))
	}),
	joined("describe a group with a member", func(a *asker, _ string, _ int32) {
		answer := a.do(describeGroup(a, "g")).(*kmsg.DescribeGroupsResponse)
		for i := range answer.Groups[0].Members {
			answer.Groups[0].Members[i].ClientID = ""
		}
		a.note(render(answer, false))
	}),
	joined("heartbeat", func(a *asker, m string, g int32) { a.ask(heartbeat(a, "g", m, g)) }),
	joined("heartbeat of another generation", func(a *asker, m string, g int32) { a.ask(heartbeat(a, "g", m, g+5)) }),
	joined("heartbeat of another member", func(a *asker, _ string, g int32) { a.ask(heartbeat(a, "g", "m", g)) }),
	{"heartbeat to an unknown group", one(func(a *asker) kmsg.Request { return heartbeat(a, "u", "m", 1) })},
	joined("sync again", func(a *asker, m string, g int32) { a.ask(sync(a, "g", m, g)) }),
	joined("sync of another generation", func(a *asker, m string, g int32) { a.ask(sync(a, "g", m, g+5)) }),
	joined("sync with another protocol", func(a *asker, m string, g int32) {
		r := sync(a, "g", m, g)
		r.Protocol = kmsg.StringPtr("sticky")
		a.ask(r)
	}),
	{"sync to an unknown group", one(func(a *asker) kmsg.Request { return sync(a, "u", "m", 1) })},
	joined("leave", func(a *asker, m string, _ int32) { a.ask(leave(a, "g", m)) }),
	joined("leave as another member", func(a *asker, _ string, _ int32) { a.ask(leave(a, "g", "m")) }),
	{"leave an unknown group", one(func(a *asker) kmsg.Request { return leave(a, "u", "m") })},
	joined("commit as a member", func(a *asker, m string, g int32) {
		a.ask(commit(a, "g", a.topic("t", 1), func(r *kmsg.OffsetCommitRequest) { r.MemberID, r.Generation = m, g }))
	}),
	joined("commit of another generation", func(a *asker, m string, g int32) {
		a.ask(commit(a, "g", a.topic("t", 1), func(r *kmsg.OffsetCommitRequest) { r.MemberID, r.Generation = m, g-1 }))
	}),
	joined("commit from outside of a group with members", func(a *asker, _ string, _ int32) {
		a.ask(commit(a, "g", a.topic("t", 1)))
	}),
	joined("delete a group with members", func(a *asker, _ string, _ int32) { a.ask(deleteGroup(a, "g")) }),
	joined("delete an offset of a group with members", func(a *asker, m string, g int32) {
		t := a.topic("t", 1)
		a.do(commit(a, "g", t, func(r *kmsg.OffsetCommitRequest) { r.MemberID, r.Generation = m, g }))
		a.ask(deleteOffset(a, "g", t, 0))
	}),
	joined("join a classic group by the new protocol", func(a *asker, _ string, _ int32) {
		a.topic("t", 1)
		answer, err := a.send(heartbeat848(a, "g", "m", 0))
		if err == nil {
			a.note(codeName(answer.(*kmsg.ConsumerGroupHeartbeatResponse).ErrorCode))
		}
		a.do(heartbeat848(a, "g", "m", -1))
	}),
	{"heartbeats of the new protocol", func(a *asker) {
		a.topic("t", 2)
		first := a.do(heartbeat848(a, "g", "m", 0)).(*kmsg.ConsumerGroupHeartbeatResponse)
		first.HeartbeatIntervalMillis = 0
		a.note(render(first, false))
		listGroups(a, 5, nil, nil)
		a.ask(describeGroup(a, "g"))
		a.ask(committed(a, "g", a.n("t")))
		a.do(heartbeat848(a, "g", "m", -1))
		listGroups(a, 5, nil, nil)
	}},
	{"describe a group of the new protocol with a member", func(a *asker) {
		a.topic("t", 2)
		first := a.do(heartbeat848(a, "g", "m", 0)).(*kmsg.ConsumerGroupHeartbeatResponse)
		a.until("an assignment", func() bool {
			beat := heartbeat848(a, "g", "m", first.MemberEpoch)
			next, ok := a.do(beat).(*kmsg.ConsumerGroupHeartbeatResponse)
			if ok && next.Assignment != nil {
				first.Assignment, first.MemberEpoch = next.Assignment, next.MemberEpoch
			}
			return !ok || first.Assignment != nil && len(first.Assignment.Topics) > 0
		})
		described := a.do(describeConsumerGroup(a, "g")).(*kmsg.ConsumerGroupDescribeResponse)
		for i := range described.Groups { // how many steps a group takes until then is its own affair
			g := &described.Groups[i]
			g.Epoch, g.AssignmentEpoch = 0, 0
			for j := range g.Members {
				g.Members[j].MemberEpoch = 0
			}
		}
		a.note(render(described, false))
		a.do(heartbeat848(a, "g", "m", -1))
	}},
	{"heartbeat of the new protocol of an unknown member", one(func(a *asker) kmsg.Request {
		return heartbeat848(a, "u", "m", 5)
	})},
	{"heartbeat of the new protocol with a wrong epoch", func(a *asker) {
		a.topic("t", 1)
		a.do(heartbeat848(a, "g", "m", 0))
		a.ask(heartbeat848(a, "g", "m", 9))
		a.ask(heartbeat848(a, "g", "other", 1))
		a.do(heartbeat848(a, "g", "m", -1))
	}},
	{"heartbeat of the new protocol with an unknown assignor", one(func(a *asker) kmsg.Request {
		return heartbeat848(a, "g", "m", 0, func(r *kmsg.ConsumerGroupHeartbeatRequest) {
			r.ServerAssignor = kmsg.StringPtr("best")
		})
	})},
	{"heartbeat of the new protocol with a bad expression", one(func(a *asker) kmsg.Request {
		return heartbeat848(a, "g", "m", 0, func(r *kmsg.ConsumerGroupHeartbeatRequest) {
			r.SubscribedTopicNames, r.SubscribedTopicRegex = nil, kmsg.StringPtr("(")
		})
	})},
	{"commit of the new protocol with a wrong epoch", func(a *asker) {
		t := a.topic("t", 1)
		a.do(heartbeat848(a, "g", "m", 0))
		a.ask(commit(a, "g", t, func(r *kmsg.OffsetCommitRequest) { r.MemberID, r.Generation = "m", 77 }))
		a.ask(commit(a, "g", t, func(r *kmsg.OffsetCommitRequest) { r.MemberID, r.Generation = "other", 1 }))
		a.do(heartbeat848(a, "g", "m", -1))
	}},
}
