package world

import (
	"context"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// GroupJudge judges what happened in a group.
type GroupJudge interface {
	Owned(verdict.Ownership)
	Committed(verdict.GroupCommit)
	Started(verdict.StartedAt)
	Worked(verdict.Work)
	Result() verdict.Result
}

// Owned returns all times in which an application owned a partition of a topic.
func (w *World) Owned(name, topic string) ([]wire.Ownership, error) {
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
	return slices.DeleteFunc(w.groupHistory(a.Group).Ownerships(a.Group),
		func(o wire.Ownership) bool { return o.App != name || o.Topic != topic }), nil
}

// JudgeGroup feeds a judge with all that is known of a group and a topic.
func (w *World) JudgeGroup(ctx context.Context, group, topic string, judge GroupJudge) error {
	if _, err := w.Topic(topic); err != nil {
		return err
	}
	// The log is read before the facts, so that what was processed since is not taken for a record that does not exist.
	if records, ok := judge.(interface{ Input(*record.Record) }); ok {
		if err := w.Scan(ctx, topic, records.Input); err != nil {
			return err
		}
	}
	history := w.groupHistory(group)
	for _, o := range history.Ownerships(group) {
		if o.Topic == topic {
			judge.Owned(ownershipOf(o))
		}
	}
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool { return f.Topic == topic }) {
		switch {
		case f.Kind == GroupCommit && f.Group == group:
			judge.Committed(CommitOf(&f))
		case f.Kind == GroupPosition && w.isIn(f.App, group):
			judge.Started(verdict.StartedAt{App: f.App, Partition: f.Partition, Offset: f.Offset, Sent: sinceOf(&f, "sent")})
		case f.Kind == journal.Processed && w.isIn(f.App, group):
			judge.Worked(verdict.Work{App: f.App, Partition: f.Partition, Offset: f.Offset, At: f.At})
		}
	}
	return Judged(judge.Result())
}

// isIn tells whether an application was declared to be in a group.
func (w *World) isIn(name, group string) bool {
	a, err := w.Application(name)
	return err == nil && a.Group == group
}

// CommitOf reads the fact of a commit back.
func CommitOf(f *journal.Fact) verdict.GroupCommit {
	return verdict.GroupCommit{
		App: f.App, Member: f.Fields["member"], Partition: f.Partition, Offset: f.Offset,
		Sent: sinceOf(f, "sent"), Answered: sinceOf(f, "answered"), Taken: f.Error == "",
		Unknown: f.Fields["outcome"] == string(wire.Cut),
	}
}
