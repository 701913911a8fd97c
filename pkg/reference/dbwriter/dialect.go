package dbwriter

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// open makes the pool of connections for an address, and tells its dialect; it does not connect yet.
func open(address string, set settings) (*sql.DB, dialect, error) {
	const want = "want sqlite:FILE, postgres://user:password@host:port/database or " +
		"mysql://user:password@host:port/database"
	if address == "" {
		return nil, standard, fmt.Errorf("got no address, %s; set DATABASE_URL", want)
	}
	parsed, err := url.Parse(address)
	if err != nil {
		// not shown: it may hold a password
		return nil, standard, fmt.Errorf("got an address that is no URL, %s; correct DATABASE_URL", want)
	}
	switch parsed.Scheme {
	case "sqlite":
		file := parsed.Opaque + parsed.Path
		if strings.HasPrefix(address, "sqlite://") { // behind the slash that ends the empty host
			file = strings.TrimPrefix(parsed.Path, "/")
		}
		if file == "" {
			return nil, standard, fmt.Errorf("got address %q without a file, %s; correct DATABASE_URL", address, want)
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
		return db, standard, err
	case "postgres", "postgresql":
		config, err := pgx.ParseConfig(address)
		if err != nil {
			return nil, standard, err
		}
		// A member that is frozen within a transaction must not keep its successor waiting for the lock.
		config.RuntimeParams["idle_in_transaction_session_timeout"] = fmt.Sprint(set.SessionTimeout.Milliseconds())
		return stdlib.OpenDB(*config), standard, nil
	case "mysql":
		config := mysql.NewConfig()
		config.User = parsed.User.Username()
		config.Passwd, _ = parsed.User.Password()
		config.Net, config.Addr = "tcp", net.JoinHostPort(parsed.Hostname(), cmp.Or(parsed.Port(), "3306"))
		config.DBName, config.TLSConfig = strings.TrimPrefix(parsed.Path, "/"), parsed.Query().Get("tls")
		config.Logger = &mysql.NopLogger{} // what fails is an error where it is used
		// The same against a frozen member, and a wait of its successor that ends. MySQL counts in seconds.
		seconds := int64(math.Ceil(set.SessionTimeout.Seconds()))
		patience := fmt.Sprint(seconds)
		config.Params = map[string]string{"wait_timeout": patience, "innodb_lock_wait_timeout": patience}
		connector, err := mysql.NewConnector(config)
		if err != nil {
			return nil, mySQL, err
		}
		db := sql.OpenDB(connector)
		// The server also ends what is idle in the pool, and a transaction begun as it does so fails. The pool gives out none
		// that is old enough to have been idle so long.
		db.SetConnMaxLifetime(time.Duration(seconds) * time.Second / 2)
		return db, mySQL, nil
	}
	return nil, standard, fmt.Errorf("got an address with scheme %q, %s; correct DATABASE_URL", parsed.Scheme, want)
}

// dialect is the SQL of a database. Statements are written as SQLite and PostgreSQL take them.
type dialect struct {
	isMySQL bool
	isolate sql.TxOptions
}

// In a transaction of MySQL, one read sees what is committed by then only with this isolation: an owner that has lost
// its partition is to see the other's epoch.
var (
	standard = dialect{}
	mySQL    = dialect{isMySQL: true, isolate: sql.TxOptions{Isolation: sql.LevelReadCommitted}}
)

// types are those of columns that differ: of long texts, and of texts that a key has. MySQL compares texts without
// regard to case, unless told otherwise, and its TEXT ends at 64 KiB.
func (d dialect) types() (long, key string) {
	if d.isMySQL {
		return "LONGTEXT CHARACTER SET utf8mb4", "VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
	}
	return "TEXT", "TEXT"
}

// Tx is a transaction, in the words of its database.
type Tx struct {
	*sql.Tx
	dialect
}

// Exec carries out a statement with parameters $1, $2 …, each used once.
func (tx Tx) Exec(ctx context.Context, statement string, arguments ...any) (sql.Result, error) {
	return tx.ExecContext(ctx, tx.statement(statement), arguments...)
}

// statement is one as the database takes it. Parameters are numbered in their order, each used once; names that MySQL
// reserves stand in double quotes.
func (d dialect) statement(text string) string {
	if !d.isMySQL {
		return text
	}
	return numbered.ReplaceAllLiteralString(strings.ReplaceAll(text, `"`, "`"), "?")
}

var numbered = regexp.MustCompile(`\$\d+`)

// ElseSet ends a statement that inserts into the table of offsets: where the row is there, it does this to it.
func (d dialect) ElseSet(assignment string) string {
	if d.isMySQL {
		return " ON DUPLICATE KEY UPDATE " + assignment
	}
	return " ON CONFLICT (group_id, topic, \"partition\") DO UPDATE SET " + assignment
}
