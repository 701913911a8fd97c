package wire

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// replaced is a directory that turns every address into wire-<node>:<node>, and remembers topics.
type replaced struct{ topics map[[16]byte]string }

func (replaced) replace(node int32, _ string, _ int32) (string, int32) {
	return fmt.Sprintf("wire-%d.with.a.longer.name", node), 7000 + node
}

func (r replaced) topicSeen(id [16]byte, name string) {
	if r.topics != nil {
		r.topics[id] = name
	}
}

var ignoreVersions = cmpopts.IgnoreUnexported(kmsg.Tags{})

// samples are responses with an address in them, as the broker sends them and as the application is to see them.
func samples(host func(node int32) (string, int32)) []kmsg.Response {
	name, rack, id := "orders", "rack-1", [16]byte{1, 2, 3}

	metadata := kmsg.NewPtrMetadataResponse()
	coordinator := kmsg.NewPtrFindCoordinatorResponse()
	cluster := kmsg.NewPtrDescribeClusterResponse()
	produce := kmsg.NewPtrProduceResponse()
	fetch := kmsg.NewPtrFetchResponse()
	shareFetch := kmsg.NewPtrShareFetchResponse()
	shareAcknowledge := kmsg.NewPtrShareAcknowledgeResponse()

	for node := range int32(3) {
		h, p := host(node)
		metadata.Brokers = append(metadata.Brokers, kmsg.MetadataResponseBroker{NodeID: node, Host: h, Port: p, Rack: &rack})
		cluster.Brokers = append(cluster.Brokers, kmsg.DescribeClusterResponseBroker{NodeID: node, Host: h, Port: p,
			Rack: &rack, IsFenced: node == 1})
		produce.Brokers = append(produce.Brokers, kmsg.ProduceResponseBroker{NodeID: node, Host: h, Port: p})
		fetch.Brokers = append(fetch.Brokers, kmsg.FetchResponseBroker{NodeID: node, Host: h, Port: p, Rack: &rack})
		shareFetch.NodeEndpoints = append(shareFetch.NodeEndpoints,
			kmsg.ShareFetchResponseNodeEndpoint{NodeID: node, Host: h, Port: p})
		shareAcknowledge.NodeEndpoints = append(shareAcknowledge.NodeEndpoints,
			kmsg.ShareAcknowledgeResponseNodeEndpoint{NodeID: node, Host: h, Port: p})
		coordinator.Coordinators = append(coordinator.Coordinators,
			kmsg.FindCoordinatorResponseCoordinator{Key: "k", NodeID: node, Host: h, Port: p, ErrorMessage: &rack})
	}
	coordinator.NodeID = 2
	coordinator.Host, coordinator.Port = host(2)
	cluster.ClusterID = "cluster"

	topic := kmsg.NewMetadataResponseTopic()
	topic.Topic, topic.TopicID = &name, id
	topic.Partitions = []kmsg.MetadataResponseTopicPartition{{Partition: 3, Leader: 1, Replicas: []int32{1, 2},
		ISR: []int32{1}, OfflineReplicas: []int32{2}}}
	metadata.Topics, metadata.ClusterID = []kmsg.MetadataResponseTopic{topic, topic}, &name

	produced := kmsg.NewProduceResponseTopicPartition()
	produced.ErrorMessage, produced.CurrentLeader.LeaderID = &name, 2
	produced.ErrorRecords = []kmsg.ProduceResponseTopicPartitionErrorRecord{{RelativeOffset: 1, ErrorMessage: &rack}}
	produce.Topics = []kmsg.ProduceResponseTopic{{Topic: name, TopicID: id,
		Partitions: []kmsg.ProduceResponseTopicPartition{produced, produced}}}

	fetched := kmsg.NewFetchResponseTopicPartition()
	fetched.RecordBatches, fetched.CurrentLeader.LeaderID = []byte("some bytes"), 1
	fetched.AbortedTransactions = []kmsg.FetchResponseTopicPartitionAbortedTransaction{{ProducerID: 1, FirstOffset: 2}}
	fetch.Topics = []kmsg.FetchResponseTopic{{Topic: name, TopicID: id,
		Partitions: []kmsg.FetchResponseTopicPartition{fetched, fetched}}}

	shared := kmsg.NewShareFetchResponseTopicPartition()
	shared.Records, shared.ErrorMessage = []byte("bytes"), &rack
	shared.AcquiredRecords = []kmsg.ShareFetchResponseTopicPartitionAcquiredRecord{{FirstOffset: 1, LastOffset: 2,
		DeliveryCount: 3}}
	shareFetch.Topics = []kmsg.ShareFetchResponseTopic{{TopicID: id,
		Partitions: []kmsg.ShareFetchResponseTopicPartition{shared}}}
	shareAcknowledge.Topics = []kmsg.ShareAcknowledgeResponseTopic{{TopicID: id,
		Partitions: []kmsg.ShareAcknowledgeResponseTopicPartition{{ErrorMessage: &rack}}}}

	return []kmsg.Response{metadata, coordinator, cluster, produce, fetch, shareFetch, shareAcknowledge}
}

func TestAddressesAreRewrittenInEveryVersion(t *testing.T) {
	before := samples(func(node int32) (string, int32) { return fmt.Sprint("broker-", node), 9092 })
	after := samples(func(node int32) (string, int32) { return replaced{}.replace(node, "", 0) })
	for i, response := range before {
		for version := int16(0); version <= response.MaxVersion(); version++ {
			t.Run(fmt.Sprintf("%s v%d", APIName(kmsg.Key(response.Key())), version), func(t *testing.T) {
				response.SetVersion(version)
				after[i].SetVersion(version)
				seen := replaced{topics: make(map[[16]byte]string)}
				body, _, err := rewriteBody(kmsg.Key(response.Key()), version, response.AppendTo(nil), seen)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(parsed(t, after[i], after[i].AppendTo(nil)), parsed(t, response, body),
					ignoreVersions); diff != "" {
					t.Errorf("got +, want -:\n%s", diff)
				}
				if kmsg.Key(response.Key()) == kmsg.Metadata && version >= 10 && seen.topics[[16]byte{1, 2, 3}] != "orders" {
					t.Errorf("got topics %v, want the id of orders", seen.topics)
				}
			})
		}
	}
}

// parsed reads a body the way a client does.
func parsed(t testing.TB, like kmsg.Response, body []byte) kmsg.Response {
	t.Helper()
	fresh := like.RequestKind().ResponseKind()
	fresh.SetVersion(like.GetVersion())
	if err := fresh.ReadFrom(body); err != nil {
		t.Fatal(err)
	}
	return fresh
}

func TestWhatIsNoBrokerStays(t *testing.T) {
	none := kmsg.NewPtrFindCoordinatorResponse()
	none.Version, none.NodeID, none.Port = 3, -1, -1
	controllers := kmsg.NewPtrDescribeClusterResponse()
	controllers.Version, controllers.EndpointType = 1, 2
	controllers.Brokers = []kmsg.DescribeClusterResponseBroker{{NodeID: 1, Host: "controller", Port: 9093}}
	for _, response := range []kmsg.Response{none, controllers} {
		if _, differs, err := rewriteBody(kmsg.Key(response.Key()), response.GetVersion(), response.AppendTo(nil),
			replaced{}); err != nil || differs {
			t.Errorf("%s: got differs %v, error %v, want neither", APIName(kmsg.Key(response.Key())), differs, err)
		}
	}
}

func TestAnOldBrokersAPIVersions(t *testing.T) {
	// UNSUPPORTED_VERSION in version 0, though version 4 was asked for.
	body := []byte{0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 99}
	got, differs, err := rewriteBody(kmsg.ApiVersions, 4, body, replaced{})
	if want := byte(apis()[kmsg.ApiVersions].newest); err != nil || !differs || got[11] != want {
		t.Errorf("got %v, differs %v, error %v, want newest version %d", got, differs, err, want)
	}
}

func TestATruncatedBodyIsLeftAlone(t *testing.T) {
	for _, response := range samples(func(int32) (string, int32) { return "broker", 9092 }) {
		response.SetVersion(response.MaxVersion())
		body := response.AppendTo(nil)
		for size := range body {
			got, differs, _ := rewriteBody(kmsg.Key(response.Key()), response.GetVersion(), body[:size], replaced{})
			if differs && len(got) < size {
				t.Errorf("%s: got %d bytes of %d, want none lost", APIName(kmsg.Key(response.Key())), len(got), size)
			}
		}
	}
}
