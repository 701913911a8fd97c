package world

// What stands behind the steps of databases: opening the scenario's own, and reading its rows.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// WithDatabase does something with the scenario's database. What it cannot do ends the scenario as not applicable.
func (w *World) WithDatabase(ctx context.Context, do func(*database.Database) error) error {
	if err := w.needDatabase(ctx); err != nil {
		return err
	}
	return do(w.database)
}

// unmetAtDatabase reports what was done to the database that no application has met.
func (w *World) unmetAtDatabase() error {
	if w.database == nil {
		return nil
	}
	var errs []error
	for _, name := range w.database.Unmet() {
		errs = append(errs, fmt.Errorf("the fault %q met no request of an application: %w", name, verdict.ErrInconclusive))
	}
	return errors.Join(errs...)
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

// Count returns how many rows the table has.
func (t Table) Count(ctx context.Context) (rows int64, err error) {
	err = t.query(ctx, "count(*)", "", func(r *sql.Rows) error { return r.Scan(&rows) })
	return rows, err
}

// Effects feeds the records of a topic and all rows of the table to a judge. Records are read first: one that comes
// later has no row yet.
func (t Table) Effects(ctx context.Context, of *Topic) (*verdict.Effects, error) {
	judge := verdict.NewEffects(of.Name, t.Name)
	if err := of.ScanKnown(ctx, judge.Input, UnlessPassed(of.Passed, judge.Gone)); err != nil {
		return nil, err
	}
	if err := t.RowsOf(ctx, of, judge.Row); err != nil {
		return nil, err
	}
	return judge, t.foreign(ctx, of, judge.Foreign)
}

// sourceColumns name the record that a row stands for.
var sourceColumns = []string{"source_topic", "source_partition", "source_offset"}

const adviceOnPlaces = "; this step reads from columns source_topic, source_partition and source_offset which record " +
	"a row stands for: where the table has none, compare it with rows instead, by: the table contains exactly"

// RowsOf reads the places of the rows of a topic, as far as those are of the scenario's records: from columns
// source_topic, source_partition and source_offset.
func (t Table) RowsOf(ctx context.Context, of *Topic, see func(partition int32, offset int64)) error {
	at, err := t.named(ctx, sourceColumns, adviceOnPlaces)
	if err != nil {
		return err
	}
	where := fmt.Sprintf("WHERE %s = $1 AND %s IS NOT NULL AND %s IS NOT NULL", at[0], at[1], at[2])
	return t.query(ctx, strings.Join(at[1:], ", "), where, func(r *sql.Rows) error {
		var partition int32
		var offset int64
		err := r.Scan(&partition, &offset)
		if !of.Before(partition, offset) {
			see(partition, offset)
		}
		return err
	}, of.Physical)
}

// foreign reads the rows that name no record: of a topic that the scenario does not have, of an offset that another of
// its topics does not reach, or without a place. Of each partition it sees only the row furthest behind the end.
func (t Table) foreign(ctx context.Context, of *Topic, see func(place string)) error {
	furthest := map[string]map[int64]int64{} // by physical topic and partition
	name := func(topic, partition, offset any) {
		see(fmt.Sprintf("%v partition %v offset %v", topic, partition, offset))
	}
	at, err := t.named(ctx, sourceColumns, adviceOnPlaces)
	if err != nil {
		return err
	}
	err = t.query(ctx, strings.Join(at, ", "),
		fmt.Sprintf("WHERE %[1]s IS NULL OR %[1]s <> $1 OR %[2]s IS NULL OR %[3]s IS NULL", at[0], at[1], at[2]),
		func(r *sql.Rows) error {
			row := [3]sql.NullString{}
			if err := r.Scan(&row[0], &row[1], &row[2]); err != nil {
				return err
			}
			partition, failed := strconv.ParseInt(row[1].String, 10, 32)
			offset, other := strconv.ParseInt(row[2].String, 10, 64)
			if failed != nil || other != nil || partition < 0 || offset < 0 || !row[0].Valid {
				name(orNull(t.world, row[0]), orNull(t.world, row[1]), orNull(t.world, row[2]))
				return nil
			}
			if furthest[row[0].String] == nil {
				furthest[row[0].String] = map[int64]int64{}
			}
			furthest[row[0].String][partition] = max(offset, furthest[row[0].String][partition])
			return nil
		}, of.Physical)
	for topic, partitions := range furthest {
		if err != nil {
			return err
		}
		var end Offsets // of what has no topic here: none
		for _, other := range t.world.topics {
			if other.Physical == topic {
				end, err = other.Ends(ctx)
			}
		}
		for partition, offset := range partitions {
			if err == nil && offset >= end.At(int(partition)) {
				name(t.world.Session.Names().Undo(topic), partition, offset)
			}
		}
	}
	return err
}

func orNull(w *World, value sql.NullString) string {
	if !value.Valid {
		return Null
	}
	return w.Session.Names().Undo(value.String)
}

// StoredOffsets reads the positions that the database has of a topic: from columns topic, group_id, partition and
// next_offset of the table consumer_offsets.
func (t *Topic) StoredOffsets(ctx context.Context, g *Group, see func(partition int32, next int64)) error {
	return t.world.Table("consumer_offsets").query(ctx, `"partition", next_offset`,
		"WHERE topic = $1 AND group_id = $2", func(r *sql.Rows) error {
			var partition int32
			var next int64
			err := r.Scan(&partition, &next)
			see(partition, next)
			return err
		}, t.Physical, g.Physical())
}
