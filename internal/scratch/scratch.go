// Package scratch gives folders for temporary files that do not outlive this process for long: what a process leaves
// that is killed, the next one sweeps.
//
// All folders of a process stand in one, which has a lock. The system gives the lock back when the process ends,
// whatever ends it, so that a folder whose lock is free is nobody's any more.
package scratch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	pattern  = "kafkaspec-work-"
	lockName = "in-use"
)

// home is the folder of this process, which is there as long as it has folders in it.
var home struct {
	sync.Mutex
	folder string
	lock   *flock.Flock
	inUse  int
}

// TryLock takes the lock of a file, creating it if need be. It is false when another process has the lock. Closing it
// gives it back, and so does the end of this process.
func TryLock(name string) (*flock.Flock, bool, error) {
	lock := flock.New(name, flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	return lock, locked, err
}

// Folder makes a folder, for what names it, and returns it with what deletes it. Its error is outcome.Environment.
func Folder(what string) (folder string, release func() error, err error) {
	home.Lock()
	defer home.Unlock()
	if home.inUse == 0 {
		err = open()
	}
	if err == nil {
		folder, err = os.MkdirTemp(home.folder, what+"-")
	}
	if err != nil {
		return "", nil, outcome.Environmentf(err, "cannot make a temporary folder: %v; make room, or set TMPDIR to another "+
			"folder on a local disk", err)
	}
	home.inUse++
	var once sync.Once
	return folder, func() (err error) {
		once.Do(func() {
			err = os.RemoveAll(folder)
			home.Lock()
			defer home.Unlock()
			if home.inUse--; home.inUse == 0 {
				err = errors.Join(err, os.RemoveAll(home.folder), home.lock.Close())
			}
		})
		return err
	}, nil
}

// open makes the folder of this process.
func open() error {
	Sweep()
	folder, err := os.MkdirTemp("", pattern)
	if err != nil {
		return err
	}
	if err := os.Chmod(folder, 0o711); err != nil { // another user may run what has its files in there
		return err
	}
	// Locked before it has its name: a sweep of another process must never see it unlocked.
	made := filepath.Join(folder, lockName+".new")
	lock, locked, err := TryLock(made)
	if err == nil && !locked {
		err = errors.New("it is locked already")
	}
	if err == nil {
		err = os.Rename(made, filepath.Join(folder, lockName))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("lock %s: %w", folder, err), os.RemoveAll(folder))
	}
	home.folder, home.lock = folder, lock
	return nil
}

// Sweep deletes the folders of processes that have ended, and the shared memory of their databases. What it cannot
// delete stays.
func Sweep() {
	folders, _ := filepath.Glob(filepath.Join(os.TempDir(), pattern+"*"))
	for _, folder := range folders {
		name := filepath.Join(folder, lockName)
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			if Abandoned(folder) {
				_ = os.RemoveAll(folder)
			}
			continue
		}
		lock, free, err := TryLock(name)
		if err != nil || !free {
			continue
		}
		freeSharedMemory(folder)
		_ = os.RemoveAll(folder)
		_ = lock.Close()
	}
}

// atWork is far longer than a process needs to go on with what it has begun to make or to delete.
const atWork = time.Minute

// Abandoned says of a file or folder without a lock that its process was killed while it made or deleted it: nothing
// has happened to it for a minute.
func Abandoned(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && time.Since(info.ModTime()) > atWork
}
