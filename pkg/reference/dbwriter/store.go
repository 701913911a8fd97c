package dbwriter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/twmb/franz-go/pkg/kgo"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// offsetsTable holds how far each partition is, for exactly-once.
const offsetsTable = "consumer_offsets"

// store is the database. Its statements are the same for SQLite and PostgreSQL.
type store struct {
	db    *sql.DB
	set   settings
	group string
	log   *slog.Logger
}

// openStore connects and makes the tables that are missing. What may pass is not waited for here: a wrong address
// should be seen at once.
func openStore(ctx context.Context, env app.Env, set settings) (*store, error) {
	address := env.Database
	db, err := open(address, set)
	if err != nil {
		return nil, fmt.Errorf("database: %w", withoutPassword(err, address))
	}
	s := &store{db: db, set: set, group: env.Group, log: env.Log}
	if err := s.retry(ctx, false, func() error { return s.makeTables(ctx) }); err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", withoutPassword(err, address)), db.Close())
	}
	return s, nil
}

// open makes the pool of connections for an address; it does not connect yet.
func open(address string, set settings) (*sql.DB, error) {
	const want = "want sqlite:FILE or postgres://user:password@host:port/database"
	if address == "" {
		return nil, fmt.Errorf("got no address, %s; set DATABASE_URL", want)
	}
	parsed, err := url.Parse(address)
	if err != nil {
		// not shown: it may hold a password
		return nil, fmt.Errorf("got an address that is no URL, %s; correct DATABASE_URL", want)
	}
	switch parsed.Scheme {
	case "sqlite":
		file := parsed.Opaque + parsed.Path
		if strings.HasPrefix(address, "sqlite://") { // behind the slash that ends the empty host
			file = strings.TrimPrefix(parsed.Path, "/")
		}
		if file == "" {
			return nil, fmt.Errorf("got address %q without a file, %s; correct DATABASE_URL", address, want)
		}
		options := url.Values{"_pragma": {"busy_timeout(1000)", "journal_mode(WAL)", "synchronous(NORMAL)"},
			"_txlock": {"immediate"}}
		if mode := parsed.Query().Get("mode"); mode != "" {
			options.Set("mode", mode)
			options["_pragma"] = options["_pragma"][:1] // a file that may not be written keeps its journal
		}
		db, err := sql.Open("sqlite", "file:"+file+"?"+options.Encode())
		if err == nil {
			db.SetMaxOpenConns(1) // it takes one writer at a time anyway
		}
		return db, err
	case "postgres", "postgresql":
		config, err := pgx.ParseConfig(address)
		if err != nil {
			return nil, err
		}
		// A member that is frozen within a transaction must not keep its successor waiting for the lock.
		config.RuntimeParams["idle_in_transaction_session_timeout"] = fmt.Sprint(set.SessionTimeout.Milliseconds())
		return stdlib.OpenDB(*config), nil
	}
	return nil, fmt.Errorf("got an address with scheme %q, %s; correct DATABASE_URL", parsed.Scheme, want)
}

func (s *store) close() { _ = s.db.Close() }

// makeTables creates what is missing. The rows have no unique key on purpose: it would hide what the modes are about.
func (s *store) makeTables(ctx context.Context) error {
	for _, statement := range []string{
		`CREATE TABLE IF NOT EXISTS ` + s.set.Table +
			` (source_topic TEXT NOT NULL, source_partition INTEGER NOT NULL, source_offset BIGINT NOT NULL, key TEXT, value TEXT)`,
		`CREATE TABLE IF NOT EXISTS ` + offsetsTable + ` (group_id TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
			next_offset BIGINT NOT NULL, epoch BIGINT NOT NULL, PRIMARY KEY (group_id, topic, partition))`,
	} {
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
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, do := range work {
		if err := do(tx); err != nil {
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
func (s *store) insert(ctx context.Context, tx *sql.Tx, batches []Batch, atOnce int) error {
	var records []*kgo.Record
	for _, b := range batches {
		records = append(records, b.Records...)
	}
	arguments := make([]any, 0, rowColumns*atOnce)
	for _, n := range []int{atOnce, len(records) % atOnce} { // what fills statements, and the rest
		if n == 0 || len(records) < n {
			continue
		}
		insert, err := tx.PrepareContext(ctx, insertRows(s.set.Table, n))
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
	b.WriteString(`INSERT INTO ` + table + ` (source_topic, source_partition, source_offset, key, value) VALUES `)
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
		return s.db.QueryRowContext(ctx, `INSERT INTO `+offsetsTable+` (group_id, topic, partition, next_offset, epoch) VALUES ($1, $2, $3, -1, 1)
			ON CONFLICT (group_id, topic, partition) DO UPDATE SET epoch = `+offsetsTable+`.epoch + 1 RETURNING next_offset, epoch`,
			s.group, at.Topic, at.Partition).Scan(&mine.next, &mine.epoch)
	})
	mine.behind = mine.next >= 0
	return &mine, err
}

// position is how far the rows of a partition go; -1: there are none.
func (s *store) position(ctx context.Context, at group.Place) (next int64, err error) {
	err = s.retry(ctx, false, func() error {
		return s.db.QueryRowContext(ctx,
			`SELECT next_offset FROM `+offsetsTable+` WHERE group_id = $1 AND topic = $2 AND partition = $3`,
			s.group, at.Topic, at.Partition).Scan(&next)
	})
	return next, err
}

// advance moves the offset of a partition behind a batch: for the member whose epoch the database has, and only from
// the position that member expects. The row stays locked until the transaction ends, so nobody can claim it meanwhile.
func (s *store) advance(ctx context.Context, tx *sql.Tx, b Batch, mine *owned) error {
	if first := b.Records[0].Offset; first < mine.next {
		return &fencedError{b.Place, fmt.Sprintf("the database has the rows before offset %d, and offset %d was read again",
			mine.next, first)}
	}
	done, err := tx.ExecContext(ctx, `UPDATE `+offsetsTable+` SET next_offset = $1
		WHERE group_id = $2 AND topic = $3 AND partition = $4 AND epoch = $5 AND next_offset = $6`,
		b.Next(), s.group, b.Topic, b.Partition, mine.epoch, mine.next)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	var now owned
	err = tx.QueryRowContext(ctx,
		`SELECT next_offset, epoch FROM `+offsetsTable+` WHERE group_id = $1 AND topic = $2 AND partition = $3`,
		s.group, b.Topic, b.Partition).Scan(&now.next, &now.epoch)
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
