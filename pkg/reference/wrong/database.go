package wrong

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
)

// databaseVariants are those of db-writer.
func databaseVariants() []Variant {
	type policy = dbwriter.Policy
	return variants(dbwriter.RunWith, []mistake[policy]{
		{"db-commit-before-write", "offsets are committed before the rows are written, whatever the mode: shows when it " +
			"crashes in between", func(p *policy) { p.CommitFirst = true }},
		{"db-offset-outside", "rows and offset are written in a transaction each: shows with a zombie, and when it crashes " +
			"in between",
			func(p *policy) {
				p.Transact = func(begin func(...dbwriter.Work) error, offsets, rows dbwriter.Work) error {
					if err := begin(rows); err != nil {
						return err
					}
					return begin(offsets)
				}
			}},
		{"db-error-swallowed", "an error of the database is passed over, with the rows it concerns: shows when a row is " +
			"refused", func(p *policy) {
			right := p.Transact
			p.Transact = func(begin func(...dbwriter.Work) error, offsets, rows dbwriter.Work) error {
				_ = right(begin, offsets, rows)
				return nil
			}
		}},
		{"db-auto-commit", "the client commits by itself what was fetched, written or not: shows while the database cannot " +
			"be had", func(p *policy) {
			p.AutoCommit = []kgo.Opt{kgo.AutoCommitInterval(100 * time.Millisecond), kgo.GreedyAutoCommit()}
		}},
		{"db-no-fencing", "whoever holds records writes them, also when its partitions are another's by now: shows with a " +
			"zombie", func(p *policy) { p.Advance = unfenced }},
		{"db-starts-from-group", "the offset is in the transaction, and the next start does not read it: shows after a " +
			"crash before the commit", func(p *policy) { p.Start, p.Advance = nil, unfenced }},
	})
}

// unfenced moves the offset of a partition, whoever has claimed it.
func unfenced(ctx context.Context, tx dbwriter.Tx, group string, b dbwriter.Batch) error {
	_, err := tx.Exec(ctx, `INSERT INTO consumer_offsets (group_id, topic, "partition", next_offset, epoch)
		VALUES ($1, $2, $3, $4, 1)`+tx.ElseSet("next_offset = $5"), group, b.Topic, b.Partition, b.Next(), b.Next())
	return err
}
