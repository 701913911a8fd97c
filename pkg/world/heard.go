package world

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// unsaid are the kinds of what is known of an application without a pattern: its lines, and its life.
var unsaid = []journal.Kind{journal.LogLine, journal.Started, journal.Ready, journal.Exited, journal.Killed,
	journal.Paused, journal.Resumed}

// Unheard takes the place of an error that blames the group's applications for what they have not processed, where they
// committed or have begun to work, and no line that they wrote says that a record is done, or where the patterns catch
// places that cannot be: nothing is known of their work then. It is err otherwise.
func (g *Group) Unheard(err error) error {
	if err == nil || errors.Is(err, verdict.ErrInconclusive) {
		return err
	}
	committed, heard := false, map[journal.Kind]int64{}
	g.world.Journal.Select(func(f *journal.Fact) bool {
		if g.Has(f.App) {
			committed = committed || f.Kind == journal.GroupCommit && f.Group == g.Name && f.Error == ""
			if f.Source == journal.SourceLog && !slices.Contains(unsaid, f.Kind) {
				heard[f.Kind]++
			}
		}
		return false
	})
	switch {
	case heard[journal.Processed]+heard[journal.DeadLettered] > 0:
		return cmp.Or(g.misplaced(), err)
	case len(heard) > 0:
		return fmt.Errorf("%w: no line that the applications of group %q wrote fits a log pattern %q, though lines "+
			"fit others (%s), so it is not known what they processed; look at what they log of a record that is done",
			verdict.ErrInconclusive, g.Name, journal.Processed, howMany(heard))
	case !committed:
		return err
	}
	return fmt.Errorf("%w: group %q committed, and no line that its applications wrote fits a log pattern, so it is not "+
		"known what they processed; give them patterns that fit what they log", verdict.ErrInconclusive, g.Name)
}

// howMany says how many lines are of each kind.
func howMany(heard map[journal.Kind]int64) string {
	var said []string
	for _, kind := range slices.Sorted(maps.Keys(heard)) {
		said = append(said, fmt.Sprintf("%s: %d", kind, heard[kind]))
	}
	return strings.Join(said, ", ")
}

// misplaced is inconclusive where the group's applications logged work on a partition that its topic does not have, or
// none of their work on a topic of the scenario: the log patterns catch something else than is meant.
func (g *Group) misplaced() error {
	var odd *journal.Fact
	foreign, known := (*journal.Fact)(nil), false
	for _, f := range g.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Source == journal.SourceLog && f.Kind == journal.Processed && g.Has(f.App)
	}) {
		t, err := g.world.Topic(f.Topic)
		switch {
		case err != nil:
			foreign = cmp.Or(foreign, &f)
		case f.Partition < 0 || f.Partition >= t.Partitions || f.Offset < 0:
			odd = cmp.Or(odd, &f)
		default:
			known = true
		}
	}
	if odd == nil && !known {
		odd = foreign
	}
	if odd == nil {
		return nil
	}
	return fmt.Errorf("%w: application %q logged that it %s %s, %s: its log patterns catch something else than the place "+
		"of the record; look at the groups topic, partition and offset of %q under its patterns", verdict.ErrInconclusive,
		odd.App, odd.Kind, loggedPlace(odd), g.world.whyNoPlace(odd), odd.Kind)
}

// loggedPlace is the place that a line named, as it stood there.
func loggedPlace(f *journal.Fact) string {
	said := f.Fields()
	part := func(name string) string {
		if text, found := said[name]; found {
			return fmt.Sprintf("%s %q", name, text)
		}
		return "no " + name
	}
	return fmt.Sprintf("%s, %s, %s", part("topic"), part("partition"), part("offset"))
}

func (w *World) whyNoPlace(f *journal.Fact) string {
	if t, err := w.Topic(f.Topic); err == nil {
		return fmt.Sprintf("and %q has %s", t.Name, words.Counted(t.Partitions, "partition"))
	}
	if f.Topic == "" {
		return "which names no topic"
	}
	return "which is no topic of the scenario"
}
