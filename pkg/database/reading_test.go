package database_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/database"
)

// A statement behind the one that reads changes nothing either. Run takes several.
func TestReadsOneStatement(t *testing.T) {
	for name, backend := range backends(t) {
		t.Run(name, func(t *testing.T) {
			d, err := backend.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close(context.Background()) }()
			if err := d.Run(t.Context(), "CREATE TABLE notes (id INTEGER); INSERT INTO notes VALUES (1)"); err != nil {
				t.Fatal(err)
			}
			for _, second := range []string{"DELETE FROM notes", "SET SESSION TRANSACTION READ WRITE; DELETE FROM notes",
				"COMMIT; DELETE FROM notes", "CREATE TABLE others (id INTEGER)"} {
				err := d.Reading(t.Context(), func(conn *sql.Conn) error {
					rows, err := conn.QueryContext(t.Context(), "SELECT 1; "+second)
					if err != nil {
						return err
					}
					for rows.Next() {
						continue
					}
					_ = rows.Close()
					return rows.Err()
				})
				if err == nil {
					t.Errorf("%s: got no error", second)
				}
			}
			var count int
			if err := d.DB.QueryRowContext(t.Context(), "SELECT count(*) FROM notes").Scan(&count); err != nil || count != 1 {
				t.Errorf("got %d rows (%v), want the one that was there", count, err)
			}
			if _, err := d.Table(t.Context(), "others"); err == nil {
				t.Error("got a table that a query has made")
			}
		})
	}
}

// A query that is given up does not go on in the server, and what goes on there does not keep a database from being
// removed.
func TestGivenUp(t *testing.T) {
	asked := map[string]struct{ minute, running string }{
		database.Postgres: {"SELECT pg_sleep(60) FROM notes",
			"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(%'"},
		database.MySQL: {"SELECT benchmark(1000000000, md5('a')) FROM notes", // sleep looks whether it is still wanted
			"SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'SELECT benchmark(%'"},
	}
	for name, backend := range backends(t) {
		ask, ok := asked[name]
		if !ok {
			continue // SQLite has no server
		}
		t.Run(name, func(t *testing.T) {
			d, err := backend.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Run(t.Context(), "CREATE TABLE notes (id INTEGER); INSERT INTO notes VALUES (1)"); err != nil {
				t.Fatal(err)
			}
			giveUp(t, func(ctx context.Context) error {
				return d.Reading(ctx, func(conn *sql.Conn) error {
					return conn.QueryRowContext(ctx, ask.minute).Scan(new(any))
				})
			})
			err = await.Until(t.Context(), await.Options{Within: 5 * time.Second, What: "the query to end"},
				func(ctx context.Context) (bool, error) {
					var running int
					err := d.DB.QueryRowContext(ctx, ask.running).Scan(&running)
					return running == 0, err
				})
			if err != nil {
				t.Error(err)
			}
			giveUp(t, func(ctx context.Context) error { return d.Run(ctx, ask.minute) })
			began := time.Now()
			if err := d.Close(context.Background()); err != nil || time.Since(began) > 10*time.Second {
				t.Errorf("got %v after %v, want the database removed at once", err, time.Since(began))
			}
		})
	}
}

// giveUp does what takes a minute for a moment.
func giveUp(t *testing.T, ask func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := ask(ctx); err == nil {
		t.Error("got an answer to a query that takes a minute")
	}
}
