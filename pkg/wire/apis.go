package wire

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// The keys of the APIs the wire knows by name.
const (
	apiProduce                = int16(kmsg.Produce)
	apiFetch                  = int16(kmsg.Fetch)
	apiMetadata               = int16(kmsg.Metadata)
	apiOffsetCommit           = int16(kmsg.OffsetCommit)
	apiOffsetFetch            = int16(kmsg.OffsetFetch)
	apiFindCoordinator        = int16(kmsg.FindCoordinator)
	apiJoinGroup              = int16(kmsg.JoinGroup)
	apiHeartbeat              = int16(kmsg.Heartbeat)
	apiLeaveGroup             = int16(kmsg.LeaveGroup)
	apiSyncGroup              = int16(kmsg.SyncGroup)
	apiSaslHandshake          = int16(kmsg.SASLHandshake)
	apiAPIVersions            = int16(kmsg.ApiVersions)
	apiInitProducerID         = int16(kmsg.InitProducerID)
	apiAddPartitionsToTxn     = int16(kmsg.AddPartitionsToTxn)
	apiAddOffsetsToTxn        = int16(kmsg.AddOffsetsToTxn)
	apiEndTxn                 = int16(kmsg.EndTxn)
	apiTxnOffsetCommit        = int16(kmsg.TxnOffsetCommit)
	apiSaslAuthenticate       = int16(kmsg.SASLAuthenticate)
	apiDescribeCluster        = int16(kmsg.DescribeCluster)
	apiConsumerGroupHeartbeat = int16(kmsg.ConsumerGroupHeartbeat)
	apiShareFetch             = int16(kmsg.ShareFetch)
	apiShareAcknowledge       = int16(kmsg.ShareAcknowledge)
)

// api is what is known of one API without looking at a frame.
type api struct {
	name     string
	newest   int16 // the newest version kmsg can read
	flexible int16 // the first flexible version (KIP-482); newest+1 when there is none
}

// apis holds all APIs kmsg knows, by key; unknown keys have no name.
var apis = sync.OnceValue(func() []api {
	known := make([]api, kmsg.MaxKey+1)
	for key := range known {
		request := kmsg.RequestForKey(int16(key))
		if request == nil {
			continue
		}
		known[key] = api{name: kmsg.NameForKey(int16(key)), newest: request.MaxVersion(), flexible: request.MaxVersion() + 1}
		for version := request.MaxVersion(); version >= 0; version-- {
			if request.SetVersion(version); !request.IsFlexible() {
				break
			}
			known[key].flexible = version
		}
	}
	return known
})

// knows tells whether frames of this API and version can be read.
func knows(key, version int16) bool {
	all := apis()
	return key >= 0 && int(key) < len(all) && all[key].name != "" && version >= 0 && version <= all[key].newest
}

func flexible(key, version int16) bool {
	all := apis()
	return key >= 0 && int(key) < len(all) && all[key].name != "" && version >= all[key].flexible
}

// flexibleAnswer tells whether the header of the response ends with tagged fields. ApiVersions never has them: the
// client does not know yet what the broker speaks (KIP-511).
func flexibleAnswer(key, version int16) bool {
	return key != apiAPIVersions && flexible(key, version)
}

// APIName is the name of an API, "API 999" for one nobody knows yet.
func APIName(key int16) string {
	if all := apis(); key >= 0 && int(key) < len(all) && all[key].name != "" {
		return all[key].name
	}
	return fmt.Sprintf("API %d", key)
}

// APINamed finds an API by its name (Produce, JoinGroup), without regard to case.
func APINamed(name string) (int16, error) {
	var names []string
	for key, a := range apis() {
		if a.name != "" && strings.EqualFold(a.name, name) {
			return int16(key), nil
		}
		if a.name != "" {
			names = append(names, a.name)
		}
	}
	return 0, unknown("API", name, names, "Produce, Fetch or OffsetCommit")
}

// unknown says that a name is none of those of the protocol, and which one may be meant.
func unknown(what, name string, names []string, such string) error {
	slices.Sort(names)
	if close := nearest.Word(name, names); close != "" {
		return fmt.Errorf("got %s %q, want an %s of the Kafka protocol; write %s", what, name, what, close)
	}
	return fmt.Errorf("got %s %q, want an %s of the Kafka protocol, such as %s", what, name, what, such)
}
