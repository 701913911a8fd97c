package world

// What stands behind the steps of databases: opening the scenario's own, and reading its rows.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$`)

// checkName keeps a table's or column's name from being anything else of SQL.
func checkName(what, name string) error {
	if !plainName.MatchString(name) {
		return Final(fmt.Errorf("got %s %q, want a name of letters, digits and _", what, name))
	}
	return nil
}

// WithDatabase does something with the scenario's database. What it cannot do ends the scenario as not applicable.
func (w *World) WithDatabase(ctx context.Context, do func(*database.Database) error) error {
	if err := w.needDatabase(ctx); err != nil {
		return err
	}
	return do(w.database)
}

// needDatabase makes the scenario's database, where a step speaks of one.
func (w *World) needDatabase(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.options.Needs.Database || w.database != nil {
		return nil
	}
	if w.options.Databases == nil {
		return errors.New("this scenario needs a database, and there is none")
	}
	var err error
	w.database, err = w.options.Databases(ctx)
	return err
}

func (w *World) closeDatabase(ctx context.Context) error {
	if w.database == nil {
		return nil
	}
	return w.database.Close(ctx)
}

// Table is a table of the scenario's database. One that is not there yet is a reason to look again.
type Table struct {
	Name  string
	world *World
}

// Table returns the table of a name, which need not be there.
func (w *World) Table(name string) Table { return Table{name, w} }

// query reads rows.
func (t Table) query(ctx context.Context, statement string, see func(scan func(...any) error) error,
	arguments ...any) error {
	w, table := t.world, t.Name
	if err := errors.Join(checkName("table", table), w.needDatabase(ctx)); err != nil {
		return err
	}
	rows, err := w.database.DB.QueryContext(ctx, statement, arguments...)
	if err != nil {
		return fmt.Errorf("could not look: read table %s: %w", table, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := see(rows.Scan); err != nil {
			return fmt.Errorf("could not look: read a row of table %s: %w", table, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("could not look: read table %s: %w", table, err)
	}
	return nil
}

// Count returns how many rows the table has.
func (t Table) Count(ctx context.Context) (rows int64, err error) {
	err = t.query(ctx, "SELECT count(*) FROM "+t.Name, func(scan func(...any) error) error { return scan(&rows) })
	return rows, err
}

// Effects feeds the records of a topic and their rows to a judge. Records are read first: one that comes later has no
// row yet.
func (t Table) Effects(ctx context.Context, of *Topic) (*verdict.Effects, error) {
	judge := verdict.NewEffects(of.Name, t.Name)
	if err := of.ScanKnown(ctx, judge.Input, judge.Gone); err != nil {
		return nil, err
	}
	return judge, t.RowsOf(ctx, of, judge.Row)
}

// RowsOf reads the places of the rows of a topic, as far as those are of the scenario's records: from columns
// source_topic, source_partition and source_offset.
func (t Table) RowsOf(ctx context.Context, of *Topic, see func(partition int32, offset int64)) error {
	return t.query(ctx, "SELECT source_partition, source_offset FROM "+t.Name+" WHERE source_topic = $1",
		func(scan func(...any) error) error {
			var partition int32
			var offset int64
			err := scan(&partition, &offset)
			if !of.Before(partition, offset) {
				see(partition, offset)
			}
			return err
		}, of.Physical)
}

// StoredOffsets reads the positions that the database has of a topic: from columns topic, group_id, partition and
// next_offset of the table consumer_offsets.
func (t *Topic) StoredOffsets(ctx context.Context, g *Group, see func(partition int32, next int64)) error {
	return t.world.Table("consumer_offsets").query(ctx, "SELECT partition, next_offset FROM consumer_offsets "+
		"WHERE topic = $1 AND group_id = $2", func(scan func(...any) error) error {
		var partition int32
		var next int64
		err := scan(&partition, &next)
		see(partition, next)
		return err
	}, t.Physical, g.Physical())
}

// Text reads some columns of all rows as text, with null for NULL.
func (t Table) Text(ctx context.Context, columns []string) ([][]string, error) {
	for _, column := range columns {
		if err := checkName("column", column); err != nil {
			return nil, err
		}
	}
	var all [][]string
	err := t.query(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+t.Name, func(scan func(...any) error) error {
		values := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		err := scan(targets...)
		row := make([]string, len(columns))
		for i, value := range values {
			row[i] = t.world.Session.Names().Undo(value.String)
			if !value.Valid {
				row[i] = "null"
			}
		}
		all = append(all, row)
		return err
	})
	return all, err
}
