package wire

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
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

// apiOf is what is known of an API, nothing for one nobody knows yet.
func apiOf(key kmsg.Key) api {
	if all := apis(); key >= 0 && int(key) < len(all) {
		return all[key]
	}
	return api{}
}

// knows tells whether frames of this API and version can be read.
func knows(key kmsg.Key, version int16) bool {
	a := apiOf(key)
	return a.name != "" && version >= 0 && version <= a.newest
}

// requestOf is an empty request of an API that is known.
func requestOf(key kmsg.Key, version int16) kmsg.Request {
	request := kmsg.RequestForKey(int16(key))
	request.SetVersion(version)
	return request
}

func flexible(key kmsg.Key, version int16) bool {
	a := apiOf(key)
	return a.name != "" && version >= a.flexible
}

// flexibleAnswer tells whether the header of the response ends with tagged fields. ApiVersions never has them: the
// client does not know yet what the broker speaks (KIP-511).
func flexibleAnswer(key kmsg.Key, version int16) bool {
	return key != kmsg.ApiVersions && flexible(key, version)
}

// APIName is the name of an API, "API 999" for one nobody knows yet.
func APIName(key kmsg.Key) string {
	if a := apiOf(key); a.name != "" {
		return a.name
	}
	return fmt.Sprintf("API %d", key)
}

// APINamed finds an API by its name (Produce, JoinGroup), without regard to case.
func APINamed(name string) (kmsg.Key, error) {
	var names []string
	for key, a := range apis() {
		if a.name != "" && strings.EqualFold(a.name, name) {
			return kmsg.Key(key), nil
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
