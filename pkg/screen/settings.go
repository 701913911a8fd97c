package screen

import (
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/topicconfig"
)

// internalPrefix is of settings that a broker takes and does not show.
const internalPrefix = "internal."

// sourceOf is where the usual value comes from. Clusters with eligible leader replicas (KIP-966) have one of their own.
func sourceOf(s topicconfig.Setting) kmsg.ConfigSource {
	if s.Name == "min.insync.replicas" {
		return kmsg.ConfigSourceDynamicDefaultBrokerConfig
	}
	return kmsg.ConfigSourceDefaultConfig
}

// checkSettings parses the settings of one topic in place, and returns what is wrong with them.
func checkSettings(of map[string]string) (wrong string) {
	for name := range of {
		if topicconfig.Of(name) == nil && !strings.HasPrefix(name, internalPrefix) {
			return "Unknown topic config name: " + name
		}
	}
	for _, s := range topicconfig.All() {
		value, ok := of[s.Name]
		if !ok {
			continue
		}
		if of[s.Name], wrong = s.Parse(value); wrong != "" {
			return wrong
		}
	}
	if of["remote.storage.enable"] == "true" {
		return "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage."
	}
	return ""
}
