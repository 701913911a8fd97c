package world

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// transaction is what kafkaspec has sent and not yet committed or aborted.
type transaction struct {
	client *kgo.Client
	topic  *Topic
	sent   kgo.ProduceResults
	began  time.Duration
}

// OpenTransaction sends records in a transaction and leaves it open.
func (t *Topic) OpenTransaction(ctx context.Context, partition, count int64) error {
	w := t.world
	if err := t.HasPartition(partition); err != nil {
		return err
	}
	if w.transaction != nil {
		return errors.New("a transaction is open already; end it before: When the open transaction is committed")
	}
	client, err := w.Session.Client(
		kgo.ClientID("kafkaspec"),
		kgo.TransactionalID(w.Session.Names().Own("kafkaspec")),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),
		kgo.ProducerBatchCompression(w.options.Codec),
	)
	if err == nil {
		err = client.BeginTransaction()
	}
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	began := w.Journal.Since(time.Now())
	results := client.ProduceSync(ctx, t.numbered(partition, count)...)
	w.transaction = &transaction{client, t, results, began}
	if err := results.FirstErr(); err != nil {
		return fmt.Errorf("send to %q partition %d in a transaction: %w", t.Name, partition, err)
	}
	return nil
}

// EndTransaction commits or aborts the open transaction.
func (w *World) EndTransaction(ctx context.Context, commit bool) error {
	open := w.transaction
	if open == nil {
		return errors.New(`no transaction is open; add: a transaction with 1 record in "orders" partition 0 is open`)
	}
	w.transaction = nil
	defer open.client.Close()
	if err := open.client.EndTransaction(ctx, kgo.TransactionEndTry(commit)); err != nil {
		return fmt.Errorf("end the transaction: %w", err)
	}
	for _, sent := range open.sent {
		open.topic.sent.hold(sent.Record)
		if commit {
			open.topic.wasAcknowledged(sent.Record, open.began)
		}
	}
	return nil
}

// numbered makes records without a key for a partition, with the values 1, 2, 3 ….
func (t *Topic) numbered(partition, count int64) []*kgo.Record {
	records := make([]*kgo.Record, count)
	for i := range records {
		records[i] = &kgo.Record{Topic: t.Physical, Partition: int32(partition), Value: []byte(fmt.Sprint(i + 1))}
	}
	return records
}
