package membership

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Readers is by which ways applications read a topic: as members of which groups, and by consumers beside those. Log
// lines that name no group, and reads, cannot be told apart where an application has more than one way.
type Readers struct {
	topic  string
	groups map[string]map[string]bool // by application: those that gave it partitions of the topic
	beside map[string]int32           // by application: a partition that more consumers read than are members
}

// ReadersOf takes them from facts. Those that Reads names are enough.
func ReadersOf(facts []journal.Fact, topic string) *Readers {
	r := &Readers{topic: topic, groups: map[string]map[string]bool{}, beside: map[string]int32{}}
	for i := range facts {
		f := &facts[i]
		switch d := f.Detail.(type) {
		case *journal.Membership:
			if d.Code != 0 || !slices.ContainsFunc(d.Assigned, func(t journal.TopicPartitions) bool {
				return t.Topic == topic && len(t.Partitions) > 0
			}) {
				continue
			}
			if r.groups[f.App] == nil {
				r.groups[f.App] = map[string]bool{}
			}
			r.groups[f.App][f.Group] = true
		case *journal.Fetch:
			if _, told := r.beside[f.App]; d.Beside && f.Topic == topic && !told {
				r.beside[f.App] = f.Partition
			}
		}
	}
	return r
}

// Reads is true of a fact that tells by which way an application reads a topic.
func Reads(f *journal.Fact) bool {
	switch d := f.Detail.(type) {
	case *journal.Membership:
		return d.Assigned != nil
	case *journal.Fetch:
		return d.Beside
	}
	return false
}

// Joined is true of an application that the group has given a partition of the topic.
func (r *Readers) Joined(app, group string) bool { return r.groups[app][group] }

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
// them in its line; what other applications give as a group means something else. Member tells whether one was declared
// to be in the group.
func (r *Readers) Works(f *journal.Fact, group string, member func(app string) bool) bool {
	in := member(f.App) || r.Joined(f.App, group)
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
	if !r.Joined(app, group) {
		return fmt.Sprintf("%q reads %q %s and not in group %q", app, r.topic, others, group)
	}
	return fmt.Sprintf("%q reads %q in group %q and %s", app, r.topic, group, others)
}
