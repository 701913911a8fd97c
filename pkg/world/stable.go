package world

// Open transactions: what stands behind one cannot be read by a consumer at read_committed, so nothing is certain of
// all that a topic holds.

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// abortsWithin is how long a coordinator may take to abort a transaction whose timeout is over: Kafka looks each 10 s.
const abortsWithin = 10 * time.Second

// Settled is nil where all that topics hold can be read, and could be when the look that asks read them. An open
// transaction leaves that uncertain; one whose timeout is over hangs.
func Settled(ctx context.Context, topics ...*Topic) error {
	for _, t := range topics {
		ends, err := t.Ends(ctx)
		if err != nil {
			return err
		}
		stable, err := t.listOffsets(ctx, stableEnds) // after the ends, which it is to reach
		if err != nil {
			return err
		}
		for p := range ends {
			if stable[p] < ends[p] {
				return t.unsettled(ctx, int32(p), stable[p], ends[p])
			}
		}
		if t.world.looks.hid(t) {
			return fmt.Errorf("%w: %q: %w", verdict.ErrInconclusive, t.Name, errEnded)
		}
	}
	return nil
}

// unsettled says which transaction keeps a partition's records from being read.
func (t *Topic) unsettled(ctx context.Context, partition int32, stable, end int64) error {
	found := verdict.OpenTransaction{Topic: t.Name, Partition: partition, First: stable, End: end, ProducerID: -1}
	answer, err := t.world.answer(ctx, journal.Answer{Question: "open transaction", Of: t.Name},
		func(ctx context.Context, a *journal.Answer) error {
			t.describeOpen(ctx, t.world.Admin(), &found)
			a.Offsets, a.Number, a.Text = Offsets{found.First, int64(found.Overdue)}, found.ProducerID, found.TransactionalID
			return nil
		})
	if err == nil && len(answer.Offsets) != 2 {
		err = notKept("the journal does not tell which transaction is open on %q", t.Name)
	}
	if err != nil {
		return err
	}
	found.First, found.Overdue = answer.Offsets[0], time.Duration(answer.Offsets[1])
	found.ProducerID, found.TransactionalID = answer.Number, answer.Text
	return Judged(found.Result())
}

// describeOpen adds what the cluster knows of the transaction; a cluster that does not say leaves it open.
func (t *Topic) describeOpen(ctx context.Context, admin *kadm.Client, found *verdict.OpenTransaction) {
	var partitions kadm.TopicsSet
	partitions.Add(t.Physical, found.Partition)
	producers, err := admin.DescribeProducers(ctx, partitions)
	if err != nil {
		return
	}
	producers.EachProducer(func(p kadm.DescribedProducer) {
		if p.CurrentTxnStartOffset >= 0 && (found.ProducerID < 0 || p.CurrentTxnStartOffset < found.First) {
			found.ProducerID, found.First = p.ProducerID, p.CurrentTxnStartOffset
		}
	})
	listed, err := admin.ListTransactions(ctx, []int64{found.ProducerID}, nil)
	if err != nil || found.ProducerID < 0 {
		return
	}
	for _, id := range listed.TransactionalIDs() {
		described, err := admin.DescribeTransactions(ctx, id)
		if tx, ok := described[id]; err == nil && ok && tx.Err == nil && tx.ProducerID == found.ProducerID &&
			tx.StartTimestamp > 0 {
			found.TransactionalID = id
			found.Overdue = time.Since(time.UnixMilli(tx.StartTimestamp)) -
				time.Duration(tx.TimeoutMillis)*time.Millisecond - abortsWithin
		}
	}
}
