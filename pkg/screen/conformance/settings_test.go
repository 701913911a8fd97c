package conformance_test

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	ofTopic  = kmsg.ConfigResourceTypeTopic
	ofBroker = kmsg.ConfigResourceTypeBroker
	ofGroup  = kmsg.ConfigResourceTypeGroupConfig
)

// settings of topics that a broker takes or refuses, with its words.
var triedSettings = []string{
	"retention.mss=1000", "retention.ms=1000", "retention.ms=-1", "retention.ms=-2", "retention.ms=soon", "retention.ms=",
	"retention.ms", "retention.ms= 5 ", "retention.bytes=-1", "retention.bytes=1e6", "cleanup.policy=compact",
	"cleanup.policy=compcat", "cleanup.policy=compact,delete", "cleanup.policy=compact, delete", "cleanup.policy=",
	"cleanup.policy=delete,delete",
	"compression.type=zstd", "compression.type=brotli", "compression.type=producer", "compression.gzip.level=9",
	"compression.gzip.level=10", "compression.lz4.level=0", "compression.zstd.level=23",
	"max.message.bytes=0", "max.message.bytes=-1", "max.message.bytes=3000000000",
	"message.timestamp.type=LogAppendTime", "message.timestamp.type=logappendtime",
	"message.timestamp.before.max.ms=-1", "message.timestamp.after.max.ms=1000",
	"message.timestamp.difference.max.ms=1000", "message.format.version=3.0-IV1", "message.downconversion.enable=false",
	"min.insync.replicas=0", "min.insync.replicas=2", "min.cleanable.dirty.ratio=0.5", "min.cleanable.dirty.ratio=1.5",
	"min.cleanable.dirty.ratio=half", "min.compaction.lag.ms=-1", "max.compaction.lag.ms=0", "delete.retention.ms=-1",
	"segment.bytes=10", "segment.bytes=1048576", "segment.ms=0", "segment.jitter.ms=-1", "segment.index.bytes=3",
	"index.interval.bytes=-1", "file.delete.delay.ms=-1", "flush.messages=0", "flush.ms=-1", "preallocate=true",
	"preallocate=yes", "unclean.leader.election.enable=true", "unclean.leader.election.enable=TRUE",
	"follower.replication.throttled.replicas=*", "follower.replication.throttled.replicas=1",
	"remote.storage.enable=true", "remote.storage.enable=false", "local.retention.ms=-3", "local.retention.ms=10",
	"internal.segment.bytes=100000",
}

// refusedSettings ask for a topic with each of them.
func refusedSettings() (all []question) {
	for _, s := range triedSettings {
		all = append(all, question{"setting " + s, func(a *asker) {
			a.words = true
			made := a.do(createTopics(newTopic(a.n("t"), 1, s))).(*kmsg.CreateTopicsResponse).Topics[0]
			a.note(codeName(made.ErrorCode) + ": " + text(made.ErrorMessage))
		}})
	}
	return all
}

// settings of a topic that applications and features ask for.
var describedSettings = []string{"cleanup.policy", "compression.type", "max.message.bytes", "message.timestamp.type",
	"min.insync.replicas", "retention.bytes", "segment.bytes", "delete.retention.ms"}

var settingQuestions = []question{
	{"settings of a topic", one(func(a *asker) kmsg.Request {
		return describeConfigs(ofTopic, a.topic("t", 1), describedSettings...)
	})},
	{"all settings of a topic by name", func(a *asker) {
		answer := a.do(describeConfigs(ofTopic, a.topic("t", 1)))
		for _, r := range answer.(*kmsg.DescribeConfigsResponse).Resources {
			for i := range r.Configs {
				r.Configs[i] = kmsg.DescribeConfigsResponseResourceConfig{Name: r.Configs[i].Name}
			}
		}
		a.note(render(answer, false))
	}},
	{"settings of a topic that were set", one(func(a *asker) kmsg.Request {
		return describeConfigs(ofTopic, a.topic("t", 1, "cleanup.policy=compact", "retention.ms=1000"), describedSettings...)
	})},
	{"settings with synonyms", func(a *asker) {
		r := describeConfigs(ofTopic, a.topic("t", 1, "segment.ms=1000"), "segment.ms", "cleanup.policy")
		r.IncludeSynonyms = true
		a.ask(r)
	}},
	{"an unknown setting of a topic", one(func(a *asker) kmsg.Request {
		return describeConfigs(ofTopic, a.topic("t", 1), "retention.mss")
	})},
	{"settings of an unknown topic", one(func(a *asker) kmsg.Request { return describeConfigs(ofTopic, a.n("t")) })},
	{"settings of a broker", one(func(a *asker) kmsg.Request {
		return describeConfigs(ofBroker, fmt.Sprint(a.node), "message.max.bytes", "log.retention.ms",
			"default.replication.factor", "num.partitions",
			"auto.create.topics.enable", "min.insync.replicas", "transaction.max.timeout.ms")
	})},
	{"settings of an unknown broker", one(func(*asker) kmsg.Request { return describeConfigs(ofBroker, "77") })},
	{"settings of a broker of no number", one(func(*asker) kmsg.Request { return describeConfigs(ofBroker, "x") })},
	{"settings of a group", one(func(a *asker) kmsg.Request {
		return describeConfigs(ofGroup, a.n("g"), "consumer.session.timeout.ms", "share.auto.offset.reset")
	})},
	altered("a setting", "retention.ms=1000"), altered("a setting to its default", "cleanup.policy"),
	altered("a misspelt setting", "retention.mss=1000"), altered("a setting to a bad value", "cleanup.policy=compcat"),
	altered("a setting to null", "retention.ms+"), altered("a list by one more", "cleanup.policy+=compact"),
	altered("a list by one less", "cleanup.policy-=delete"), altered("a text as a list", "compression.type+=gzip"),
	altered("a number as a list", "retention.ms+=5"), altered("a setting twice", "retention.ms=1", "retention.ms=2"),
	altered("the bytes of a message", "max.message.bytes=-1"), altered("a setting and a misspelt one",
		"retention.ms=1000", "cleanup.polcy=compact"),
	{"alter an unknown topic", one(func(a *asker) kmsg.Request { return alter(ofTopic, a.n("t"), "retention.ms=1") })},
	{"alter an unknown topic to a bad value", one(func(a *asker) kmsg.Request {
		return alter(ofTopic, a.n("t"), "retention.mss=1")
	})},
	{"alter a topic, only validated", func(a *asker) {
		r := alter(ofTopic, a.topic("t", 1), "cleanup.policy=compact")
		r.ValidateOnly = true
		a.ask(r)
		a.ask(describeConfigs(ofTopic, a.n("t"), "cleanup.policy"))
	}},
	replaced("settings", "retention.ms=1000"), replaced("a misspelt setting", "retention.mss=1000"),
	replaced("a setting by a bad value", "cleanup.policy=compcat"), replaced("a setting by null", "retention.ms"),
	{"replace settings of an unknown topic", one(func(a *asker) kmsg.Request {
		return replaceConfigs(ofTopic, a.n("t"), "retention.ms=1")
	})},
	{"alter a group", func(a *asker) {
		a.ask(alter(ofGroup, a.n("g"), "share.auto.offset.reset=earliest"))
		a.ask(alter(ofGroup, a.n("g"), "share.auto.offset.rest=earliest"))
		a.ask(alter(ofGroup, a.n("g"), "share.auto.offset.reset=soonest"))
	}},
	{"alter an unknown kind", one(func(a *asker) kmsg.Request { return alter(77, a.n("x"), "a=b") })},
}

func text(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

// altered changes the settings of a topic, and asks what they are then.
func altered(name string, settings ...string) question {
	return question{"alter " + name, func(a *asker) {
		a.words = true
		t := a.topic("t", 1, "cleanup.policy=delete", "retention.ms=5000")
		a.ask(alter(ofTopic, t, settings...))
		a.ask(describeConfigs(ofTopic, t, "retention.ms", "cleanup.policy"))
	}}
}

func replaced(name string, settings ...string) question {
	return question{"replace " + name, func(a *asker) {
		a.words = true
		t := a.topic("t", 1, "cleanup.policy=compact", "retention.ms=5000")
		a.ask(replaceConfigs(ofTopic, t, settings...))
		a.ask(describeConfigs(ofTopic, t, "retention.ms", "cleanup.policy"))
	}}
}
