package builtin

// What a log keeps of what was written into it.

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// nothingLost judges that each record stands where the cluster acknowledged it, to an application or to the scenario,
// and that whoever read an offset got the same record. What retention, deletion and compaction take is not lost, nor is
// a record of an aborted transaction. Records are told apart by key and value; timestamps and headers are not looked
// at, nor what clients write past the wire. Not looked at: records that applications wrote before they were looked at.
//
//	Given topic "orders" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "orders"
//	  | events | 100 |
//	When application "loader" has finished
//	Then no acknowledged record of "orders" was lost or replaced
func nothingLost(ctx context.Context, t *world.Topic) error {
	compacted, err := t.Compacted(ctx)
	if err != nil {
		return err
	}
	judge := verdict.NewKept(t.Name, compacted)
	t.Acknowledged(judge.Acknowledged)
	for _, f := range world.FromContext(ctx).Journal.Select(func(f *journal.Fact) bool { return f.Topic == t.Name }) {
		if d, ok := f.Detail.(*journal.Fetch); ok && f.Request != nil && f.Request.Outcome == journal.Answered {
			for _, c := range d.Contents {
				judge.Read(f.App, f.Partition, c.Offset, c.Content)
			}
		}
	}
	if err := readBounded(ctx, t, judge.Bounds, judge.InLog); err != nil {
		return err
	}
	if err := world.Judged(judge.Result()); err != nil {
		return err
	}
	if err := t.Remade(); err != nil {
		return err
	}
	return world.Settled(ctx, t)
}

// noneTorn judges each transaction of the application by what can be read in all topics that it wrote, also in those
// that it made itself: of one that was committed every record, of one that was aborted none, and of one whose end is
// not known all or none. What retention, deletion and compaction may have taken counts as there. The offsets that a
// transaction commits for a group are not looked at, nor what the application writes outside of transactions. Not
// looked at: what the records of a transaction are.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And topic "readings_windows" with 1 partition
//	And topic "readings_late" with 1 partition
//	And topic "readings_changelog" with 1 partition
//	  | cleanup.policy | compact |
//	And application "meter" is the reference "windower" in group "meter" reading "readings"
//	And these records are in "readings":
//	  | key | value         | timestamp |
//	  | m1  | {"amount": 5} | 10:00     |
//	  | m1  | {"amount": 1} | 10:06     |
//	Then "readings_windows" contains at least 1 record
//	And no transaction of "meter" is torn
func noneTorn(ctx context.Context, a *world.Application) error {
	w := world.FromContext(ctx)
	judge := verdict.NewTorn(a.Name)
	ids := map[string]bool{}
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool { return f.App == a.Name }) {
		judge.Fact(&f)
		if d, ok := f.Detail.(*journal.Transaction); ok {
			ids[d.TransactionalID] = true
		}
	}
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool { return f.App != a.Name && fences(f, ids) }) {
		judge.Fact(&f)
	}
	var written []*world.Topic
	for _, name := range judge.Topics() {
		t, err := w.Written(ctx, name)
		if err != nil {
			return err
		}
		written = append(written, t)
		compacted, err := t.Compacted(ctx)
		if err == nil {
			err = readBounded(ctx, t, func(partition int32, start, stable, end int64) {
				judge.Bounds(name, partition, start, stable, end, compacted)
			}, judge.Readable)
		}
		if err != nil {
			return err
		}
	}
	if err := world.Judged(judge.Result()); err != nil || !a.EndedWell() {
		return err
	}
	return world.Settled(ctx, written...) // nobody ends it any more
}

// fences is true of an application's request that aborts what another one has begun under one of these transactional
// ids.
func fences(f *journal.Fact, ids map[string]bool) bool {
	d, ok := f.Detail.(*journal.Transaction)
	return ok && f.Request != nil && f.Request.API == "InitProducerID" && ids[d.TransactionalID]
}

// readBounded reads a topic, and tells of each partition the log's start, as it is then, and its last stable offset and
// high watermark, as they were before.
func readBounded(ctx context.Context, t *world.Topic, bounds func(partition int32, start, stable, end int64),
	see func(*record.Record)) error {
	_, stable, err := t.Bounds(ctx)
	if err != nil {
		return err
	}
	ends, err := t.Ends(ctx)
	if err != nil {
		return err
	}
	if err := t.Scan(ctx, see); err != nil {
		return err
	}
	starts, _, err := t.Bounds(ctx)
	if err != nil {
		return err
	}
	for p := range stable {
		bounds(int32(p), starts[p], stable[p], ends[p])
	}
	return nil
}
