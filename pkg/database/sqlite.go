package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// files are SQLite databases, each in a folder for temporary files.
type files struct {
	mu   sync.Mutex
	open map[string]bool // their folders, until they are removed
	died error           // what Health found
}

func (f *files) String() string { return "SQLite" }

// Close reports that a database's folder had failed before.
func (f *files) Close(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.died
}

// takesFile writes as much as SQLite does at the least.
func takesFile(folder string) error {
	file, err := os.CreateTemp(folder, "probe-")
	if err != nil {
		return err
	}
	_, err = file.Write(make([]byte, 64<<10))
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

// Health is an error of the environment once a database's folder takes no file, such as when the disk is full.
func (f *files) Health() error {
	f.mu.Lock() // until all were tried: a folder is not removed while there is a file of ours in it
	defer f.mu.Unlock()
	for _, folder := range slices.Sorted(maps.Keys(f.open)) {
		if err := takesFile(folder); err != nil && f.died == nil {
			f.died = outcome.Environmentf(err, "the folder of a scenario's database takes no file any more: %v; make room "+
				"there, or set TMPDIR to another folder", err)
		}
	}
	return f.died
}

func (f *files) Open(context.Context) (*Database, error) {
	folder, release, err := scratch.Folder("database")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "database.sqlite")
	// WAL lets the scenario read while an application writes.
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	if err == nil {
		err = db.Ping()
	}
	if err != nil {
		return nil, errors.Join(outcome.Environmentf(err, "cannot make the SQLite database %s: %v", file, err),
			release())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open[folder] = true
	power := &lock{db: db, usage: usage{file: file, db: db}}
	return &Database{URL: "sqlite:///" + file, DB: db, Power: power, discard: func(context.Context) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.open, folder)
		return release()
	}, tables: sqliteTables, guard: [2]string{"PRAGMA query_only=ON", "PRAGMA query_only=OFF"}}, nil
}

// lock disturbs an SQLite database, which no server stands before: it takes the only right to write.
type lock struct {
	db     *sql.DB
	faults faults
	usage  usage

	mu  sync.Mutex
	end func() // of the goroutine that holds it; nil for none
}

func (l *lock) take(ctx context.Context) (*sql.Conn, error) {
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the database: %w", err), conn.Close())
	}
	return conn, nil
}

func give(conn *sql.Conn) error {
	_, err := conn.ExecContext(context.Background(), "ROLLBACK")
	return errors.Join(err, conn.Close())
}

func (l *lock) Stop(ctx context.Context) error {
	return l.hold(ctx, math.MaxInt64, "the database is stopped")
}

func (l *lock) Start(context.Context) error {
	l.mu.Lock()
	end := l.end
	l.end = nil
	l.mu.Unlock()
	if end != nil {
		end()
	}
	return nil
}

func (l *lock) Slow(by time.Duration) error { return l.hold(context.Background(), by, slowBy(by)) }

// breath is how long a slow database can be had between two times that it cannot. A client that waits for the lock
// looks about every 100 ms.
const breath = 150 * time.Millisecond

// hold keeps the database locked but for moments, so that a write waits for up to the given time.
func (l *lock) hold(ctx context.Context, by time.Duration, name string) error {
	_ = l.Start(ctx) // it never fails
	conn, err := l.take(ctx)
	if err != nil {
		return err
	}
	if l.usage.changed(ctx) {
		l.faults.meetAll()
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	fault := l.faults.begin(name)
	done.Go(func() { l.watch(ctx, fault) })
	done.Go(func() {
		for {
			if err == nil {
				pause(ctx, by)
				_ = give(conn) // at worst the connection is broken, and with it the lock
			}
			pause(ctx, breath)
			if ctx.Err() != nil {
				return
			}
			conn, err = l.take(ctx)
		}
	})
	l.mu.Lock()
	l.end = func() { cancel(); done.Wait() }
	l.mu.Unlock()
	return nil
}

// watch looks whether an application meets a fault.
func (l *lock) watch(ctx context.Context, fault *fault) {
	for !l.faults.isMet(fault) {
		if l.usage.opened() {
			l.faults.meet(fault)
		}
		if ctx.Err() != nil {
			return
		}
		pause(ctx, sampling)
	}
}

// Unmet takes for met also what an application has written to before or since.
func (l *lock) Unmet() []string {
	names := l.faults.Unmet()
	if len(names) > 0 && l.usage.changed(context.Background()) {
		return nil
	}
	return names
}

func (l *lock) Ran(ctx context.Context) { l.usage.look(ctx) }

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (l *lock) close(ctx context.Context) error {
	err := l.Start(ctx)
	l.usage.close()
	return err
}
