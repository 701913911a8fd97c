package world

import (
	"context"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Owned returns all times in which an application owned a partition of a topic.
func (w *World) Owned(name, topic string) ([]membership.Ownership, error) {
	a, err := w.Application(name)
	if err != nil {
		return nil, err
	}
	if _, err := w.Topic(topic); err != nil {
		return nil, err
	}
	if a.Group == "" {
		return nil, Final(fmt.Errorf("application %q is in no group, so it owns nothing; declare it with: in group …", name))
	}
	facts := w.Journal.Select(func(f *journal.Fact) bool { return f.Group == a.Group })
	return slices.DeleteFunc(membership.Ownerships(facts, a.Group),
		func(o membership.Ownership) bool { return o.App != name || o.Topic != topic }), nil
}

// JudgeGroup judges all that is known of a group and a topic, and of the records in it.
func (w *World) JudgeGroup(ctx context.Context, group, topic string,
	judge func(*membership.History, *verdict.Records) verdict.Result) error {
	// The log is read before the facts, so that what was processed since is not taken for a record that does not exist.
	records := verdict.NewRecords(topic)
	if err := w.Scan(ctx, topic, records.Input); err != nil {
		return err
	}
	return w.JudgeMembers(group, topic, func(h *membership.History) verdict.Result { return judge(h, records) })
}

// JudgeMembers judges all that is known of a group and a topic.
func (w *World) JudgeMembers(group, topic string, judge func(*membership.History) verdict.Result) error {
	if _, err := w.Topic(topic); err != nil {
		return err
	}
	facts := w.Journal.Select(func(f *journal.Fact) bool { return f.Group == group || f.Topic == topic })
	return Judged(judge(membership.Of(facts, group, topic, func(name string) bool {
		a, err := w.Application(name)
		return err == nil && a.Group == group // as it was declared
	})))
}
