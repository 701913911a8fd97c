package database_test

import (
	"context"
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
				`CREATE VIEW late AS SELECT * FROM "user"`} {
				if _, err := d.DB.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			for name, want := range map[string]string{"user": `."user"`, "USER": `."user"`, "orderlines": `."OrderLines"`,
				"late": `."late"`} {
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
			if err == nil || !strings.Contains(err.Error(), `did you mean "user"? it has "OrderLines", "late"`) {
				t.Errorf("got %v, want the table that is near", err)
			}
		})
	}
}
