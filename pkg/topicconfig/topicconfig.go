// Package topicconfig knows the settings of a topic: what they are called, what they may be, and what they are where
// nothing else is said. Two ask it: the plan of a run, and the embedded broker, which answers in Apache Kafka's words.
package topicconfig

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Setting is one of a topic's.
type Setting struct {
	Name   string
	Kind   kmsg.ConfigType
	Usual  string   // the value where neither the topic nor the broker has another
	Broker string   // the name of the broker's setting that is the default; "": there is none
	words  []string // the only ones that it, or an element of it, may be; nil: any
	least  float64  // of a number
	most   float64  // of a number
	// expected is the least number that a plan takes, where it is not least: what another version of Apache Kafka takes,
	// or what alone means something.
	expected *float64
}

const (
	boolean = kmsg.ConfigTypeBoolean
	integer = kmsg.ConfigTypeInt
	long    = kmsg.ConfigTypeLong
	double  = kmsg.ConfigTypeDouble
	word    = kmsg.ConfigTypeString
	list    = kmsg.ConfigTypeList

	maxLong = "9223372036854775807"
	lowest  = -1 << 63
	highest = 1 << 63

	// gzipLevel is the one number that is in two ranges: -1, and 1 to 9.
	gzipLevel = "compression.gzip.level"
)

// settings are all there are, in the order of their names. Source of the table, and of the words in which a broker
// refuses a value: LogConfig and ConfigDef of Apache Kafka 4.4.
var settings = []Setting{
	{Name: "cleanup.policy", Kind: list, Usual: "delete", Broker: "log.cleanup.policy",
		words: []string{"compact", "delete"}},
	number(gzipLevel, integer, "-1", "compression.gzip.level", -1, 9),
	number("compression.lz4.level", integer, "9", "compression.lz4.level", 1, 17),
	{Name: "compression.type", Kind: word, Usual: "producer", Broker: "compression.type",
		words: []string{"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"}},
	number("compression.zstd.level", integer, "3", "compression.zstd.level", -131072, 22),
	number("delete.retention.ms", long, "86400000", "log.cleaner.delete.retention.ms", 0, highest),
	{Name: "errors.deadletterqueue.group.enable", Kind: boolean, Usual: "false"}, // since 4.4
	number("file.delete.delay.ms", long, "60000", "log.segment.delete.delay.ms", 0, highest),
	number("flush.messages", long, maxLong, "log.flush.interval.messages", 1, highest),
	number("flush.ms", long, maxLong, "log.flush.interval.ms", 0, highest),
	{Name: "follower.replication.throttled.replicas", Kind: list},
	number("index.interval.bytes", integer, "4096", "log.index.interval.bytes", 0, highest),
	{Name: "leader.replication.throttled.replicas", Kind: list},
	number("local.retention.bytes", long, "-2", "log.local.retention.bytes", -2, highest),
	number("local.retention.ms", long, "-2", "log.local.retention.ms", -2, highest),
	number("max.compaction.lag.ms", long, maxLong, "log.cleaner.max.compaction.lag.ms", 1, highest),
	number("max.decompressed.message.bytes", integer, "2147483639", "max.decompressed.message.bytes", 1,
		2147483639), // since 4.4
	number("max.message.bytes", integer, "1048588", "message.max.bytes", 0, highest),
	number("message.timestamp.after.max.ms", long, "3600000", "log.message.timestamp.after.max.ms", 0, highest),
	number("message.timestamp.before.max.ms", long, maxLong, "log.message.timestamp.before.max.ms", 0, highest),
	{Name: "message.timestamp.type", Kind: word, Usual: "CreateTime", Broker: "log.message.timestamp.type",
		words: []string{"CreateTime", "LogAppendTime"}},
	number("min.cleanable.dirty.ratio", double, "0.5", "log.cleaner.min.cleanable.ratio", 0, 1),
	number("min.compaction.lag.ms", long, "0", "log.cleaner.min.compaction.lag.ms", 0, highest),
	number("min.insync.replicas", integer, "1", "min.insync.replicas", 1, highest),
	{Name: "preallocate", Kind: boolean, Usual: "false", Broker: "log.preallocate"},
	number("remote.copy.lag.bytes", long, "-1", "log.remote.copy.lag.bytes", -1, highest), // since 4.4
	number("remote.copy.lag.ms", long, "0", "log.remote.copy.lag.ms", -1, highest),        // since 4.4
	{Name: "remote.log.copy.disable", Kind: boolean, Usual: "false"},
	{Name: "remote.log.delete.on.disable", Kind: boolean, Usual: "false"},
	{Name: "remote.storage.enable", Kind: boolean, Usual: "false"},
	number("retention.bytes", long, "-1", "log.retention.bytes", lowest, highest).expecting(-1),
	number("retention.ms", long, "604800000", "log.retention.ms", -1, highest),
	number("segment.bytes", integer, "1073741824", "log.segment.bytes", 1<<20, highest).expecting(14), // 14 until 4.0
	number("segment.index.bytes", integer, "10485760", "log.index.size.max.bytes", 4, highest),
	number("segment.jitter.ms", long, "0", "log.roll.jitter.ms", 0, highest),
	number("segment.ms", long, "604800000", "log.roll.ms", 1, highest),
	{Name: "unclean.leader.election.enable", Kind: boolean, Usual: "false", Broker: "unclean.leader.election.enable"},
}

// earlier are those that Apache Kafka had until version 3. A plan takes them, the embedded broker does not.
var earlier = []Setting{
	{Name: "message.downconversion.enable", Kind: boolean},
	{Name: "message.format.version", Kind: word},
	number("message.timestamp.difference.max.ms", long, "", "", 0, highest),
}

func number(name string, kind kmsg.ConfigType, usual, broker string, least, most float64) Setting {
	return Setting{Name: name, Kind: kind, Usual: usual, Broker: broker, least: least, most: most}
}

func (s Setting) expecting(least float64) Setting {
	s.expected = &least
	return s
}

// All are the settings that Apache Kafka 4.4 has, in the order of their names.
func All() []Setting { return slices.Clone(settings) }

// planned is asked for by each step that makes a topic, of which there may be thousands.
var planned = slices.SortedFunc(slices.Values(slices.Concat(settings, earlier)), func(a, b Setting) int {
	return strings.Compare(a.Name, b.Name)
})

// Planned are the settings that some version of Apache Kafka has, in the order of their names.
func Planned() []Setting { return slices.Clone(planned) }

// Of returns a setting that Apache Kafka 4.4 has; nil where it has none of that name.
func Of(name string) *Setting {
	i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	found := settings[i]
	return &found
}
