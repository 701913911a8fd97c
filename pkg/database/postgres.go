package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// connectPatience is how long a server may take to answer the first time.
const connectPatience = 10 * time.Second

// schemas are those of a PostgreSQL server, one for each scenario.
type schemas struct{ remote }

// connect uses a server that is there.
func connect(ctx context.Context, address string) (*schemas, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, Check(address)
	}
	where := access.Shown(address)
	admin, err := sql.Open("pgx", address)
	if err != nil {
		return nil, outcome.Environmentf(err, "cannot read the database address %s: %s", where, masked(err, parsed))
	}
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	s := &schemas{remote{address: parsed, admin: admin}}
	if err := admin.QueryRowContext(ctx, "SHOW server_version").Scan(&s.version); err != nil {
		_ = admin.Close()
		return nil, outcome.Environmentf(err,
			"cannot reach the database %s: %s; check the address, or use --database sqlite", where, masked(err, parsed))
	}
	return s, nil
}

func (s *schemas) String() string { return "PostgreSQL " + strings.Fields(s.version + " ?")[0] }

// Open makes a schema, and a way to the server that can be disturbed.
func (s *schemas) Open(ctx context.Context) (*Database, error) {
	name := newName()
	if _, err := s.admin.ExecContext(ctx, "CREATE SCHEMA "+name); err != nil {
		return nil, outcome.Environmentf(err,
			"cannot make a schema in the database %s: %s; its user needs the right to CREATE",
			access.Shown(s.address.String()), masked(err, s.address))
	}
	discard := func(ctx context.Context) error {
		if _, err := s.admin.ExecContext(ctx, "DROP SCHEMA "+name+" CASCADE"); err != nil {
			return fmt.Errorf("remove schema %s from the database: %w", name, err)
		}
		return nil
	}
	direct := within(s.address, name)
	db, err := sql.Open("pgx", within(s.address, name, lockPatience).String())
	if err != nil {
		return nil, errors.Join(err, discard(ctx))
	}
	if mode := s.address.Query().Get("sslmode"); strings.HasPrefix(mode, "verify") ||
		strings.Contains(s.address.Host, ",") {
		return &Database{URL: direct.String(), DB: db, Power: (*gate)(nil), discard: discard, tables: postgresTables,
			guard: readOnly}, nil
	}
	gate, err := openGate(s.address.Hostname(), cmp.Or(s.address.Port(), "5432"))
	if err != nil {
		return nil, errors.Join(outcome.Environmentf(err, "cannot listen for the database: %v", err), db.Close(),
			discard(ctx))
	}
	direct.Host, _ = gate.address(listen.Place{}) // where it listens already
	return &Database{URL: direct.String(), DB: db, Power: gate, discard: discard, tables: postgresTables,
		guard: readOnly}, nil
}

// readOnly keeps a connection from changing anything.
var readOnly = [2]string{"BEGIN READ ONLY", "ROLLBACK"}

// lockPatience is an option for the scenario's own connection: how long it waits for a table that an application's
// transaction has locked. Its error says what it waited for; an expectation looks again after it.
const lockPatience = "-clock_timeout=5s"

// within is the address with a schema that stands first and more options, in a form that libpq, JDBC and pgx all
// understand. JDBC and SQLAlchemy know this scheme only.
func within(address *url.URL, schema string, more ...string) *url.URL {
	inner := *address
	inner.Scheme = "postgresql"
	query := inner.Query()
	options := append([]string{query.Get("options"), "-csearch_path=" + schema}, more...)
	query.Set("options", strings.TrimSpace(strings.Join(options, " ")))
	inner.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20") // libpq takes + for itself
	return &inner
}

var errFixed = outcome.NotApplicablef("the database's address asks for its certificate to be checked, or names " +
	"several hosts, so kafkaspec cannot stand before it")
