package steps

// What stands behind the steps of databases: opening the scenario's own, and reading its rows.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// shownRows is how many rows of each kind a mismatch shows.
const shownRows = 5

// needDatabase makes the scenario's database, where a step speaks of one.
func (w *World) needDatabase(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.Plan.Database || w.database != nil {
		return nil
	}
	if w.Databases == nil {
		return errors.New("this scenario needs a database, and there is none")
	}
	var err error
	w.database, err = w.Databases(ctx)
	return err
}

func (w *World) closeDatabase(ctx context.Context) error {
	if w.database == nil {
		return nil
	}
	return w.database.Close(ctx)
}

// query reads rows. A table that is not there yet is a reason to look again.
func (w *World) query(ctx context.Context, table, statement string, see func(scan func(...any) error) error,
	arguments ...any) error {
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

// effects feeds the records of a topic and their rows to a judge. Records are read first: one that comes later has no
// row yet.
func (w *World) effects(ctx context.Context, topic, table string) (*verdict.Effects, error) {
	judge := verdict.NewEffects(topic, table)
	if err := w.scan(ctx, topic, judge.Record); err != nil {
		return nil, err
	}
	return judge, w.rowsOf(ctx, topic, table, judge.Row)
}

// rowsOf reads the places of the rows of a topic.
func (w *World) rowsOf(ctx context.Context, topic, table string, see func(partition int32, offset int64)) error {
	t, err := w.topic(topic)
	if err != nil {
		return err
	}
	return w.query(ctx, table, "SELECT source_partition, source_offset FROM "+table+" WHERE source_topic = $1",
		func(scan func(...any) error) error {
			var partition int32
			var offset int64
			err := scan(&partition, &offset)
			see(partition, offset)
			return err
		}, t.physical)
}

// storedOffsets reads the positions that the database has of a topic.
func (w *World) storedOffsets(ctx context.Context, topic, group string, see func(partition int32, next int64)) error {
	t, err := w.topic(topic)
	if err != nil {
		return err
	}
	return w.query(ctx, "consumer_offsets", "SELECT partition, next_offset FROM consumer_offsets WHERE topic = $1 AND "+
		"group_id = $2", func(scan func(...any) error) error {
		var partition int32
		var next int64
		err := scan(&partition, &next)
		see(partition, next)
		return err
	}, t.physical, w.Session.Names().Group(group))
}

// rowsAsText reads some columns of a table.
func (w *World) rowsAsText(ctx context.Context, table string, columns []string) ([][]string, error) {
	for _, column := range columns {
		if err := checkName("column", column); err != nil {
			return nil, err
		}
	}
	var all [][]string
	err := w.query(ctx, table, "SELECT "+strings.Join(columns, ", ")+" FROM "+table, func(scan func(...any) error) error {
		values := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		err := scan(targets...)
		row := make([]string, len(columns))
		for i, value := range values {
			row[i] = w.Session.Names().Undo(value.String)
			if !value.Valid {
				row[i] = "null"
			}
		}
		all = append(all, row)
		return err
	})
	return all, err
}

// compareRows is nil when both have the same rows, in any order.
func compareRows(table string, got, want [][]string) error {
	line := func(row []string) string { return "| " + strings.Join(row, " | ") + " |" }
	left := map[string]int{}
	for _, row := range got {
		left[line(row)]++
	}
	var missing, more []string
	for _, row := range want {
		if left[line(row)]--; left[line(row)] < 0 {
			missing = append(missing, line(row))
		}
	}
	for row, n := range left {
		for range n {
			more = append(more, row)
		}
	}
	if len(missing)+len(more) == 0 {
		return nil
	}
	slices.Sort(more)
	var b strings.Builder
	fmt.Fprintf(&b, "table %s: got %s, want exactly %d", table, counted(int64(len(got)), "row"), len(want))
	for _, part := range []struct {
		text string
		rows []string
	}{{"missing", missing}, {"not expected", more}} {
		for i, row := range part.rows {
			if i == shownRows {
				fmt.Fprintf(&b, "\n  … and %d more", len(part.rows)-i)
				break
			}
			fmt.Fprintf(&b, "\n  %s: %s", part.text, row)
		}
	}
	return errors.New(b.String())
}
