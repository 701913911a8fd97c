package source

import (
	"errors"
	"io/fs"
	"os"
)

// ErrNotRegular says that something is a pipe, a device or a socket, which may have no end or never begin.
var ErrNotRegular = errors.New("not a regular file")

// ReadFile reads a file as os.ReadFile does, and refuses what is not one before it is opened: a pipe that nobody writes
// to would wait for ever. A folder is refused by the system, in its own words.
func ReadFile(name string) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrNotRegular}
	}
	return os.ReadFile(name)
}
