package world

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// mostRows is how many rows of a query are compared.
const mostRows = 100_000

// queryPatience is how long a query may take. It is the user's own, and may have no end.
const queryPatience = 30 * time.Second

var errEndless = fmt.Errorf("%w: it had not ended after %s; have it read less", verdict.ErrInconclusive,
	queryPatience)

// Query reads some columns of what a query finds, in their order. A query that would change the database fails. One
// that fails, as of a table that is not there yet, is a reason to look again; a column that it does not have is not.
func (w *World) Query(ctx context.Context, query string, columns []string) (found [][]Cell, err error) {
	if err := w.needDatabase(ctx); err != nil {
		return nil, err
	}
	err = w.database.Reading(ctx, func(conn *sql.Conn) (err error) {
		ctx, cancel := context.WithTimeoutCause(ctx, queryPatience, errEndless)
		defer cancel()
		defer func() {
			if err != nil && errors.Is(context.Cause(ctx), errEndless) {
				err = Final(errEndless)
			}
		}()
		rows, err := conn.QueryContext(ctx, query)
		if err != nil {
			return err
		}
		defer func() {
			cancel() // to close them would read all that are left
			_ = rows.Close()
		}()
		has, err := rows.Columns()
		if err != nil {
			return err
		}
		places, err := placesOf(columns, has)
		if err != nil {
			return Final(err)
		}
		for rows.Next() {
			row, err := w.cells(rows)
			if err != nil {
				return err
			}
			if len(found) == mostRows {
				return Final(fmt.Errorf("it finds more than %d rows; have it find fewer", mostRows))
			}
			picked := make([]Cell, len(places))
			for i, place := range places {
				picked[i] = row[place]
			}
			found = append(found, picked)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("the query %.200q: %w", query, err)
	}
	Answered(ctx, theDatabase)
	return found, nil
}

// placesOf finds columns by their names, in any case, among those of a result.
func placesOf(columns, has []string) ([]int, error) {
	places := make([]int, len(columns))
	for i, column := range columns {
		same := func(name string) bool { return strings.EqualFold(name, column) }
		places[i] = slices.IndexFunc(has, same)
		switch {
		case places[i] < 0:
			return nil, fmt.Errorf("it has no column %q, only %s", column, words.Quoted(has))
		case slices.ContainsFunc(has[places[i]+1:], same):
			return nil, fmt.Errorf("it has two columns %q; give one another name by AS", column)
		}
	}
	return places, nil
}
