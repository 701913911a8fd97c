package membership

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Readers is by which ways applications read a topic: as members of which groups, and by consumers beside those. Log
// lines that name no group, and reads, cannot be told apart where an application has more than one way.
type Readers struct {
	topic  string
	groups map[string]map[string]bool // by application: those that gave it partitions of the topic
	since  map[reads]time.Duration    // when such a one gave a partition first
	beside map[string]int32           // by application: a partition that more consumers read than are members
}

// ReadersOf takes them from facts. Those that Reads names are enough.
func ReadersOf(facts []journal.Fact, topic string) *Readers {
	r := &Readers{topic: topic, groups: map[string]map[string]bool{}, beside: map[string]int32{},
		since: map[reads]time.Duration{}}
	ended := shut(facts)
	for i := range facts {
		f := &facts[i]
		switch d := f.Detail.(type) {
		case *journal.Membership:
			if d.Code == 0 {
				r.given(f, d)
			}
		case *journal.Fetch:
			if _, told := r.beside[f.App]; (d.Beside || d.Repeats > 0 && !ended[d.Repeats]) && f.Topic == topic && !told {
				r.beside[f.App] = f.Partition
			}
		}
	}
	return r
}

type reads struct {
	app, group string
	partition  int32
}

func (r *Readers) given(f *journal.Fact, d *journal.Membership) {
	for _, p := range places(d.Assigned) {
		if p.topic != r.topic {
			continue
		}
		if r.groups[f.App] == nil {
			r.groups[f.App] = map[string]bool{}
		}
		r.groups[f.App][f.Group] = true
		at := reads{f.App, f.Group, p.partition}
		if _, known := r.since[at]; !known && f.Request != nil {
			r.since[at] = f.Request.Answered
		}
	}
}

// shut are the connections that applications closed while they went on in their groups.
func shut(facts []journal.Fact) map[uint64]bool {
	closed, left := map[uint64]bool{}, map[string]bool{}
	for i := range facts {
		f := &facts[i]
		switch d := f.Detail.(type) {
		case *journal.Membership:
			left[f.App] = d.Leaving
		case *journal.Connection:
			if f.Request != nil {
				closed[f.Request.Connection] = !d.Open && !left[f.App]
			}
		}
	}
	return closed
}

// Reads is true of a fact that tells by which way an application reads a topic.
func Reads(f *journal.Fact) bool {
	switch d := f.Detail.(type) {
	case *journal.Membership:
		return d.Assigned != nil || d.Leaving
	case *journal.Connection:
		return true
	case *journal.Fetch:
		return d.Beside || d.Repeats > 0
	}
	return false
}

// joined is true of an application that the group has given a partition of the topic.
func (r *Readers) joined(app, group string) bool { return r.groups[app][group] }

// Others says by which other ways than as a member of the group an application reads the topic; empty for none. It is
// the end of a sentence: reads "orders" in group "other".
func (r *Readers) Others(app, group string) string {
	groups := slices.DeleteFunc(slices.Sorted(maps.Keys(r.groups[app])), func(g string) bool { return g == group })
	var ways []string
	if len(groups) > 0 {
		ways = append(ways, "in group "+words.Quoted(groups))
	}
	if partition, beside := r.beside[app]; beside {
		ways = append(ways, fmt.Sprintf("by a consumer that is no member (two connections read partition %d at a time)",
			partition))
	}
	return strings.Join(ways, " and ")
}

// Works is true of work that was done for a group. An application that reads in other ways as well may say for which of
// them in its line; what other applications give as a group means something else. What it does before a partition is
// given to it is not done for a group. Member tells whether one was declared to be in the group.
func (r *Readers) Works(f *journal.Fact, group string, member func(app string) bool) bool {
	in := member(f.App) || r.joined(f.App, group)
	if first, given := r.since[reads{f.App, group, f.Partition}]; given && f.At < first {
		return false
	}
	if f.Group == "" || f.Group == group {
		return in
	}
	return in && r.Others(f.App, group) == ""
}

// Unclear says why it is not known for which group an application worked on a topic: it reads by other ways as well,
// and its line names no group. It is empty of all other facts.
func (r *Readers) Unclear(f *journal.Fact, group string, member func(app string) bool) string {
	others := ""
	if f.Group == "" && (f.Kind == journal.Processed || f.Kind == journal.DeadLettered) && f.Topic == r.topic &&
		r.Works(f, group, member) {
		others = r.Others(f.App, group)
	}
	if others == "" {
		return ""
	}
	return fmt.Sprintf("%s, and its log lines do not say for which of them a record was %s; give its log pattern %q a "+
		"place named group, or make them two applications of the scenario", r.reads(f.App, group, others), f.Kind, f.Kind)
}

// UnclearReads says why it is not known for which group an application reads; empty where it is.
func (r *Readers) UnclearReads(app, group string) string {
	others := r.Others(app, group)
	if others == "" {
		return ""
	}
	return r.reads(app, group, others) + ", and what they read cannot be told apart; make them two applications of the " +
		"scenario"
}

func (r *Readers) reads(app, group, others string) string {
	if !r.joined(app, group) {
		return fmt.Sprintf("%q reads %q %s and not in group %q", app, r.topic, others, group)
	}
	return fmt.Sprintf("%q reads %q in group %q and %s", app, r.topic, group, others)
}
