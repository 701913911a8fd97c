package cluster_test

import (
	"net"
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func joinClassic(t *testing.T, client *kgo.Client, group string) {
	t.Helper()
	join := kmsg.NewPtrJoinGroupRequest()
	join.Group, join.ProtocolType, join.SessionTimeoutMillis, join.RebalanceTimeoutMillis = group, "consumer", 45_000,
		45_000
	protocol := kmsg.NewJoinGroupRequestProtocol()
	protocol.Name = "range"
	join.Protocols = append(join.Protocols, protocol)
	for range 2 { // the first answer only gives the member id to join with
		response, err := join.RequestWith(within(t), client)
		if err != nil {
			t.Fatal(err)
		}
		join.MemberID = response.MemberID
		if response.ErrorCode == 0 {
			return
		}
	}
	t.Fatalf("got no membership of group %s, want one", group)
}

func joinConsumer(t *testing.T, client *kgo.Client, group, topic string) {
	t.Helper()
	join := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	join.Group, join.MemberID, join.RebalanceTimeoutMillis = group, "bWVtYmVyLW9mLWEtdGVzdA", 45_000
	join.SubscribedTopicNames, join.Topics = []string{topic}, []kmsg.ConsumerGroupHeartbeatRequestTopic{}
	response, err := join.RequestWith(within(t), client)
	if err == nil {
		err = kerr.ErrorForCode(response.ErrorCode)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// advertise answers Metadata as a cluster would that tells its clients another address.
func advertise(t *testing.T, address string) func(kmsg.Request) (kmsg.Response, error, bool) {
	t.Helper()
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return func(request kmsg.Request) (kmsg.Response, error, bool) {
		response := request.ResponseKind().(*kmsg.MetadataResponse)
		broker := kmsg.NewMetadataResponseBroker()
		broker.Host, broker.Port = host, int32(port)
		response.Brokers = append(response.Brokers, broker)
		return response, nil, true
	}
}
