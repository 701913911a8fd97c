package database_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"   // the driver "mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// client opens a database as an application would.
func client(t *testing.T, d *database.Database) *sql.DB {
	t.Helper()
	driver, source := "pgx", d.URL
	if file, ok := strings.CutPrefix(d.URL, "sqlite:///"); ok {
		driver, source = "sqlite", "file:"+file+"?_pragma=busy_timeout(20)&_txlock=immediate"
	}
	if strings.HasPrefix(d.URL, "mysql://") {
		driver, source = "mysql", dsn(t, d.URL)
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// dsn is the address of a MySQL server as its driver takes it.
func dsn(t *testing.T, address string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	config := mysql.NewConfig()
	config.User = parsed.User.Username()
	config.Passwd, _ = parsed.User.Password()
	config.Net, config.Addr, config.DBName = "tcp", parsed.Host, strings.TrimPrefix(parsed.Path, "/")
	return config.FormatDSN()
}

func write(t *testing.T, db *sql.DB) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := db.ExecContext(ctx, "INSERT INTO notes (text) VALUES ('a')")
	return err
}

// Each scenario has its own tables; a database that is stopped takes no write, one that is slow takes it later, and
// nothing is left.
func TestDatabases(t *testing.T) {
	for name, backend := range backends(t) {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			first, err := backend.Open(ctx)
			if err != nil {
				t.Fatal(err)
			}
			second, err := backend.Open(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range []*database.Database{first, second} {
				if _, err := d.DB.ExecContext(ctx, "CREATE TABLE notes (text TEXT)"); err != nil {
					t.Fatal(err)
				}
			}
			db := client(t, first)
			if err := write(t, db); err != nil {
				t.Fatal(err)
			}
			if err := first.Stop(ctx); err != nil {
				t.Fatal(err)
			}
			if err := write(t, db); err == nil {
				t.Error("got a write to a database that is stopped")
			}
			if err := write(t, client(t, second)); err != nil {
				t.Errorf("got %v, want the other scenario's database to go on", err)
			}
			if err := first.Start(ctx); err != nil {
				t.Fatal(err)
			}
			if err := write(t, db); err != nil {
				t.Errorf("got %v, want a write to a database that was started again", err)
			}
			var count int
			if err := first.DB.QueryRowContext(ctx, "SELECT count(*) FROM notes").Scan(&count); err != nil || count != 2 {
				t.Errorf("got %d rows (%v), want 2", count, err)
			}
			if err := first.Reading(ctx, func(conn *sql.Conn) error {
				if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM notes").Scan(&count); err != nil {
					return err
				}
				_, err := conn.ExecContext(ctx, "DELETE FROM notes")
				return err
			}); err == nil || count != 2 {
				t.Errorf("got %v after %d rows were read, want a reader that cannot delete", err, count)
			}
			if _, err := first.DB.ExecContext(ctx, "DELETE FROM notes"); err != nil {
				t.Errorf("got %v, want the connections to change things again", err)
			}
			_ = db.Close()
			for _, d := range []*database.Database{first, second, second} {
				if err := d.Close(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestSlow(t *testing.T) {
	const by = 300 * time.Millisecond
	for name, backend := range backends(t) {
		t.Run(name, func(t *testing.T) {
			d, err := backend.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close(context.Background()) }()
			if _, err := d.DB.ExecContext(t.Context(), "CREATE TABLE notes (text TEXT)"); err != nil {
				t.Fatal(err)
			}
			db := client(t, d)
			if err := write(t, db); err != nil {
				t.Fatal(err)
			}
			if err := d.Slow(by); err != nil {
				t.Fatal(err)
			}
			began, slowest := time.Now(), time.Duration(0)
			for range 5 { // with SQLite it is locked most of the time, not all of it
				one := time.Now()
				for write(t, db) != nil && time.Since(began) < 10*time.Second {
					continue
				}
				slowest = max(slowest, time.Since(one))
			}
			if slowest < by/2 {
				t.Errorf("got %v for the slowest write, want about %v", slowest, by)
			}
			_ = db.Close()
		})
	}
}

func TestWrongChoices(t *testing.T) {
	for choice, want := range map[string]string{
		"oracle":                        `got database "oracle", want sqlite, postgres, mysql, or an address`,
		"mongodb://u:s3cret@h/d":        `with scheme "mongodb"`,
		"mysql://u:s3cret@h/d?tls=on":   "tls=on, want tls=true",
		"mysql://u:s3cret@a,b/d":        "several hosts",
		"mysql://u%3Av:s3cret@h/d":      "a colon",
		"mysql:///d":                    "without a host",
		"mysql://u:s3cret@h:port/%d":    "no URL",
		"postgres:///d":                 "without a host",
		"postgres://u:s3cret@h:port/%d": "no URL",
	} {
		if err := database.Check(choice); err == nil || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: got %v, want an error with %q, without the password", choice, err, want)
		}
	}
	for _, kind := range []string{"postgres", "mysql"} {
		backend, err := database.New(t.Context(), kind+"://u:s3cret@127.0.0.1:1/d", nil)
		if backend != nil || !outcome.IsEnvironment(err) ||
			!strings.Contains(err.Error(), "cannot reach the database "+kind+"://u:xxxxx@127.0.0.1:1/d") ||
			strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want one of the environment that names the address without the password", err)
		}
	}
}
