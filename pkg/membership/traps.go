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
// given, and members that began at the end of a log. The facts are all that are known of them, in order of time. What
// it says are sentences without their end.
func Held(facts []journal.Fact, group string, now time.Duration) []string {
	owned := Ownerships(facts, group)
	return slices.Concat(silent(facts, owned, now), keeping(facts, owned, now), notGiven(facts, owned, now),
		beganLast(facts, owned, group))
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

// beganLast are members that began at the end of partitions where the group had committed nothing: what stood there
// before is read by nobody.
func beganLast(facts []journal.Fact, owned []Ownership, group string) (said []string) {
	type partition struct {
		topic  string
		number int32
	}
	type reader struct{ app, topic string }
	start, told := map[partition]int64{}, map[partition]bool{} // told where to begin: by a commit, or by its first reader
	first, count := map[reader]*journal.Fact{}, map[reader]int64{}
	for i := range facts {
		f := &facts[i]
		at, by := partition{f.Topic, f.Partition}, reader{f.App, f.Topic}
		switch d := f.Detail.(type) {
		case *journal.Layout:
			for p, offset := range d.Began {
				start[partition{f.Topic, int32(p)}] = offset
			}
		case *journal.Commit:
			told[at] = told[at] || f.Group == group
		case *journal.Fetch:
			mine := func(o Ownership) bool { return o.App == by.app && o.Topic == at.topic && o.Partition == at.number }
			if f.Kind != journal.GroupPosition || told[at] || !slices.ContainsFunc(owned, mine) {
				continue
			}
			told[at] = true
			if f.Offset == d.HighWatermark && f.Offset > start[at] {
				first[by] = cmp.Or(first[by], f)
				count[by]++
			}
		}
	}
	for _, by := range slices.SortedFunc(maps.Keys(first), func(a, b reader) int {
		return cmp.Or(cmp.Compare(a.app, b.app), cmp.Compare(a.topic, b.topic))
	}) {
		said = append(said, fmt.Sprintf("%q began %s of %q at the end, such as partition %d at offset %d, where the group "+
			"had committed nothing: what stood there before is not read (auto.offset.reset=latest)", by.app,
			words.Counted(count[by], "partition"), by.topic, first[by].Partition, first[by].Offset))
	}
	return said
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
