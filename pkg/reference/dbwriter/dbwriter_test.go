package dbwriter_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

func newFile(t testing.TB) string { return filepath.Join(t.TempDir(), "rows.db") }

func env(file string) app.Env {
	return app.Env{Name: "writer", Group: "writers", Inputs: []string{"orders"}, Database: "sqlite:" + file}
}

// rows counts the rows of each "partition/offset".
func rows(ctx context.Context, file string) (map[string]int, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	return count(ctx, db)
}

func count(ctx context.Context, db *sql.DB) (map[string]int, error) {
	found, err := db.QueryContext(ctx, `SELECT source_partition, source_offset FROM records`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	counts := map[string]int{}
	for found.Next() {
		var partition, offset int64
		if err := found.Scan(&partition, &offset); err != nil {
			return nil, err
		}
		counts[fmt.Sprintf("%d/%d", partition, offset)]++
	}
	return counts, found.Err()
}

func execute(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, l *lab.Lab, partitions, each int) {
	t.Helper()
	for p := range partitions {
		var values []string
		for i := range each {
			values = append(values, fmt.Sprintf("value %d", i))
		}
		l.Values(t, "orders", int32(p), values...)
	}
}

// Every mode writes each record once while nothing goes wrong, also over a restart.
func TestModesWriteEachRecordOnce(t *testing.T) {
	for _, mode := range []string{"at-most-once", "at-least-once", "exactly-once"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			l, file := lab.New(t), newFile(t)
			l.Topic(t, "orders", 2)
			for _, total := range []int{100, 200} {
				fill(t, l, 2, 100)
				run := l.Start(t, dbwriter.Run, env(file), "mode: "+mode+"\nbatch: 30")
				l.UntilCommitted(t, "writers", "orders", map[int32]int64{0: int64(total), 1: int64(total)})
				if err := run.Stop(t); err != nil {
					t.Fatal(err)
				}
				got, err := rows(t.Context(), file)
				if err != nil {
					t.Fatal(err)
				}
				for p := range 2 {
					for i := range total {
						if n := got[fmt.Sprintf("%d/%d", p, i)]; n != 1 {
							t.Errorf("got %d rows of partition %d offset %d, want 1", n, p, i)
						}
					}
				}
			}
		})
	}
}

// Exactly-once believes the database, whatever the group says.
func TestStartsFromTheDatabase(t *testing.T) {
	l, file := lab.New(t), newFile(t)
	l.Topic(t, "orders", 1)
	fill(t, l, 1, 20)
	first := l.Start(t, dbwriter.Run, env(file), "")
	first.Until(t, 1, "msg=committed ", "offset=20 ")
	if err := first.Stop(t); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Admin.DeleteGroups(l.Ctx, "writers"); err != nil {
		t.Fatal(err)
	}
	fill(t, l, 1, 5)
	second := l.Start(t, dbwriter.Run, env(file), "")
	second.Until(t, 1, "msg=committed ", "offset=25 ")
	got, err := rows(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 25 {
		t.Errorf("got rows of %d records, want 25", len(got))
	}
	for place, n := range got {
		if n != 1 {
			t.Errorf("got %d rows of %s, want one", n, place)
		}
	}
}

// A row that is refused ends the application with the record's place; nothing of its round is there, and nothing is
// committed.
func TestRefusedRowEndsIt(t *testing.T) {
	l, file := lab.New(t), newFile(t)
	l.Topic(t, "orders", 1)
	execute(t, file, `CREATE TABLE records (source_topic TEXT, source_partition INTEGER, source_offset BIGINT, key TEXT, value TEXT CHECK (value <> 'bad'))`)
	l.Values(t, "orders", 0, "good", "bad", "good")
	err := l.Start(t, dbwriter.Run, env(file), "").Wait(t)
	for _, part := range []string{"topic orders partition 0 offset 1", "CHECK constraint failed",
		"correct what it complains of"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want an error with %q", err, part)
		}
	}
	if got, err := rows(t.Context(), file); err != nil || len(got) != 0 {
		t.Errorf("got rows %v (%v), want none", got, err)
	}
	if got := l.Committed(t, "writers", "orders"); len(got) != 0 {
		t.Errorf("got committed offsets %v, want none", got)
	}
}

// While another holds the database locked, nothing is written or committed; afterwards all is.
func TestLockedDatabaseIsWaitedFor(t *testing.T) {
	l, file := lab.New(t), newFile(t)
	l.Topic(t, "orders", 1)
	run := l.Start(t, dbwriter.Run, env(file), "retry-backoff: 10ms\nretry-backoff-max: 50ms")
	run.Until(t, 1, "msg=assigned ")
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=exclusive&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	fill(t, l, 1, 10)
	run.Until(t, 1, "msg=retrying ", "database is locked")
	if got := l.Committed(t, "writers", "orders"); len(got) != 0 {
		t.Errorf("got committed offsets %v while the database is locked, want none", got)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	run.Until(t, 1, "msg=committed ", "offset=10 ")
	if got, err := rows(t.Context(), file); err != nil || len(got) != 10 {
		t.Errorf("got rows of %d records (%v), want 10", len(got), err)
	}
}

func TestGivesUp(t *testing.T) {
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	for _, address := range []string{"postgres://kafkaspec:s3cret@127.0.0.1:1/none?connect_timeout=1",
		"mysql://kafkaspec:s3cret@127.0.0.1:1/none"} {
		e := env("")
		e.Database = address
		err := l.Start(t, dbwriter.Run, e, "give-up-after: 100ms\nretry-backoff: 10ms").Wait(t)
		if err == nil || !strings.Contains(err.Error(), "gave up after") || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want an error that says when it gave up, without the password", err)
		}
	}
}

func TestBadAddressesAndSettings(t *testing.T) {
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	readOnly := newFile(t)
	execute(t, readOnly, `CREATE TABLE other (a INTEGER)`)
	garbage := newFile(t)
	if err := os.WriteFile(garbage, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ database, settings, want string }{
		{"", "", "got no address, want sqlite:FILE, postgres://"},
		{"mongodb://root@db/x", "", `got an address with scheme "mongodb"`},
		{"mysql://u:s3cret@h/x?tls=on", "", "invalid value / unknown config name: on"},
		{"sqlite:", "", "without a file"},
		{"postgres://u:s3cret@h:99999999/x", "", "cannot parse"},
		{"sqlite:" + readOnly + "?mode=ro", "", "attempt to write a readonly database"},
		{"sqlite:" + garbage, "", "file is not a database"},
		{"sqlite:" + filepath.Join(filepath.Dir(garbage), "none", "x.db"), "", "unable to open database file"},
		{"sqlite:x", "mode: twice", `setting mode: got "twice"`},
		{"sqlite:x", "table: Orders; --", "setting table: got"},
		{"sqlite:x", "batch: 0", "batch 0"},
	} {
		t.Run(c.want, func(t *testing.T) {
			e := env("")
			e.Database = c.database
			err := l.Start(t, dbwriter.Run, e, c.settings+"\ngive-up-after: 1s").Wait(t)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v, want an error with %q, without the password", err, c.want)
			}
		})
	}
}

// Two members, one of which leaves: each record is written once.
func TestHandoverRepeatsNothing(t *testing.T) {
	l, file := lab.New(t), newFile(t)
	l.Topic(t, "orders", 4)
	fill(t, l, 4, 200)
	first := l.Start(t, dbwriter.Run, env(file), "batch: 20\nheartbeat-interval: 50ms")
	first.Until(t, 5, "msg=committed ")
	other := env(file)
	other.Name = "writer2"
	second := l.Start(t, dbwriter.Run, other, "batch: 20\nheartbeat-interval: 50ms")
	second.Until(t, 1, "msg=assigned ")
	fill(t, l, 4, 200)
	if err := first.Stop(t); err != nil {
		t.Fatal(err)
	}
	l.UntilCommitted(t, "writers", "orders", map[int32]int64{0: 400, 1: 400, 2: 400, 3: 400})
	got, err := rows(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1600 {
		t.Errorf("got rows of %d records, want 1600", len(got))
	}
	for place, n := range got {
		if n != 1 {
			t.Errorf("got %d rows of %s, want one", n, place)
		}
	}
}

// A frozen member may wake up between being given a partition and claiming it, and claim it when it is another's
// already. The group says whose it is, and the rightful owner takes it back, before there is any row and afterwards.
func TestLateClaimIsTakenBack(t *testing.T) {
	l, file := lab.New(t), newFile(t)
	l.Topic(t, "orders", 1)
	run := l.Start(t, dbwriter.Run, env(file), "batch: 10")
	run.Until(t, 1, "msg=assigned ")
	l.Values(t, "orders", 0, "first") // so that it is certain to have claimed it
	l.UntilCommitted(t, "writers", "orders", map[int32]int64{0: 1})
	execute(t, file, `DELETE FROM records`)
	execute(t, file, `UPDATE consumer_offsets SET next_offset = -1`) // as if nothing had been written yet
	for round := range 2 {
		execute(t, file, `UPDATE consumer_offsets SET epoch = epoch + 1`)
		fill(t, l, 1, 50)
		run.Until(t, round+1, "msg=warning ", "fenced: ")
		l.UntilCommitted(t, "writers", "orders", map[int32]int64{0: int64(1 + 50*(round+1))})
	}
	got, err := rows(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 101 {
		if n := got[fmt.Sprintf("0/%d", i)]; n != 1 {
			t.Errorf("got %d rows of offset %d, want 1", n, i)
		}
	}
}
