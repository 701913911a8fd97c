package builtin

// How applications read, seen on the wire.

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// readOnAndOn judges the offsets at which the application asked for records of a topic: within one assignment of a
// partition, or one life of an application that assigns partitions to itself, it must not skip records that can be
// read, nor go back behind what it had committed or processed; one that assigns to itself may go back to where it had
// begun, and begin by another consumer behind all that it had been told of, as at latest. Aborted records, control
// markers and what compaction took are none to be skipped. A seek is not told from an error: an application that is to
// seek cannot be judged so. What the application does with the records it was given is not looked at. Not looked at:
// whether what was read was worked on.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And 10 records are in "orders" partition 0
//	When "first" has caught up with "orders"
//	And 10 records are sent to "orders" partition 0
//	And "first" has caught up with "orders"
//	Then "first" read "orders" without skipping records or going back
func readOnAndOn(ctx context.Context, a *world.Application, topic *world.Topic) error {
	judge := verdict.NewPolls(a.Name, topic.Name)
	if err := topic.Scan(ctx, judge.Input); err != nil {
		return err
	}
	var owned []membership.Ownership
	if a.Group != "" {
		var err error
		if owned, err = a.Owned(topic); err != nil {
			return err
		}
	}
	for _, o := range owned {
		judge.Begun(o.Partition, o.From)
	}
	if len(owned) == 0 {
		judge.Alone()
	}
	w := world.FromContext(ctx)
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool { return f.App == a.Name && !w.Earlier(f) }) {
		switch d := f.Detail.(type) {
		case *journal.Fetch:
			if f.Topic == topic.Name {
				judge.Fetched(&f)
			}
		case *journal.Connection:
			if !d.Open && f.Request != nil {
				judge.Closed(f.Request.Connection, f.At)
			}
		case *journal.Transaction:
			if f.Request.API == "EndTxn" && !d.Commit {
				judge.Aborted(f.Request.Sent)
			}
		case *journal.Commit:
			c, ok := membership.CommitOf(&f)
			if ok && c.Taken && f.Group == a.Group && f.Topic == topic.Name && d.TransactionalID == "" {
				judge.Committed(c.Partition, c.Offset, c.Sent)
			}
		default:
			switch {
			case f.Kind == journal.Started:
				judge.Started(f.At)
			case f.Kind == journal.Processed && f.Topic == topic.Name:
				judge.Processed(f.Partition, f.Offset, f.At)
			}
		}
	}
	return world.Judged(judge.Result().Unclear(a.UnclearReads(topic)))
}
