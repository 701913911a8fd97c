package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// catalogs are databases of a MySQL or MariaDB server, one for each scenario.
type catalogs struct{ remote }

// checkMySQL finds what is wrong with the address of a server, beside what is wrong with any.
func checkMySQL(address *url.URL) error {
	modes := []string{"", "true", "false", "skip-verify", "preferred"}
	switch mode := address.Query().Get("tls"); {
	case strings.Contains(address.User.Username(), ":"):
		return errors.New("got a database address whose user has a colon, which the driver of MySQL cannot read; " +
			"want another user")
	case strings.Contains(address.Host, ","):
		return errors.New("got a database address of several hosts, which MySQL's driver does not know; want one host")
	case !slices.Contains(modes, mode):
		return fmt.Errorf("got a database address with tls=%s, want tls=true (its certificate is checked), skip-verify, "+
			"preferred or false", mode)
	}
	return nil
}

// connectMySQL uses a server that is there.
func connectMySQL(ctx context.Context, address string) (*catalogs, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, Check(address)
	}
	admin, err := sql.Open("mysql", source(parsed, strings.TrimPrefix(parsed.Path, "/"),
		url.Values{"lock_wait_timeout": {"30"}}))
	where := access.Shown(address)
	if err != nil {
		return nil, outcome.Environmentf(err, "cannot read the database address %s: %s", where, masked(err, parsed))
	}
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	admin.SetMaxIdleConns(-1) // the driver has a goroutine for each: none is to outlive the scenario that has opened it
	c := &catalogs{remote{address: parsed, admin: admin}}
	if err := admin.QueryRowContext(ctx, "SELECT version()").Scan(&c.version); err != nil {
		_ = admin.Close()
		return nil, outcome.Environmentf(err,
			"cannot reach the database %s: %s; %s, or use --database sqlite", where, masked(err, parsed),
			mysqlAdvice(err, parsed.Query().Get("tls")))
	}
	return c, nil
}

// mysqlAdvice is what to do about a server that does not let kafkaspec in. One that takes TLS only says so in MySQL
// (error 3159), and in MariaDB that the password is wrong.
func mysqlAdvice(err error, tls string) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "x509:"):
		return "SSL_CERT_FILE names a file of certificates to trust (not on macOS), and tls=skip-verify in the address " +
			"checks none"
	case strings.Contains(text, "does not support TLS"):
		return "write tls=false in the address, or let the server have a certificate"
	case strings.Contains(text, "Error 3159") || strings.Contains(text, "Error 1045") && (tls == "" || tls == "false"):
		return "check user and password in the address; a server that takes TLS only wants ?tls=true there"
	case strings.Contains(text, "Error 1049"):
		return "name a database that is there, or none, as in mysql://user:password@host:3306: each scenario has its own"
	}
	return "check the address"
}

// source is an address as the driver wants it: user:password@tcp(host:port)/database?parameters. Only the text behind
// the last slash is escaped.
func source(address *url.URL, name string, parameters url.Values) string {
	password, _ := address.User.Password()
	parameters.Set("parseTime", "true")
	parameters.Set("time_zone", "'+00:00'")
	parameters.Set("timeout", connectPatience.String())
	if mode := address.Query().Get("tls"); mode != "" {
		parameters.Set("tls", mode)
	}
	return fmt.Sprintf("%s:%s@tcp(%s)/%s?%s", address.User.Username(), password, withPort(address),
		url.PathEscape(name), parameters.Encode())
}

// withPort is the host of a server with its port.
func withPort(address *url.URL) string {
	return net.JoinHostPort(address.Hostname(), cmp.Or(address.Port(), "3306"))
}

func (c *catalogs) String() string {
	number, _, _ := strings.Cut(c.version, "-")
	if c.isMaria() {
		return "MariaDB " + number
	}
	return "MySQL " + number
}

// Open makes a database, and a way to the server that can be disturbed.
func (c *catalogs) Open(ctx context.Context) (*Database, error) {
	name := newName()
	if _, err := c.admin.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
		return nil, outcome.Environmentf(err,
			"cannot make a database on %s: %s; its user needs all rights to databases whose names begin with kafkaspec_: "+
				"GRANT ALL ON `kafkaspec\\_%%`.* TO …", access.Shown(c.address.String()), masked(err, c.address))
	}
	discard := func(ctx context.Context) error {
		c.endAll(ctx, name)
		if _, err := c.admin.ExecContext(ctx, "DROP DATABASE "+name); err != nil {
			return fmt.Errorf("remove database %s: %w", name, err)
		}
		return nil
	}
	db, err := sql.Open("mysql", source(c.address, name, c.parameters()))
	if err != nil {
		return nil, errors.Join(err, discard(ctx))
	}
	several := c.parameters()
	several.Set("multiStatements", "true")
	scripts, err := sql.Open("mysql", source(c.address, name, several))
	if err != nil {
		return nil, errors.Join(err, db.Close(), discard(ctx))
	}
	told := *c.address
	told.Path, told.Host = "/"+name, withPort(c.address)
	d := &Database{URL: told.String(), DB: db, Power: (*gate)(nil), discard: discard, tables: mysqlTables,
		guard: readOnlyMySQL, parameter: mysqlParameter, scripts: scripts, watch: c.watch}
	if c.isMaria() {
		d.documents = mariaDocuments
	}
	if c.address.Query().Get("tls") == "true" { // its certificate names the server
		return d, nil
	}
	gate, err := openGate(told.Hostname(), told.Port())
	if err != nil {
		return nil, errors.Join(outcome.Environmentf(err, "cannot listen for the database: %v", err), db.Close(),
			scripts.Close(), discard(ctx))
	}
	told.Host, _ = gate.address(listen.Place{}) // where it listens already
	d.URL, d.Power = told.String(), gate
	return d, nil
}

// killPatience is how long the server may take to end what was given up.
const killPatience = 5 * time.Second

// watch asks for the number of a connection. Its driver only closes a connection that is given up, and the server would
// go on until it has something to answer.
func (c *catalogs) watch(ctx context.Context, conn *sql.Conn) (end func(), err error) {
	var number int64
	if err := conn.QueryRowContext(ctx, "SELECT connection_id()").Scan(&number); err != nil {
		return nil, err
	}
	return func() { c.end(ctx, number) }, nil
}

// end ends a connection with what the server does for it. One that is over is none any more.
func (c *catalogs) end(ctx context.Context, number int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), killPatience)
	defer cancel()
	_, _ = c.admin.ExecContext(ctx, fmt.Sprintf("KILL %d", number))
}

// endAll ends what is still done in a database: it holds locks of its tables, which could not be dropped.
func (c *catalogs) endAll(ctx context.Context, name string) {
	rows, err := c.admin.QueryContext(ctx, "SELECT id FROM information_schema.processlist WHERE db = ?", name)
	if err != nil {
		return // DROP DATABASE says what is wrong
	}
	var numbers []int64
	for rows.Next() {
		var number int64
		if rows.Scan(&number) == nil {
			numbers = append(numbers, number)
		}
	}
	_ = rows.Close()
	for _, number := range numbers {
		c.end(ctx, number)
	}
}

// parameters are those of the scenario's own connections. Names may stand in double quotes, so that a statement is
// written as for the other databases. They do not wait long for what an application's transaction has locked: an
// expectation looks again. MariaDB would silently end a recursive query after 1000 rounds; MySQL fails it.
func (c *catalogs) parameters() url.Values {
	own := url.Values{"sql_mode": {"CONCAT(@@sql_mode, ',ANSI_QUOTES')"}, "innodb_lock_wait_timeout": {"5"},
		"lock_wait_timeout": {"5"}}
	if c.isMaria() {
		own.Set("max_recursive_iterations", "1000000")
	}
	return own
}

func (c *catalogs) isMaria() bool { return strings.Contains(c.version, "MariaDB") }

// readOnlyMySQL keeps a connection from changing anything. A transaction would not: CREATE TABLE ends it.
var readOnlyMySQL = [2]string{"SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE"}

// mysqlParameter is a parameter for a text, which is compared byte by byte: MySQL takes orders for Orders otherwise.
const mysqlParameter = "CAST(? AS BINARY)"
