package dbwriter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// offsetsTable holds how far each partition is, for exactly-once.
const offsetsTable = "consumer_offsets"

// store is the database.
type store struct {
	db *sql.DB
	dialect
	set   settings
	group string
	log   *slog.Logger
}

// openStore connects and makes the tables that are missing. What may pass is not waited for here: a wrong address
// should be seen at once.
func openStore(ctx context.Context, env app.Env, set settings) (*store, error) {
	address := env.Database
	db, words, err := open(address, set)
	if err != nil {
		return nil, fmt.Errorf("database: %w", withoutPassword(err, address))
	}
	s := &store{db: db, dialect: words, set: set, group: env.Group, log: env.Log}
	if err := s.retry(ctx, false, func() error { return s.makeTables(ctx) }); err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", withoutPassword(err, address)), db.Close())
	}
	return s, nil
}

func (s *store) close() { _ = s.db.Close() }

// makeTables creates what is missing. The rows have no unique key on purpose: it would hide what the modes are about.
func (s *store) makeTables(ctx context.Context) error {
	long, key := s.types()
	for _, statement := range []string{
		`CREATE TABLE IF NOT EXISTS "` + s.set.Table + `" (source_topic ` + key + ` NOT NULL,
			source_partition INTEGER NOT NULL, source_offset BIGINT NOT NULL, "key" ` + long + `, value ` + long + `)`,
		`CREATE TABLE IF NOT EXISTS ` + offsetsTable + ` (group_id ` + key + ` NOT NULL, topic ` + key + ` NOT NULL,
			"partition" INTEGER NOT NULL, next_offset BIGINT NOT NULL, epoch BIGINT NOT NULL,
			PRIMARY KEY (group_id, topic, "partition"))`,
	} {
		statement = s.statement(statement)
		_, err := s.db.ExecContext(ctx, statement)
		// two members that start at once may both find none (PostgreSQL): the second time it is there
		if err != nil && ctx.Err() == nil {
			_, err = s.db.ExecContext(ctx, statement)
		}
		if err != nil {
			return fmt.Errorf("make table: %w", err)
		}
	}
	return nil
}

// transact does all the work in one transaction. An error of the commit itself is a *commitError: whether it took
// effect is not known then.
func (s *store) transact(ctx context.Context, work ...Work) error {
	tx, err := s.db.BeginTx(ctx, &s.isolate)
	if err != nil {
		return err
	}
	for _, do := range work {
		if err := do(Tx{tx, s.dialect}); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return &commitError{err}
	}
	return nil
}

// rowsAtOnce is how many rows a statement inserts. To send a statement costs more than a row does, on PostgreSQL a
// journey to the server; with many rows SQLite's driver takes longer for each, as it looks for each parameter among all
// of them.
const rowsAtOnce = 20

// insert writes a row for each record, up to so many with a statement.
func (s *store) insert(ctx context.Context, tx Tx, batches []Batch, atOnce int) error {
	var records []*kgo.Record
	for _, b := range batches {
		records = append(records, b.Records...)
	}
	arguments := make([]any, 0, rowColumns*atOnce)
	for _, n := range []int{atOnce, len(records) % atOnce} { // what fills statements, and the rest
		if n == 0 || len(records) < n {
			continue
		}
		insert, err := tx.PrepareContext(ctx, tx.statement(insertRows(s.set.Table, n)))
		if err != nil {
			return err
		}
		for ; len(records) >= n; records = records[n:] {
			arguments = arguments[:0]
			for _, r := range records[:n] {
				arguments = append(arguments, r.Topic, r.Partition, r.Offset, text(r.Key), text(r.Value))
			}
			if _, err := insert.ExecContext(ctx, arguments...); err != nil {
				_ = insert.Close()
				return &rowsError{records[:n], s.set.Table, err}
			}
		}
		_ = insert.Close()
	}
	return nil
}

const rowColumns = 5

// insertRows is the statement that inserts n rows.
func insertRows(table string, n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO "` + table + `" (source_topic, source_partition, source_offset, "key", value) VALUES `)
	for row := range n {
		if row > 0 {
			b.WriteString(", ")
		}
		first := row*rowColumns + 1
		fmt.Fprintf(&b, "($%d, $%d, $%d, $%d, $%d)", first, first+1, first+2, first+3, first+4)
	}
	return b.String()
}

// text is NULL for a key or value that is null.
func text(b []byte) any {
	if b == nil {
		return nil
	}
	return string(b)
}

// claim makes a partition this member's: it raises the epoch, and tells how far the rows go.
func (s *store) claim(ctx context.Context, at group.Place) (*owned, error) {
	mine := owned{first: -1}
	err := s.retry(ctx, false, func() error {
		return s.transact(ctx, func(tx Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO `+offsetsTable+` (group_id, topic, "partition", next_offset, epoch)
				VALUES ($1, $2, $3, -1, 1)`+tx.ElseSet("epoch = "+offsetsTable+".epoch + 1"),
				s.group, at.Topic, at.Partition); err != nil {
				return err
			}
			var err error
			mine.next, mine.epoch, err = s.where(ctx, tx.Tx, at)
			return err
		})
	})
	mine.behind = mine.next >= 0
	return &mine, err
}

// position is how far the rows of a partition go; -1: there are none.
func (s *store) position(ctx context.Context, at group.Place) (next int64, err error) {
	err = s.retry(ctx, false, func() error {
		next, _, err = s.where(ctx, s.db, at)
		return err
	})
	return next, err
}

// asked is a database, or a transaction of it.
type asked interface {
	QueryRowContext(ctx context.Context, query string, arguments ...any) *sql.Row
}

// where reads how far the rows of a partition go, and its epoch.
func (s *store) where(ctx context.Context, from asked, at group.Place) (next, epoch int64, err error) {
	err = from.QueryRowContext(ctx, s.statement(
		`SELECT next_offset, epoch FROM `+offsetsTable+` WHERE group_id = $1 AND topic = $2 AND "partition" = $3`),
		s.group, at.Topic, at.Partition).Scan(&next, &epoch)
	return next, epoch, err
}

// advance moves the offset of a partition behind a batch: for the member whose epoch the database has, and only from
// the position that member expects. The row stays locked until the transaction ends, so nobody can claim it meanwhile.
func (s *store) advance(ctx context.Context, tx Tx, b Batch, mine *owned) error {
	if first := b.Records[0].Offset; first < mine.next {
		return &fencedError{b.Place, fmt.Sprintf("the database has the rows before offset %d, and offset %d was read again",
			mine.next, first)}
	}
	done, err := tx.Exec(ctx, `UPDATE `+offsetsTable+` SET next_offset = $1
		WHERE group_id = $2 AND topic = $3 AND "partition" = $4 AND epoch = $5 AND next_offset = $6`,
		b.Next(), s.group, b.Topic, b.Partition, mine.epoch, mine.next)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	var now owned
	now.next, now.epoch, err = s.where(ctx, tx.Tx, b.Place)
	switch {
	case err != nil:
		return err
	case now.epoch == mine.epoch && now.next == b.Next():
		return errWritten // the answer to an earlier commit was lost, the commit was not
	}
	return &fencedError{b.Place, fmt.Sprintf("the database has epoch %d and offset %d, this member epoch %d and offset %d",
		now.epoch, now.next, mine.epoch, mine.next)}
}

// rowsError is of a statement whose rows were refused.
type rowsError struct {
	records []*kgo.Record
	table   string
	cause   error
}

// Error names the record, or the first and the last one.
func (e *rowsError) Error() string {
	first, last := e.records[0], e.records[len(e.records)-1]
	if first == last {
		return fmt.Sprintf("write topic %s partition %d offset %d key %q to table %s: %v", first.Topic, first.Partition,
			first.Offset, first.Key, e.table, e.cause)
	}
	return fmt.Sprintf("write topic %s partition %d offset %d to topic %s partition %d offset %d to table %s: %v",
		first.Topic, first.Partition, first.Offset, last.Topic, last.Partition, last.Offset, e.table, e.cause)
}

func (e *rowsError) Unwrap() error { return e.cause }
