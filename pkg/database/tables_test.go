package database_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
)

// A table is found as its maker has written it, and never taken for a function or a key word of SQL.
func TestTableIsNamedInQuotes(t *testing.T) {
	for kind, backend := range backends(t) {
		t.Run(kind, func(t *testing.T) {
			d, err := backend.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := d.Close(context.Background()); err != nil {
					t.Error(err)
				}
			})
			if _, err := d.Table(t.Context(), "user"); err == nil || !strings.Contains(err.Error(), "no such table") {
				t.Errorf("got %v, want that there is no such table", err)
			}
			for _, statement := range []string{`CREATE TABLE "user" (id INTEGER)`, `CREATE TABLE "OrderLines" (id INTEGER)`,
				`CREATE VIEW late AS SELECT * FROM "user"`, `CREATE TABLE "my.notes" (id INTEGER)`} {
				if _, err := d.DB.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			for name, want := range map[string]string{"user": `."user"`, "USER": `."user"`, "orderlines": `."OrderLines"`,
				"late": `."late"`, "my.notes": `."my.notes"`} {
				if got, err := d.Table(t.Context(), name); err != nil || !strings.HasSuffix(got, want) {
					t.Errorf("%s: got %s, %v, want …%s", name, got, err, want)
				}
			}
			user, err := d.Table(t.Context(), "user")
			if err != nil {
				t.Fatal(err)
			}
			schema, _, _ := strings.Cut(user, ".")
			if got, err := d.Table(t.Context(), strings.Trim(schema, `"`)+".user"); err != nil || got != schema+`."user"` {
				t.Errorf("got %s, %v, want the table by its schema", got, err)
			}
			_, err = d.Table(t.Context(), "users")
			if err == nil || !strings.Contains(err.Error(), `did you mean "user"? it has "OrderLines", "late", "my.notes"`) {
				t.Errorf("got %v, want the table that is near", err)
			}
		})
	}
}

// The statements of a scenario have one connection, which may hold a transaction and ends with the database.
func TestRunKeepsOneConnection(t *testing.T) {
	for kind, backend := range backends(t) {
		t.Run(kind, func(t *testing.T) {
			ctx := t.Context()
			d, err := backend.Open(ctx)
			if err != nil {
				t.Fatal(err)
			}
			run := func(statements ...string) {
				t.Helper()
				for _, statement := range statements {
					if err := d.Run(ctx, statement); err != nil {
						t.Fatalf("%s: %v", statement, err)
					}
				}
			}
			rows := func() (n int) {
				t.Helper()
				if err := d.Reading(ctx, func(conn *sql.Conn) error {
					return conn.QueryRowContext(ctx, "SELECT count(*) FROM notes").Scan(&n)
				}); err != nil {
					t.Fatal(err)
				}
				return n
			}
			run("CREATE TABLE notes (text TEXT)", "BEGIN", "INSERT INTO notes VALUES ('a')")
			if n := rows(); n != 0 {
				t.Errorf("got %d rows before the commit, want none", n)
			}
			run("COMMIT")
			if n := rows(); n != 1 {
				t.Errorf("got %d rows after the commit, want 1", n)
			}
			if err := d.Run(ctx, "INSERT INTO nothing VALUES (1)"); err == nil {
				t.Error("got no error, want one for a table that is not there")
			}
			run("BEGIN", "INSERT INTO notes VALUES ('b')") // and never ends
			if err := d.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}
