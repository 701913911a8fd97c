package dbwriter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// errWritten says that a transaction need not be carried out, because it was.
var errWritten = errors.New("already written")

// fencedError says that a partition is another member's by now.
type fencedError struct {
	at   group.Place
	text string
}

func (e *fencedError) Error() string { return e.text }

// commitError is an error of a transaction's commit: it may have taken effect all the same.
type commitError struct{ error }

func (e *commitError) Unwrap() error { return e.error }

// retry tries again what failed for a reason that may pass, with exponential backoff, until give-up-after is over. once
// keeps it from repeating a commit that may have taken effect.
func (s *store) retry(ctx context.Context, once bool, try func() error) error {
	began, wait := time.Now(), s.set.RetryBackoff
	for attempt := 1; ; attempt++ {
		err := try()
		var unknown *commitError
		var fenced *fencedError
		switch {
		case err == nil, errors.As(err, &fenced):
			return err
		// told to stop, which rolls back what is under way: whatever error that gives, it is no other failure
		case ctx.Err() != nil:
			return ctx.Err()
		case isPermanent(err):
			return fmt.Errorf("%w; correct what it complains of, then start again", err)
		case once && errors.As(err, &unknown):
			return fmt.Errorf("%w; it may have been written, and at-most-once does not write again", err)
		case time.Since(began)+wait > s.set.GiveUpAfter:
			return fmt.Errorf("%w; gave up after %d attempts within %v, see give-up-after", err, attempt,
				time.Since(began).Round(time.Millisecond))
		}
		s.log.Warn("retrying", "attempt", attempt, "delay", wait, "error", err)
		if !grace.Pause(ctx, wait) {
			return ctx.Err()
		}
		wait = min(2*wait, s.set.RetryMost)
	}
}

// isPermanent tells errors that another try will meet again from those that may pass.
func isPermanent(err error) bool {
	var postgres *pgconn.PgError
	var lite *sqlite.Error
	var mine *mysql.MySQLError
	switch {
	case errors.As(err, &postgres):
		return isPermanentState(postgres.Code)
	case errors.As(err, &mine):
		return isPermanentState(string(mine.SQLState[:])) || slices.Contains(permanentMySQL, mine.Number)
	case errors.As(err, &lite):
		switch lite.Code() & 0xff { // the rest is detail
		case sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
			sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_MISMATCH,
			sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_PERM:
			return true
		}
	}
	var parse *pgconn.ParseConfigError
	return errors.As(err, &parse) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, mysql.ErrPktTooLarge)
}

// isPermanentState tells it by SQLSTATE, whose classes are: data exception, integrity constraint, invalid
// authorization, invalid catalog or schema, syntax error or access rule.
func isPermanentState(state string) bool {
	return state == "25006" || // read_only_sql_transaction
		slices.ContainsFunc([]string{"22", "23", "28", "3D", "3F", "42"}, func(class string) bool {
			return strings.HasPrefix(state, class)
		})
}

// permanentMySQL are MySQL's without a state that says so: the server is read-only; a text that is not in the column's
// character set; a CHECK that fails.
var permanentMySQL = []uint16{1290, 1366, 3819, 4025}

// withoutPassword takes the address's password out of an error's text.
func withoutPassword(err error, address string) error {
	parsed, parseErr := url.Parse(address)
	if parseErr != nil || parsed.User == nil {
		return err
	}
	password, set := parsed.User.Password()
	if !set || password == "" || !strings.Contains(err.Error(), password) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), password, "***")) // without the error, which holds it
}
