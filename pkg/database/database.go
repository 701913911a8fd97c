// Package database gives each scenario a database of its own: an SQLite file, a schema of a PostgreSQL server, or a
// database of a MySQL or MariaDB server.
//
// It uses the drivers of database/sql that the program has compiled in: "sqlite" of modernc.org/sqlite, "pgx" of
// github.com/jackc/pgx/v5/stdlib, "mysql" of github.com/go-sql-driver/mysql. It imports none of them, so that only
// programs with a database have them.
//
// A Backend lives for a run, a Database for a scenario; its name and all in it are gone afterwards. A database can be
// disturbed as far as its kind allows: taken away, and slowed down.
package database

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// Names of choices beside an address.
const (
	SQLite   = "sqlite"   // a file for each scenario
	Postgres = "postgres" // a server that is started for the run
	MySQL    = "mysql"    // a server that is started for the run: MariaDB
)

// Backend makes databases for the length of a run. It is safe for concurrent use.
type Backend interface {
	// Open makes the database of one scenario.
	Open(ctx context.Context) (*Database, error)
	String() string
	// Close ends what the backend started.
	Close(ctx context.Context) error
}

// Database is that of one scenario.
type Database struct {
	URL string // for applications: sqlite:////FOLDER/FILE, postgresql://… or mysql://…, as most clients read it
	DB  *sql.DB

	Power
	discard   func(ctx context.Context) error
	tables    string    // a statement that lists them
	documents string    // one that lists columns of JSON; "": the driver knows them
	guard     [2]string // statements that keep a connection from changing anything, and let it again
	// parameter stands for a text in a statement; "": $1, $2 … do
	parameter string

	scripts *sql.DB // for Run, whose statements may be several in one; nil: DB takes them too
	// watch prepares to end what the server does for a connection that is given up, and would go on there; nil: the driver
	// does
	watch func(context.Context, *sql.Conn) (end func(), err error)

	mu  sync.Mutex
	own *sql.Conn // of Run; nil where it has not run anything
}

// URLAt is URL for an application at a place. A file, or a server that nothing can be put before, has one for all.
func (d *Database) URLAt(place listen.Place) (string, error) {
	gate, ok := d.Power.(*gate)
	if !ok || gate == nil || place == (listen.Place{}) {
		return d.URL, nil
	}
	address, err := url.Parse(d.URL)
	if err != nil {
		return "", errors.New("the database's address is no URL") // err would show its password
	}
	if address.Host, err = gate.address(place); err != nil {
		return "", outcome.Environmentf(err, "cannot listen for the database: %v", err)
	}
	return address.String(), nil
}

// Power is what can be done to a kind of database.
type Power interface {
	// Stop takes the database away from applications. What has connections keeps none; what tries is refused, or, with
	// SQLite, finds it locked.
	Stop(ctx context.Context) error
	// Start gives it back.
	Start(ctx context.Context) error
	// Slow makes what applications ask of it take longer, until Start.
	Slow(by time.Duration) error
	// Unmet names what was done to the database that no application has met: none asked for it meanwhile.
	Unmet() []string
	// Ran tells that the scenario itself has changed the data.
	Ran(ctx context.Context)

	close(ctx context.Context) error
}

// Close removes the database with all that is in it. It can be called again and then does nothing.
func (d *Database) Close(ctx context.Context) error {
	if d.discard == nil {
		return nil
	}
	discard := d.discard
	d.discard = nil
	d.endOwn()
	err := errors.Join(d.close(ctx), discard(ctx), d.DB.Close())
	if d.scripts != nil {
		err = errors.Join(err, d.scripts.Close())
	}
	return err
}

// Reading hands out a connection that changes nothing: a statement that would fails. The connection ends with read.
func (d *Database) Reading(ctx context.Context, read func(*sql.Conn) error) error {
	conn, err := d.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	end := func() {}
	if d.watch != nil {
		if end, err = d.watch(ctx, conn); err != nil {
			return err
		}
	}
	if _, err := conn.ExecContext(ctx, d.guard[0]); err != nil {
		return err
	}
	err = read(conn)
	_, ended := conn.ExecContext(context.WithoutCancel(ctx), d.guard[1])
	if err != nil && errors.Is(ended, driver.ErrBadConn) { // what was read was given up, and the connection with it
		end()
		return err
	}
	return errors.Join(err, ended)
}

// Bound is a statement with the texts $1, $2 …, each once and in this order, as the driver takes it.
func (d *Database) Bound(statement string) string {
	if d.parameter == "" {
		return statement
	}
	return numbered.ReplaceAllLiteralString(statement, d.parameter)
}

var numbered = regexp.MustCompile(`\$\d+`)

// Run carries out a statement of the scenario's own. All of them have one connection, so that a transaction may have
// several, and what it has not committed is seen by nobody else.
func (d *Database) Run(ctx context.Context, statement string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.own == nil {
		var err error
		if d.own, err = cmp.Or(d.scripts, d.DB).Conn(ctx); err != nil {
			return err
		}
	}
	_, err := d.own.ExecContext(ctx, statement)
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		_ = d.own.Close() // the next statement gets another one
		d.own = nil
	}
	d.Ran(ctx)
	return err
}

// endOwn ends the connection of Run, with a transaction that is open there: it would keep the database from being
// removed.
func (d *Database) endOwn() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.own != nil {
		_ = d.own.Raw(func(any) error { return driver.ErrBadConn })
		_ = d.own.Close() // nil: it is closed already
		d.own = nil
	}
}

// Check finds what is wrong with a choice: sqlite, postgres, mysql, or the address of a server. It connects to nothing.
func Check(choice string) error {
	const want = "want sqlite, postgres, mysql, or an address such as postgres://user:password@host:5432/database or " +
		"mysql://user:password@host:3306/database"
	if slices.Contains([]string{"", SQLite, Postgres, MySQL}, choice) {
		return nil
	}
	parsed, err := url.Parse(choice)
	switch {
	case err != nil:
		return fmt.Errorf("got the database address %q, which is no URL, %s", access.Shown(choice), want)
	case parsed.Scheme == "":
		return fmt.Errorf("got database %q, %s", access.Shown(choice), want)
	case !slices.Contains([]string{"postgres", "postgresql", MySQL}, parsed.Scheme):
		return fmt.Errorf("got a database address with scheme %q, %s", parsed.Scheme, want)
	case parsed.Host == "":
		return fmt.Errorf("got a database address without a host, %s", want)
	case parsed.Scheme == MySQL:
		return checkMySQL(parsed)
	}
	return nil
}

// isMySQL tells a choice of MySQL from one of PostgreSQL.
func isMySQL(choice string) bool { return choice == MySQL || strings.HasPrefix(choice, MySQL+":") }

// CheckDriver reports that the driver of a choice is not compiled in.
func CheckDriver(choice string) error {
	driver, path := "pgx", "github.com/jackc/pgx/v5/stdlib"
	switch {
	case choice == "" || choice == SQLite:
		driver, path = "sqlite", "modernc.org/sqlite"
	case isMySQL(choice):
		driver, path = "mysql", "github.com/go-sql-driver/mysql"
	}
	if slices.Contains(sql.Drivers(), driver) {
		return nil
	}
	return fmt.Errorf("the database driver %q is not compiled in; add to a Go file of the program or test: import _ %q",
		driver, path)
}

// New opens the backend of a choice. progress is told what takes time.
func New(ctx context.Context, choice string, progress io.Writer) (Backend, error) {
	if err := Check(choice); err != nil {
		return nil, err
	}
	if progress == nil {
		progress = io.Discard
	}
	switch {
	case choice == "" || choice == SQLite:
		return &files{open: map[string]bool{}}, nil
	case choice == Postgres:
		return backendOf(startPostgres(ctx, progress))
	case choice == MySQL:
		return backendOf(startMariaDB(ctx, progress))
	case isMySQL(choice):
		return backendOf(connectMySQL(ctx, choice))
	}
	return backendOf(connect(ctx, choice))
}

// backendOf keeps a pointer that is nil from becoming an interface that is not.
func backendOf[B Backend](b B, err error) (Backend, error) {
	if err != nil {
		return nil, err
	}
	return b, nil
}

// newName is unique to a scenario.
func newName() string { return "kafkaspec_" + strings.ToLower(rand.Text()[:12]) }
