package membership

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Held says what a group waits for that lies with other applications than the one that waits, or with how members
// began: members that ended, or stand still, and did not leave, partitions that a topic gained and nobody has been
// given, and members that began behind records that nobody is done with. The facts are all that are known of them, in
// order of time; of those of work the furthest of each partition is enough, wherever it stands. What it says are
// sentences without their end.
func Held(facts []journal.Fact, group string, now time.Duration) []string {
	owned := Ownerships(facts, group)
	return slices.Concat(silent(facts, owned, now), keeping(facts, owned, now), notGiven(facts, owned, now),
		skipped(facts, owned, group))
}

// keeping are the members that run and have not given up what the group has asked them for.
func keeping(facts []journal.Fact, owned []Ownership, now time.Duration) (said []string) {
	has, since := map[string]int64{}, map[string]time.Duration{}
	for i := range owned {
		o := &owned[i]
		if o.End != Owning || !o.Asked || now-o.Wanted < oddAfter || stopped(facts, o) != nil {
			continue
		}
		if has[o.App] == 0 || o.Wanted < since[o.App] {
			since[o.App] = o.Wanted
		}
		has[o.App]++
	}
	for _, app := range slices.Sorted(maps.Keys(has)) {
		text := fmt.Sprintf("%q was asked for %s %s ago and has not given up what it was asked for", app,
			words.Counted(has[app], "partition"), (now - since[app]).Round(time.Second))
		if isClient(facts, app, "librdkafka", "confluent-kafka") {
			text += "; librdkafka is known to do so where the answer came later than the group's heartbeat interval: its log " +
				"has Timed out ConsumerGroupHeartbeatRequest then"
		}
		said = append(said, text)
	}
	return said
}

// isClient tells whether an application has introduced itself with one of these names.
func isClient(facts []journal.Fact, app string, names ...string) bool {
	return slices.ContainsFunc(facts, func(f journal.Fact) bool {
		client, ok := f.Detail.(*journal.Client)
		return ok && f.App == app && slices.ContainsFunc(names, func(name string) bool {
			return strings.HasPrefix(client.Name, name)
		})
	})
}

// silent are the members that own partitions though their application was killed or has ended, or is paused. A group
// hands over what they have once their session has timed out; until then a classic group lets nobody else in.
func silent(facts []journal.Fact, owned []Ownership, now time.Duration) (said []string) {
	type member struct{ app, id string }
	has := map[member]int64{}
	since := map[member]*journal.Fact{}
	for i := range owned {
		o := &owned[i]
		if last := stopped(facts, o); last != nil && o.End == Owning {
			m := member{o.App, o.Member}
			has[m]++
			since[m] = last
		}
	}
	for _, m := range slices.SortedFunc(maps.Keys(has), func(a, b member) int {
		return cmp.Or(cmp.Compare(a.app, b.app), cmp.Compare(a.id, b.id))
	}) {
		what := map[journal.Kind]string{journal.Killed: "was killed", journal.Exited: "ended", journal.Paused: "was paused"}
		said = append(said, fmt.Sprintf("%q %s %s ago and has not left the group: its %s may stay with it, and others "+
			"may have to wait, until its session times out (session.timeout.ms)", m.app, what[since[m].Kind],
			(now-since[m].At).Round(time.Second), words.Counted(has[m], "partition")))
	}
	return said
}

// stopped is what ended the life in which an application was given a partition, or holds it up; nil while it goes on.
func stopped(facts []journal.Fact, o *Ownership) (last *journal.Fact) {
	for i := range facts {
		f := &facts[i]
		if f.App != o.App || f.At <= o.From {
			continue
		}
		switch f.Kind {
		case journal.Killed, journal.Exited:
			return f
		case journal.Paused:
			last = f
		case journal.Resumed:
			last = nil
		}
	}
	return last
}

// notGiven are topics that gained partitions which nobody in the group was given.
func notGiven(facts []journal.Fact, owned []Ownership, now time.Duration) (said []string) {
	partitions := map[string]int32{}
	for i := range facts {
		f := &facts[i]
		layout, ok := f.Detail.(*journal.Layout)
		if !ok {
			continue
		}
		before := partitions[f.Topic]
		partitions[f.Topic] = layout.Partitions
		first, reads := firstNotGiven(owned, f.Topic)
		if before > 0 && layout.Partitions > before && reads && first < layout.Partitions && now-f.At >= oddAfter {
			said = append(said, fmt.Sprintf("%q gained partitions %s ago, and partition %d was given to nobody: clients look "+
				"for new ones every metadata.max.age.ms, five minutes if nothing is set", f.Topic,
				(now-f.At).Round(time.Second), first))
		}
	}
	return said
}

// firstNotGiven is the partition behind the last one of a topic that a member was given; reads is false where nobody
// was given any.
func firstNotGiven(owned []Ownership, topic string) (partition int32, reads bool) {
	for _, o := range owned {
		if o.Topic == topic {
			partition, reads = max(partition, o.Partition+1), true
		}
	}
	return partition, reads
}

// spins names what one client is known for that was given partitions and fetches nothing; empty for others. The facts
// are those of one application, of which there is one at least.
func spins(facts []journal.Fact) string {
	if !isClient(facts, facts[0].App, "kafka-python") {
		return ""
	}
	return "; kafka-python 3.0.12 is known to do so where poll(timeout) ends while it rejoins as the leader after an " +
		"empty assignment: longer timeouts make that rarer"
}
