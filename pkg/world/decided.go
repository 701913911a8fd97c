package world

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

const (
	decidedWithin = 2 * time.Second        // how long the end of a transaction may take to reach all logs
	openWithin    = 500 * time.Millisecond // the same where another transaction stays open
)

// decided waits until the transactions that applications have ended can be read. A coordinator answers EndTxn before
// its markers stand in the logs (KIP-98): a look in between would miss what was committed, and find nothing open a
// moment later.
func (w *World) decided(ctx context.Context) {
	ended, open := false, map[string]bool{} // by transactional id
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == journal.Transacted }) {
		tx, ok := f.Detail.(*journal.Transaction)
		if !ok || tx.TransactionalID == "" || f.Request == nil || f.Error != "" {
			continue
		}
		switch f.Request.API {
		case "EndTxn":
			ended = true
			delete(open, tx.TransactionalID)
		case "AddPartitionsToTxn", "AddOffsetsToTxn":
			open[tx.TransactionalID] = true
		}
	}
	if !ended {
		return
	}
	within := decidedWithin
	if len(open) > 0 {
		within = openWithin
	}
	var names []string
	for _, t := range w.topics {
		names = append(names, t.Physical)
	}
	admin := w.Admin()
	// What stays open is told by the step that looks.
	_ = await.Until(ctx, await.Options{Within: within, What: "transactions to be decided"},
		func(ctx context.Context) (bool, error) {
			ends, err := admin.ListEndOffsets(ctx, names...)
			if err != nil {
				return true, nil
			}
			stable, err := admin.ListCommittedOffsets(ctx, names...)
			if err != nil {
				return true, nil
			}
			for topic, partitions := range ends {
				for p, end := range partitions {
					if at, ok := stable.Lookup(topic, p); ok && at.Err == nil && end.Err == nil && at.Offset < end.Offset {
						return false, nil
					}
				}
			}
			return true, nil
		})
}
