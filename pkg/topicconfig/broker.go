package topicconfig

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// whole are settings of the embedded broker that no topic has, each a whole number of at least this. Source:
// validBrokerConfigs of kfake.
var ownWhole = map[string]float64{
	"connections.max.reauth.ms": 0, "default.replication.factor": 1, "fetch.max.bytes": 1024,
	"group.consumer.heartbeat.interval.ms": 1, "group.consumer.session.timeout.ms": 1, "group.max.session.timeout.ms": 1,
	"group.max.size": 1, "group.min.session.timeout.ms": 1, "group.share.delivery.count.limit": 1,
	"group.share.heartbeat.interval.ms": 1, "group.share.max.share.sessions": 1, "group.share.max.size": 1,
	"group.share.partition.max.record.locks": 1, "group.share.record.lock.duration.ms": 1,
	"group.share.session.timeout.ms": 1, "log.cleaner.backoff.ms": 0, "max.incremental.fetch.session.cache.slots": 0,
	"offset.retention.ms": 1, "offsets.retention.check.interval.ms": 1, "offsets.retention.minutes": 1,
	"share.record.lock.sweep.interval.ms": 1, "transaction.max.timeout.ms": 1, "transactional.id.expiration.ms": 1,
}

// CheckBroker reports a setting that the embedded broker does not know, or a value that it cannot have.
func CheckBroker(name, value string) error {
	known := map[string]Setting{}
	for _, s := range settings {
		if s.Broker != "" {
			known[s.Broker] = s
		}
	}
	for own, least := range ownWhole {
		known[own] = number(own, long, "", "", least, highest)
	}
	s, ok := known[name]
	if !ok {
		names := slices.Sorted(maps.Keys(known))
		if near := nearest.Word(name, names); near != "" {
			return fmt.Errorf("got unknown setting %q; did you mean %q?", name, near)
		}
		return fmt.Errorf("got unknown setting %q; want one of %s", name, strings.Join(names, ", "))
	}
	if want := s.Want(value); want != "" {
		return fmt.Errorf("%s: got %q, want %s", name, value, want)
	}
	return nil
}
