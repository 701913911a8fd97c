package cluster

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const (
	workPattern = "kafkaspec-brokers-"
	workLock    = "in-use"
)

// tryLock takes the lock of a file, creating it if need be. It is false when another process has the lock. Closing it
// gives it back, and so does the end of this process, whatever ends it.
func tryLock(name string) (*flock.Flock, bool, error) {
	lock := flock.New(name, flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	return lock, locked, err
}

// newWorkFolder makes a temporary folder that is this process's as long as it lives.
func newWorkFolder() (folder string, release func() error, err error) {
	sweepWorkFolders(os.TempDir())
	if folder, err = os.MkdirTemp("", workPattern); err != nil {
		return "", nil, outcome.Environmentf(err,
			"cannot make a temporary folder for the brokers' data: %v; make room, or set TMPDIR", err)
	}
	// Locked before it has its name: a sweep of another process must never see it unlocked.
	lock, locked, err := tryLock(filepath.Join(folder, workLock+".new"))
	if err == nil && locked {
		err = os.Rename(filepath.Join(folder, workLock+".new"), filepath.Join(folder, workLock))
	}
	if err != nil || !locked {
		return "", nil, outcome.Environmentf(err, "cannot lock the folder for the brokers' data %s: %v; set TMPDIR to a "+
			"folder on a local disk", folder, err)
	}
	return folder, func() error {
		defer func() { _ = lock.Close() }()
		return os.RemoveAll(folder)
	}, nil
}

// sweepWorkFolders deletes what runs left that were killed before they could: folders whose lock is free.
func sweepWorkFolders(parent string) {
	names, _ := fs.Glob(os.DirFS(parent), workPattern+"*")
	for _, name := range names {
		folder := filepath.Join(parent, name)
		if _, err := os.Stat(filepath.Join(folder, workLock)); err != nil {
			continue
		}
		if lock, free, err := tryLock(filepath.Join(folder, workLock)); err == nil && free {
			_ = os.RemoveAll(folder)
			_ = lock.Close()
		}
	}
}
