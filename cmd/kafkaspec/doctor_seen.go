package main

// What an application was seen doing, as facts tell it.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// lifecycle are the kinds of facts that kafkaspec tells of an application by itself.
var lifecycle = map[journal.Kind]bool{journal.Started: true, journal.Ready: true, journal.Exited: true,
	journal.Killed: true, journal.Paused: true, journal.Resumed: true}

// did says what the application was seen doing to the cluster, whatever became of the scenario.
func (d *doctor) did(facts []journal.Fact, writes bool) {
	seen := map[journal.Kind]int64{}
	for _, f := range facts {
		if f.App != d.command.Application || f.Fields() != nil && !lifecycle[f.Kind] {
			continue
		}
		if f.Kind == journal.APIVersion && f.Request != nil && strings.HasSuffix(f.Request.API, "Fetch") {
			seen[journal.Fetched]++ // not every fetch is kept
		} else if f.Error == "" {
			seen[f.Kind]++
		}
	}
	for _, look := range []struct {
		kind      journal.Kind
		yes, what string
	}{
		{journal.Connected, "connects to the cluster", "does not connect: it is to take its addresses from " +
			"KAFKA_BOOTSTRAP_SERVERS, or from ${kafka.bootstrap} in the profile"},
		{journal.GroupAssigned, "joins its group, and is given partitions", "joins no group that it is told: it is to take " +
			"its name from KAFKA_GROUP_ID, or from ${group} in the profile"},
		{journal.Fetched, "reads", "reads nothing: look whether it subscribes to the topics that it is told"},
		{journal.GroupCommit, "commits", "commits nothing: look at its auto-commit, and whether it ends a record's work"},
		{journal.ProduceAttempt, "writes", "writes nothing: look at its log, or give it a --record that makes it"},
	} {
		switch {
		case seen[look.kind] > 0:
			d.ok("%s", look.yes)
		case look.kind != journal.ProduceAttempt || writes:
			d.bad("%s", look.what)
		}
	}
}

// printed says which lines of the application's log its patterns know.
func (d *doctor) printed(facts []journal.Fact) {
	printed := map[string]int64{}
	for _, f := range facts {
		if f.App == d.command.Application && f.Fields() != nil && !lifecycle[f.Kind] {
			printed[string(f.Kind)]++
		}
	}
	if len(printed) == 0 {
		d.note("no line of its log is one of its patterns; steps about what it processed or retried need them: " +
			"docs/applications.md, What its log says")
		return
	}
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(printed)) {
		kinds = append(kinds, fmt.Sprintf("%s in %s", kind, words.Counted(printed[kind], "line")))
	}
	d.ok("prints what its patterns expect: %s", strings.Join(kinds, ", "))
}

// joined says which group the application is in, where it is not the one that it is said to be in.
func (d *doctor) joined(facts []journal.Fact) {
	for _, f := range facts {
		if f.App == d.command.Application && f.Kind == journal.GroupJoin && f.Group != d.command.Group {
			d.bad("joins the group %q and not %q: it is to take its name from KAFKA_GROUP_ID, or from ${group} in the "+
				"profile; where it cannot be told (names: fixed), add --group %s", f.Group, d.command.Group, f.Group)
			return
		}
	}
}

// atRecords are the kinds of log lines that say what becomes of a record.
var atRecords = []journal.Kind{journal.Processing, journal.Processed, journal.Retried,
	journal.DeadLettered}

// places says which log patterns catch another place than that of the record.
func (d *doctor) places(facts []journal.Fact, reading []string) {
	told := map[journal.Kind]bool{}
	for _, f := range facts {
		said := f.Fields()
		if f.App != d.command.Application || said == nil || told[f.Kind] || !slices.Contains(atRecords, f.Kind) ||
			slices.Contains(reading, f.Topic) && f.Partition == ofRecord {
			continue
		}
		told[f.Kind] = true
		d.bad("its log pattern for %s catches topic %q, partition %q, offset %q: the record was in %q partition %d; look at "+
			"the groups of the pattern", f.Kind, said["topic"], said["partition"], said["offset"], reading[0], ofRecord)
	}
}
