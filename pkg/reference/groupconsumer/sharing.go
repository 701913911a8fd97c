package groupconsumer

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// leave gives up all partitions and tells the group that this member goes. A static member of the classic protocol just
// goes: its partitions stay its own until its session times out. With KIP-848 it says that it will be back, which the
// client (franz-go 1.22.2) does without the instance's id, and brokers refuse: so it is said again.
func (set *settings) leave(client *kgo.Client) {
	defer client.CloseAllowingRebalance()
	if set.InstanceID == "" || set.Protocol != "consumer" {
		return
	}
	const comesBack = -2 // a member epoch
	request := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	request.Group, request.InstanceID, request.MemberEpoch = set.group, &set.InstanceID, comesBack
	request.MemberID, _ = client.GroupMetadata()
	client.AllowRebalance()
	client.LeaveGroup()
	ctx, cancel := context.WithTimeout(context.Background(), set.RevokeWithin)
	defer cancel()
	_, _ = request.RequestWith(ctx, client) // without it the session has to time out
}

// sharing are the client's options for a protocol and an assignor. The client falls back to the classic protocol where
// the cluster does not have the other one.
func (set *settings) sharing() []kgo.Opt {
	options := []kgo.Opt{kgo.Balancers(balancers[set.Protocol][set.Assignor])}
	if set.Protocol == "consumer" {
		options = append(options, kgo.ServerSideBalancer())
	}
	return options
}

// balancers are the assignors of each protocol, the values of Kafka's setting group.protocol. In the new one brokers
// assign, and the client knows their assignors, uniform and range, by its own sticky and range.
var balancers = map[string]map[string]kgo.GroupBalancer{
	"classic": {
		"cooperative-sticky": kgo.CooperativeStickyBalancer(),
		"sticky":             kgo.StickyBalancer(),
		"range":              kgo.RangeBalancer(),
		"roundrobin":         kgo.RoundRobinBalancer(),
	},
	"consumer": {
		"uniform": kgo.StickyBalancer(),
		"range":   kgo.RangeBalancer(),
	},
}
