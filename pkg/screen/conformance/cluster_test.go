package conformance_test

import "github.com/twmb/franz-go/pkg/kmsg"

var clusterQuestions = []question{
	{"describe the cluster", one(func(*asker) kmsg.Request { return kmsg.NewPtrDescribeClusterRequest() })},
	{"describe the cluster's controllers", one(func(*asker) kmsg.Request {
		r := kmsg.NewPtrDescribeClusterRequest()
		r.EndpointType = 2
		return r
	})},
	{"elect the preferred leader that leads", one(func(a *asker) kmsg.Request { return elect(0, a.topic("t", 1), 0) })},
	{"elect a leader by force", one(func(a *asker) kmsg.Request { return elect(1, a.topic("t", 1), 0) })},
	{"elect a leader of an unknown partition", one(func(a *asker) kmsg.Request { return elect(0, a.n("u"), 0) })},
	{"reassignments", one(func(*asker) kmsg.Request { return kmsg.NewPtrListPartitionReassignmentsRequest() })},
	{"reassign to where it is", one(func(a *asker) kmsg.Request { return reassign(a.topic("t", 1), a.node) })},
	{"reassign to an unknown broker", one(func(a *asker) kmsg.Request { return reassign(a.topic("t", 1), 77) })},
	{"reassign an unknown topic", one(func(a *asker) kmsg.Request { return reassign(a.n("u"), a.node) })},
	{"cancel no reassignment", one(func(a *asker) kmsg.Request { return reassign(a.topic("t", 1)) })},
	{"log folders", func(a *asker) {
		r := kmsg.NewPtrDescribeLogDirsRequest()
		r.Topics = []kmsg.DescribeLogDirsRequestTopic{{Topic: a.topic("t", 1), Partitions: []int32{0}}}
		a.ask(r)
	}},
	{"log folders of an unknown topic", func(a *asker) {
		r := kmsg.NewPtrDescribeLogDirsRequest()
		r.Topics = []kmsg.DescribeLogDirsRequestTopic{{Topic: a.n("u"), Partitions: []int32{0}}}
		a.ask(r)
	}},
	{"quotas of nobody", one(func(a *asker) kmsg.Request { return describeQuotas(a.n("user")) })},
	{"a quota", func(a *asker) {
		a.ask(alterQuota(a.n("user"), "producer_byte_rate", 1000))
		a.ask(describeQuotas(a.n("user")))
	}},
	{"an unknown quota", one(func(a *asker) kmsg.Request { return alterQuota(a.n("user"), "bytes", 1000) })},
	{"passwords of an unknown user", one(func(a *asker) kmsg.Request {
		r := kmsg.NewPtrDescribeUserSCRAMCredentialsRequest()
		r.Users = []kmsg.DescribeUserSCRAMCredentialsRequestUser{{Name: a.n("user")}}
		return r
	})},
	{"delete a password of an unknown user", one(func(a *asker) kmsg.Request {
		r := kmsg.NewPtrAlterUserSCRAMCredentialsRequest()
		r.Deletions = []kmsg.AlterUserSCRAMCredentialsRequestDeletion{{Name: a.n("user"), Mechanism: 1}}
		return r
	})},
	{"a login where there is none", one(func(*asker) kmsg.Request {
		r := kmsg.NewPtrSASLHandshakeRequest()
		r.Mechanism = "PLAIN"
		return r
	})},
	{"settings that there are", one(func(*asker) kmsg.Request {
		r := kmsg.NewPtrListConfigResourcesRequest()
		r.ResourceTypes = []int8{16}
		return r
	})},
	{"metrics that a client is to push", func(a *asker) {
		answer, err := a.send(kmsg.NewPtrGetTelemetrySubscriptionsRequest())
		if err != nil {
			a.note("not offered")
			return
		}
		a.note(codeName(answer.(*kmsg.GetTelemetrySubscriptionsResponse).ErrorCode))
	}},
}

func elect(kind int8, topic string, partition int32) *kmsg.ElectLeadersRequest {
	r := kmsg.NewPtrElectLeadersRequest()
	r.ElectionType, r.TimeoutMillis = kind, 5000
	r.Topics = []kmsg.ElectLeadersRequestTopic{{Topic: topic, Partitions: []int32{partition}}}
	return r
}

// reassign moves partition 0 to brokers; to none cancels a move.
func reassign(topic string, brokers ...int32) *kmsg.AlterPartitionAssignmentsRequest {
	r := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	r.TimeoutMillis = 5000
	r.Topics = []kmsg.AlterPartitionAssignmentsRequestTopic{{Topic: topic,
		Partitions: []kmsg.AlterPartitionAssignmentsRequestTopicPartition{{Replicas: brokers}}}}
	return r
}

func describeQuotas(user string) *kmsg.DescribeClientQuotasRequest {
	r := kmsg.NewPtrDescribeClientQuotasRequest()
	r.Components = []kmsg.DescribeClientQuotasRequestComponent{{EntityType: "user", Match: &user}}
	return r
}

func alterQuota(user, key string, value float64) *kmsg.AlterClientQuotasRequest {
	r := kmsg.NewPtrAlterClientQuotasRequest()
	r.Entries = []kmsg.AlterClientQuotasRequestEntry{{
		Entity: []kmsg.AlterClientQuotasRequestEntryEntity{{Type: "user", Name: &user}},
		Ops:    []kmsg.AlterClientQuotasRequestEntryOp{{Key: key, Value: value}},
	}}
	return r
}

var aclQuestions = []question{
	{"describe ACLs without an authorizer", one(func(*asker) kmsg.Request {
		r := kmsg.NewPtrDescribeACLsRequest()
		r.ResourceType, r.ResourcePatternType, r.Operation, r.PermissionType = 1, 1, 1, 1
		return r
	})},
	{"create an ACL without an authorizer", one(func(a *asker) kmsg.Request {
		r := kmsg.NewPtrCreateACLsRequest()
		r.Creations = []kmsg.CreateACLsRequestCreation{{ResourceType: 2, ResourceName: a.n("t"), ResourcePatternType: 3,
			Principal: "User:a", Host: "*", Operation: 3, PermissionType: 3}}
		return r
	})},
	{"delete ACLs without an authorizer", one(func(*asker) kmsg.Request {
		r := kmsg.NewPtrDeleteACLsRequest()
		r.Filters = []kmsg.DeleteACLsRequestFilter{{ResourceType: 1, ResourcePatternType: 1, Operation: 1, PermissionType: 1}}
		return r
	})},
}

func shareHeartbeat(a *asker, group, member string, epoch int32) *kmsg.ShareGroupHeartbeatRequest {
	r := kmsg.NewPtrShareGroupHeartbeatRequest()
	r.GroupID, r.MemberID, r.MemberEpoch = a.n(group), member, epoch
	if epoch == 0 {
		r.SubscribedTopicNames = []string{a.n("t")}
	}
	return r
}

func shareFetch(a *asker, group, member string, epoch int32, topic [16]byte) *kmsg.ShareFetchRequest {
	r := kmsg.NewPtrShareFetchRequest()
	id := a.n(group)
	r.GroupID, r.MemberID, r.ShareSessionEpoch = &id, &member, epoch
	r.MaxWaitMillis, r.MaxBytes, r.MaxRecords, r.BatchSize = 100, 1<<20, 10, 10
	r.Topics = []kmsg.ShareFetchRequestTopic{{TopicID: topic,
		Partitions: []kmsg.ShareFetchRequestTopicPartition{{PartitionMaxBytes: 1 << 20}}}}
	return r
}

// acknowledge says of the records from offset 0 on what became of each: 1 is accepted, 2 released, 3 rejected.
func acknowledge(a *asker, group, member string, epoch int32, topic [16]byte,
	types ...int8) *kmsg.ShareAcknowledgeRequest {
	r := kmsg.NewPtrShareAcknowledgeRequest()
	id := a.n(group)
	r.GroupID, r.MemberID, r.ShareSessionEpoch = &id, &member, epoch
	r.Topics = []kmsg.ShareAcknowledgeRequestTopic{{TopicID: topic,
		Partitions: []kmsg.ShareAcknowledgeRequestTopicPartition{{
			AcknowledgementBatches: []kmsg.ShareAcknowledgeRequestTopicPartitionAcknowledgementBatch{{
				LastOffset: int64(len(types)) - 1, AcknowledgeTypes: types}}}}}}
	return r
}

const (
	shareMember  = "AAAAAAAAAAAAAAAAAAAAAQ" // a UUID as Java writes it
	shareMember2 = "AAAAAAAAAAAAAAAAAAAAAg"
)

var shareQuestions = []question{
	{"join a share group", func(a *asker) {
		a.topic("t", 1)
		answer := a.do(shareHeartbeat(a, "s", shareMember, 0)).(*kmsg.ShareGroupHeartbeatResponse)
		answer.HeartbeatIntervalMillis = 0
		a.note(render(answer, false))
		listGroups(a, 5, nil, nil)
		a.do(shareHeartbeat(a, "s", shareMember, -1))
	}},
	{"heartbeat of an unknown member to a share group", one(func(a *asker) kmsg.Request {
		return shareHeartbeat(a, "s", shareMember, 3)
	})},
	{"fetch of an unknown share group", func(a *asker) {
		a.ask(shareFetch(a, "s", shareMember, 0, a.id(a.topic("t", 1))))
	}},
	{"share fetch with an unknown session", func(a *asker) {
		a.ask(shareFetch(a, "s", shareMember2, 7, a.id(a.topic("t", 1))))
	}},
	{"share fetch of an unknown topic", func(a *asker) {
		a.ask(shareFetch(a, "s", shareMember, 0, [16]byte{9}))
	}},
	{"records of a share group", func(a *asker) {
		t := a.topic("t", 1)
		a.do(alter(ofGroup, a.n("s"), "share.auto.offset.reset=earliest"))
		a.do(produce(t, batch(nil, usual, usual)))
		a.do(shareHeartbeat(a, "s", shareMember, 0))
		id, epoch := a.id(t), int32(0)
		var got *kmsg.ShareFetchResponse
		a.until("records", func() bool {
			got = a.do(shareFetch(a, "s", shareMember, epoch, id)).(*kmsg.ShareFetchResponse)
			if got.ErrorCode == 0 {
				epoch++
			}
			return len(got.Topics) > 0 && len(got.Topics[0].Partitions[0].AcquiredRecords) > 0
		})
		a.note(render(got, false))
		a.ask(acknowledge(a, "s", shareMember, epoch, id, 1, 2))
		a.ask(acknowledge(a, "s", shareMember, epoch+1, id, 1))
		a.do(shareHeartbeat(a, "s", shareMember, -1))
	}},
	{"describe a share group", func(a *asker) {
		r := kmsg.NewPtrShareGroupDescribeRequest()
		r.GroupIDs = []string{a.n("u")}
		a.ask(r)
	}},
	{"offsets of a share group", func(a *asker) {
		r := kmsg.NewPtrDescribeShareGroupOffsetsRequest()
		r.Groups = []kmsg.DescribeShareGroupOffsetsRequestGroup{{GroupID: a.n("u"),
			Topics: []kmsg.DescribeShareGroupOffsetsRequestGroupTopic{{Topic: a.topic("t", 1), Partitions: []int32{0}}}}}
		a.ask(r)
	}},
}
