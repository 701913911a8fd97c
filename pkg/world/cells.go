package world

// Cells: what stands in the rows of a database, in the words of that database.

import (
	"context"
	"database/sql"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Null is what a cell shows in place of NULL.
const Null = "null"

// Cell is what stands in one column of a row.
type Cell struct {
	Text   string // NULL: null
	Null   bool
	Number bool      // it is compared by value: 5.10 is 5.1
	Time   time.Time // so is this, of a column of times; else 0
	Form   Form
}

// Form is another way to write what a cell holds than as its text.
type Form int

// The forms that are known.
const (
	Plain    Form = iota
	Document      // JSON, whose spaces and order of names say nothing
	Bytes         // may be written in hexadecimal as well: \x00ff
	UUID          // in letters of either case
)

// forms are by types of columns, as drivers name them.
var forms = map[string]Form{"JSON": Document, "JSONB": Document, "BYTEA": Bytes, "BLOB": Bytes, "TINYBLOB": Bytes,
	"MEDIUMBLOB": Bytes, "LONGBLOB": Bytes, "BINARY": Bytes, "VARBINARY": Bytes, "UUID": UUID}

// Cells reads some columns of all rows.
func (t Table) Cells(ctx context.Context, columns []string) ([][]Cell, error) {
	columns, err := t.named(ctx, columns, "")
	if err != nil {
		return nil, err
	}
	documents, err := t.documents(ctx)
	if err != nil {
		return nil, err
	}
	var all [][]Cell
	err = t.query(ctx, strings.Join(columns, ", "), "", func(r *sql.Rows) error {
		row, err := t.world.cells(r)
		for i := range row {
			if slices.Contains(documents, columns[i]) {
				row[i].Form = Document
			}
		}
		all = append(all, row)
		return err
	})
	return all, err
}

// cells reads a row.
func (w *World) cells(r *sql.Rows) ([]Cell, error) {
	types, err := r.ColumnTypes()
	if err != nil {
		return nil, err
	}
	values, targets := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		targets[i] = &values[i]
	}
	if err := r.Scan(targets...); err != nil {
		return nil, err
	}
	row := make([]Cell, len(types))
	for i, value := range values {
		if row[i], err = w.cell(value, types[i].DatabaseTypeName()); err != nil {
			return nil, err
		}
	}
	return row, nil
}

// cell reads a value of a driver, of a column of a type.
func (w *World) cell(value any, column string) (Cell, error) {
	var text sql.NullString
	if err := text.Scan(value); err != nil {
		return Cell{}, err
	}
	if !text.Valid {
		return Cell{Text: Null, Null: true}, nil
	}
	column = strings.ToUpper(column)
	switch value := value.(type) {
	case int64, uint64:
		return Cell{Text: text.String, Number: true}, nil
	case float64:
		return Cell{Text: floatText(value, column), Number: true}, nil
	case float32: // MySQL's FLOAT
		return Cell{Text: floatText(float64(value), "FLOAT4"), Number: true}, nil
	case time.Time:
		return Cell{Text: text.String, Time: value}, nil
	case []byte:
		if column == "BIT" { // MySQL's, in which Java keeps a boolean; PostgreSQL's is a text of zeros and ones
			return Cell{Text: new(big.Int).SetBytes(value).String(), Number: true}, nil
		}
	}
	if column == "BPCHAR" { // PostgreSQL's char(n), to which the spaces at the end do not belong
		text.String = strings.TrimRight(text.String, " ")
	}
	number := column == "NUMERIC" || column == "DECIMAL"
	return Cell{Text: w.Session.Names().Undo(text.String), Number: number, Form: forms[column]}, nil
}

// floatText is a number as PostgreSQL writes it: one of four bytes with as many digits as those hold.
func floatText(value float64, column string) string {
	switch {
	case math.IsInf(value, 1):
		return "Infinity"
	case math.IsInf(value, -1):
		return "-Infinity"
	case column == "FLOAT4":
		return strconv.FormatFloat(value, 'g', -1, 32)
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}
