package groupconsumer

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Policy is what the application decides about partitions and records. The rest of the package only carries it out.
type Policy struct {
	// Sharing says how the group shares its partitions: the protocol and the assignor.
	Sharing []kgo.Opt
	// Work processes a record, which takes so long.
	Work func(time.Duration)
	// Mark says up to which of the fetched records a partition may be committed when the i-th of them is processed.
	Mark func(fetched []*kgo.Record, i int) *kgo.Record
	// Report says that partitions were assigned, revoked or lost.
	Report func(how string, partitions map[string][]int32)
	// Revoke gives partitions up: stop ends the work on them, commit commits what was done, and forget drops the marks.
	// They are another member's when it returns.
	Revoke func(stop, commit, forget func())
	// Lost is called for partitions that are another member's already; forget drops what was done on them.
	Lost func(forget func())
	// Leave ends the client.
	Leave func(*kgo.Client)
}

func (set *settings) policy() Policy {
	return Policy{
		Sharing: set.sharing(),
		Work:    takeTime,
		Mark:    func(fetched []*kgo.Record, i int) *kgo.Record { return fetched[i] },
		Revoke:  func(stop, commit, forget func()) { stop(); commit(); forget() },
		Lost:    func(forget func()) { forget() },
		Leave:   set.leave,
	}
}

// leave gives up all partitions and tells the group that this member goes. A static member of the classic protocol just
// goes: its partitions stay its own until its session times out. With KIP-848 it says that it will be back, which the
// client (franz-go 1.22.2) does without the instance's id, and brokers refuse: so it is said again.
func (set *settings) leave(client *kgo.Client) {
	defer client.CloseAllowingRebalance()
	if set.instanceID == "" || set.protocol != "consumer" {
		return
	}
	const comesBack = -2 // a member epoch
	request := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	request.Group, request.InstanceID, request.MemberEpoch = set.group, &set.instanceID, comesBack
	request.MemberID, _ = client.GroupMetadata()
	client.AllowRebalance()
	client.LeaveGroup()
	ctx, cancel := context.WithTimeout(context.Background(), set.revokeWithin)
	defer cancel()
	_, _ = request.RequestWith(ctx, client) // without it the session has to time out
}

// sharing are the client's options for a protocol and an assignor. The client falls back to the classic protocol where
// the cluster does not have the other one.
func (set *settings) sharing() []kgo.Opt {
	options := []kgo.Opt{kgo.Balancers(balancers[set.protocol][set.assignor])}
	if set.protocol == "consumer" {
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
