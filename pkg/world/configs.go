package world

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// whole, oneOf and the others say what a topic's configuration may be. The cluster has the last word: these are told
// before it is asked.
var (
	whole = func(least int64) func(string) string {
		return func(text string) string {
			if n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64); err != nil || n < least {
				return fmt.Sprintf("a whole number of at least %d", least)
			}
			return ""
		}
	}
	oneOf = func(names ...string) func(string) string {
		return func(text string) string {
			if !slices.Contains(names, text) {
				return "one of " + strings.Join(names, ", ")
			}
			return ""
		}
	}
	flag  = oneOf("true", "false")
	share = func(text string) string {
		if f, err := strconv.ParseFloat(text, 64); err != nil || !(f >= 0 && f <= 1) {
			return "a number from 0 to 1"
		}
		return ""
	}
	policies = func(text string) string {
		for one := range strings.SplitSeq(text, ",") {
			if one = strings.TrimSpace(one); one != "delete" && one != "compact" {
				return "delete, compact, or both with a comma between"
			}
		}
		return ""
	}
	anything = func(string) string { return "" }
)

// knownConfigs are those of Apache Kafka 4 (https://kafka.apache.org/documentation/#topicconfigs).
var knownConfigs = map[string]func(string) string{
	"cleanup.policy": policies, "compression.gzip.level": whole(-1), "compression.lz4.level": whole(1),
	"compression.type":       oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
	"compression.zstd.level": whole(-131072), "delete.retention.ms": whole(0), "file.delete.delay.ms": whole(0),
	"flush.messages": whole(1), "flush.ms": whole(0), "follower.replication.throttled.replicas": anything,
	"index.interval.bytes": whole(0), "leader.replication.throttled.replicas": anything,
	"local.retention.bytes": whole(-2), "local.retention.ms": whole(-2), "max.compaction.lag.ms": whole(1),
	"max.message.bytes": whole(0), "message.timestamp.after.max.ms": whole(0), "message.timestamp.before.max.ms": whole(0),
	"message.timestamp.type":    oneOf("CreateTime", "LogAppendTime"),
	"min.cleanable.dirty.ratio": share, "min.compaction.lag.ms": whole(0), "min.insync.replicas": whole(1),
	"preallocate": flag, "remote.log.copy.disable": flag, "remote.log.delete.on.disable": flag,
	"remote.storage.enable": flag, "retention.bytes": whole(-1), "retention.ms": whole(-1), "segment.bytes": whole(14),
	"segment.index.bytes": whole(4), "segment.jitter.ms": whole(0), "segment.ms": whole(1),
	"unclean.leader.election.enable": flag,
	// until Apache Kafka 3
	"message.downconversion.enable": flag, "message.format.version": anything,
	"message.timestamp.difference.max.ms": whole(0),
}

// CheckTopicConfig finds what is wrong with a topic's configuration before anything is started. Names of other vendors
// are taken as they are.
func CheckTopicConfig(s app.Settings) error {
	for _, name := range slices.Sorted(maps.Keys(knownConfigs)) {
		if !s.Has(name) {
			continue
		}
		value := s.String(name, "")
		if want := knownConfigs[name](value); want != "" {
			return s.Refuse(name, value, want)
		}
	}
	err := s.Err()
	unknown, ok := errors.AsType[source.Errors](err)
	if !ok {
		return err
	}
	return slices.DeleteFunc(unknown, func(e *source.Error) bool {
		return strings.Contains(e.Error(), `"confluent.`) || strings.Contains(e.Error(), `"redpanda.`)
	}).Err()
}
