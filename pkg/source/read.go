package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrNotRegular says that something is a pipe, a device, a socket or a file that the system makes up as it is read, as
// below /proc, which may have no end or never begin.
var ErrNotRegular = errors.New("not a regular file")

// mostBytes bounds a file that is held in memory.
const mostBytes = 256 << 20

// ReadFile reads a file as os.ReadFile does, and refuses what Readable does.
func ReadFile(name string) ([]byte, error) { return ReadFileUpTo(name, mostBytes) }

// ReadFileUpTo is ReadFile with another bound on the file's size.
func ReadFileUpTo(name string, most int64) ([]byte, error) {
	if info, err := os.Stat(name); err == nil {
		err := readable(info, most)
		if err == nil && !info.IsDir() && madeUp(name) {
			err = ErrNotRegular
		}
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
	return os.ReadFile(name)
}

// Readable refuses a file before it is opened: a pipe, as it would wait for ever for somebody who writes to it, a
// device, or a file that would fill the memory. A folder is refused by the system, in its own words.
func Readable(info fs.FileInfo) error { return readable(info, mostBytes) }

func readable(info fs.FileInfo, most int64) error {
	switch {
	case info.IsDir():
	case !info.Mode().IsRegular():
		return ErrNotRegular
	case info.Size() > most:
		return fmt.Errorf("got a file of %d bytes, want at most %d", info.Size(), most)
	}
	return nil
}
