package screen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// setting is one of a topic's. Source of the table and of its words: LogConfig and ConfigDef of Apache Kafka 4.3.
type setting struct {
	name    string
	kind    kmsg.ConfigType
	usual   string // value where neither the topic nor the broker has another
	broker  string // name of the broker's setting that is the default
	refusal func(value string) string
}

const (
	boolean = kmsg.ConfigTypeBoolean
	integer = kmsg.ConfigTypeInt
	long    = kmsg.ConfigTypeLong
	double  = kmsg.ConfigTypeDouble
	word    = kmsg.ConfigTypeString
	list    = kmsg.ConfigTypeList

	maxLong = "9223372036854775807"
)

// topicSettings are all there are, in the order of their names.
var topicSettings = []setting{
	{"cleanup.policy", list, "delete", "log.cleanup.policy", oneOf("compact", "delete")},
	{"compression.gzip.level", integer, "-1", "compression.gzip.level", gzipLevel},
	{"compression.lz4.level", integer, "9", "compression.lz4.level", between(1, 17)},
	{"compression.type", word, "producer", "compression.type",
		oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer")},
	{"compression.zstd.level", integer, "3", "compression.zstd.level", between(-131072, 22)},
	{"delete.retention.ms", long, "86400000", "log.cleaner.delete.retention.ms", atLeast(0)},
	{"file.delete.delay.ms", long, "60000", "log.segment.delete.delay.ms", atLeast(0)},
	{"flush.messages", long, maxLong, "log.flush.interval.messages", atLeast(1)},
	{"flush.ms", long, maxLong, "log.flush.interval.ms", atLeast(0)},
	{"follower.replication.throttled.replicas", list, "", "", throttled("follower.replication.throttled.replicas")},
	{"index.interval.bytes", integer, "4096", "log.index.interval.bytes", atLeast(0)},
	{"leader.replication.throttled.replicas", list, "", "", throttled("leader.replication.throttled.replicas")},
	{"local.retention.bytes", long, "-2", "log.local.retention.bytes", atLeast(-2)},
	{"local.retention.ms", long, "-2", "log.local.retention.ms", atLeast(-2)},
	{"max.compaction.lag.ms", long, maxLong, "log.cleaner.max.compaction.lag.ms", atLeast(1)},
	{"max.message.bytes", integer, "1048588", "message.max.bytes", atLeast(0)},
	{"message.timestamp.after.max.ms", long, "3600000", "log.message.timestamp.after.max.ms", atLeast(0)},
	{"message.timestamp.before.max.ms", long, maxLong, "log.message.timestamp.before.max.ms", atLeast(0)},
	{"message.timestamp.type", word, "CreateTime", "log.message.timestamp.type", oneOf("CreateTime", "LogAppendTime")},
	{"min.cleanable.dirty.ratio", double, "0.5", "log.cleaner.min.cleanable.ratio", between(0, 1)},
	{"min.compaction.lag.ms", long, "0", "log.cleaner.min.compaction.lag.ms", atLeast(0)},
	{"min.insync.replicas", integer, "1", "min.insync.replicas", atLeast(1)},
	{"preallocate", boolean, "false", "log.preallocate", nil},
	{"remote.log.copy.disable", boolean, "false", "", nil},
	{"remote.log.delete.on.disable", boolean, "false", "", nil},
	{"remote.storage.enable", boolean, "false", "", nil},
	{"retention.bytes", long, "-1", "log.retention.bytes", nil},
	{"retention.ms", long, "604800000", "log.retention.ms", atLeast(-1)},
	{"segment.bytes", integer, "1073741824", "log.segment.bytes", atLeast(1 << 20)},
	{"segment.index.bytes", integer, "10485760", "log.index.size.max.bytes", atLeast(4)},
	{"segment.jitter.ms", long, "0", "log.roll.jitter.ms", atLeast(0)},
	{"segment.ms", long, "604800000", "log.roll.ms", atLeast(1)},
	{"unclean.leader.election.enable", boolean, "false", "unclean.leader.election.enable", nil},
}

// internalPrefix is of settings that a broker takes and does not show.
const internalPrefix = "internal."

func settingOf(name string) *setting {
	i := slices.IndexFunc(topicSettings, func(s setting) bool { return s.name == name })
	if i < 0 {
		return nil
	}
	return &topicSettings[i]
}

// source is where the usual value comes from. Clusters with eligible leader replicas (KIP-966) have one of their own.
func (s *setting) source() kmsg.ConfigSource {
	if s.name == "min.insync.replicas" {
		return kmsg.ConfigSourceDynamicDefaultBrokerConfig
	}
	return kmsg.ConfigSourceDefaultConfig
}

func atLeast(least float64) func(string) string { return between(least, 1<<63) }

func between(least, most float64) func(string) string {
	return func(value string) string {
		switch n, _ := strconv.ParseFloat(value, 64); {
		case n < least:
			return fmt.Sprintf("Value must be at least %.0f", least)
		case n > most:
			return fmt.Sprintf("Value must be no more than %.0f", most)
		}
		return ""
	}
}

func gzipLevel(value string) string {
	if value == "-1" || between(1, 9)(value) == "" {
		return ""
	}
	return "Value must be between 1 and 9 or equal to -1"
}

func oneOf(words ...string) func(string) string {
	return func(value string) string {
		if value == "" || slices.Contains(words, value) {
			return ""
		}
		return "String must be one of: " + strings.Join(words, ", ")
	}
}

func throttled(name string) func(string) string {
	return func(value string) string {
		partition, broker, ok := strings.Cut(value, ":")
		if value == "" || value == "*" || ok && number(partition, 32) && number(broker, 32) {
			return ""
		}
		return name + " must be the literal '*' or a list of replicas in the following format: " +
			"[partitionId]:[brokerId],[partitionId]:[brokerId],..."
	}
}

func number(s string, bits int) bool {
	_, err := strconv.ParseInt(s, 10, bits)
	return err == nil
}

// parse returns a value as a broker keeps it, or what is wrong with it.
func (s *setting) parse(value string) (parsed, wrong string) {
	parsed = strings.TrimSpace(value)
	shown := parsed
	switch s.kind {
	case boolean:
		if parsed = strings.ToLower(parsed); parsed != "true" && parsed != "false" {
			wrong = "Expected value to be either true or false"
		}
	case integer:
		if !number(parsed, 32) {
			wrong = "Not a number of type INT"
		}
	case long:
		if !number(parsed, 64) {
			wrong = "Not a number of type LONG"
		}
	case double:
		if _, err := strconv.ParseFloat(parsed, 64); err != nil {
			wrong = "Not a number of type DOUBLE"
		}
	case list:
		elements := splitList(parsed)
		parsed = strings.Join(elements, ",")
		for _, e := range elements {
			if why := s.refusal(e); why != "" && wrong == "" {
				shown, wrong = e, why
				if s.broker == "" {
					shown = "[" + strings.Join(elements, ", ") + "]"
				}
			}
		}
	case word:
	}
	if wrong == "" && s.refusal != nil && s.kind != list {
		wrong = s.refusal(parsed)
	}
	if wrong != "" {
		wrong = fmt.Sprintf("Invalid value %s for configuration %s: %s", shown, s.name, wrong)
	}
	return parsed, wrong
}

// splitList returns the elements of a list, each once.
func splitList(value string) (elements []string) {
	for e := range strings.SplitSeq(value, ",") {
		if e = strings.TrimSpace(e); e != "" && !slices.Contains(elements, e) {
			elements = append(elements, e)
		}
	}
	return elements
}

// checkSettings parses the settings of one topic in place, and returns what is wrong with them.
func checkSettings(of map[string]string) (wrong string) {
	for name := range of {
		if settingOf(name) == nil && !strings.HasPrefix(name, internalPrefix) {
			return "Unknown topic config name: " + name
		}
	}
	for i := range topicSettings {
		s := &topicSettings[i]
		value, ok := of[s.name]
		if !ok {
			continue
		}
		if of[s.name], wrong = s.parse(value); wrong != "" {
			return wrong
		}
	}
	if of["remote.storage.enable"] == "true" {
		return "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage."
	}
	return ""
}
