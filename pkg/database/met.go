package database

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// faults are what was done to a database, and whether an application met it. The zero value is ready.
type faults struct {
	mu  sync.Mutex
	all []*fault
}

type fault struct {
	name string // as a step says it
	met  bool
}

// begin notes a fault that strikes from now on.
func (f *faults) begin(name string) *fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	one := &fault{name: name}
	f.all = append(f.all, one)
	return one
}

func (f *faults) meet(one *fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one != nil {
		one.met = true
	}
}

// meetAll is for evidence that an application has used the database since all of them.
func (f *faults) meetAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.all {
		one.met = true
	}
}

// isMet is true of a fault that was met already.
func (f *faults) isMet(one *fault) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return one.met
}

// Unmet names the faults that no application has met.
func (f *faults) Unmet() (names []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.all {
		if !one.met {
			names = append(names, one.name)
		}
	}
	return names
}

// usage finds out whether an application uses an SQLite file, which no server stands before: one has it open, or has
// changed it.
type usage struct {
	file string
	db   *sql.DB

	mu      sync.Mutex
	watch   *sql.Conn
	version int64 // of the data, as the watching connection sees it
}

// changed is true once somebody else has changed the data since the last call of look.
func (u *usage) changed(ctx context.Context) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	before, first := u.version, u.watch == nil
	return u.read(ctx) == nil && !first && u.version != before
}

// look takes what the data are now for known: it was the scenario itself that has changed them.
func (u *usage) look(ctx context.Context) {
	u.mu.Lock()
	defer u.mu.Unlock()
	_ = u.read(ctx) // a database that cannot be asked fails where it is used
}

func (u *usage) read(ctx context.Context) (err error) {
	if u.watch == nil {
		if u.watch, err = u.db.Conn(ctx); err != nil {
			return err
		}
	}
	return u.watch.QueryRowContext(ctx, "PRAGMA data_version").Scan(&u.version)
}

func (u *usage) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.watch != nil {
		_ = u.watch.Close() // the database is closed next
		u.watch = nil
	}
}

// sampling is how often it is looked who has the file open.
const sampling = 200 * time.Millisecond

// opened is true where an application has the file open: another process, or one in this process, whose descriptors are
// more than the scenario's own. Where descriptors cannot be listed (not on Linux) it is taken for opened.
func (u *usage) opened() bool {
	if runtime.GOOS != "linux" {
		return true
	}
	count, name := 0, u.file
	if plain, err := filepath.EvalSymlinks(name); err == nil { // a folder for temporary files may be a link
		name = plain
	}
	connections := u.db.Stats().OpenConnections
	found, _ := filepath.Glob("/proc/[0-9]*/fd/*") // its only error is a bad pattern
	own := filepath.Join("/proc", strconv.Itoa(os.Getpid()))
	for _, descriptor := range found {
		if target, err := os.Readlink(descriptor); err != nil || target != name {
			continue
		}
		switch process := filepath.Dir(filepath.Dir(descriptor)); {
		case process == own:
			count++
		case !begins(process, own):
			return true
		}
	}
	// One that is opened or closed meanwhile is counted before, or after.
	return count > max(connections, u.db.Stats().OpenConnections)
}

// begins is true of a process that another one is about to start: until it runs its own program, it has all that the
// other one has, its arguments too. The two are folders of /proc.
func begins(process, by string) bool {
	arguments, err := os.ReadFile(filepath.Join(process, "cmdline"))
	if err != nil {
		return true // it is over, or runs its program by now, and is seen at the next look
	}
	own, err := os.ReadFile(filepath.Join(by, "cmdline"))
	return err == nil && bytes.Equal(arguments, own)
}
