package world

// What stands behind tables of the scenario's database: how SQL names them and their columns.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/database"
)

// theDatabase is who answers queries, in messages.
const theDatabase = "the database"

// Table is a table of the scenario's database. One that is not there yet is a reason to look again.
type Table struct {
	Name  string
	world *World
}

// Table returns the table of a name, which need not be there.
func (w *World) Table(name string) Table { return Table{name, w} }

// open asks for something of the table, with a rest such as WHERE. Its arguments are texts.
func (t Table) open(ctx context.Context, what, rest string, arguments ...any) (*sql.Rows, error) {
	if err := t.world.needDatabase(ctx); err != nil {
		return nil, err
	}
	own := t.world.database
	name, err := own.Table(ctx, t.Name)
	if err != nil {
		return nil, fmt.Errorf("could not look: read table %s: %w", t.Name, err)
	}
	rows, err := own.DB.QueryContext(ctx, own.Bound("SELECT "+what+" FROM "+name+" "+rest), arguments...)
	if err != nil {
		return nil, fmt.Errorf("could not look: read table %s: %w", t.Name, err)
	}
	return rows, nil
}

// query reads rows, as open does.
func (t Table) query(ctx context.Context, what, rest string, see func(*sql.Rows) error, arguments ...any) error {
	rows, err := t.open(ctx, what, rest, arguments...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := see(rows); err != nil {
			return fmt.Errorf("could not look: read a row of table %s: %w", t.Name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("could not look: read table %s: %w", t.Name, err)
	}
	Answered(ctx, theDatabase)
	return nil
}

// named are columns as SQL names them, in quotes: user means something else without. One that is not there yet is a
// reason to look again; advice says what to do where it never comes.
func (t Table) named(ctx context.Context, columns []string, advice string) ([]string, error) {
	rows, err := t.open(ctx, "*", "LIMIT 0")
	if err != nil {
		return nil, err
	}
	has, err := rows.Columns()
	if err = errors.Join(err, rows.Close()); err != nil {
		return nil, fmt.Errorf("could not look: read table %s: %w", t.Name, err)
	}
	var quoted []string
	for _, column := range columns {
		at := slices.Index(has, column)
		if at < 0 {
			at = slices.IndexFunc(has, func(name string) bool { return strings.EqualFold(name, column) })
		}
		if at < 0 {
			return nil, fmt.Errorf("could not look: table %s has no column %q, only %s%s", t.Name, column,
				words.Quoted(has), advice)
		}
		quoted = append(quoted, database.Quoted(has[at]))
	}
	return quoted, nil
}

// documents are columns as SQL names them that hold JSON though the driver takes them for texts.
func (t Table) documents(ctx context.Context) ([]string, error) {
	name, err := t.world.database.Table(ctx, t.Name)
	if err != nil {
		return nil, fmt.Errorf("could not look: read table %s: %w", t.Name, err)
	}
	columns, err := t.world.database.Documents(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("could not look: read the columns of table %s: %w", t.Name, err)
	}
	for i, column := range columns {
		columns[i] = database.Quoted(column)
	}
	return columns, nil
}
