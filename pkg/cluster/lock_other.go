//go:build !unix

package cluster

import "os"

// tryLock locks nothing here: child processes, and so local brokers, are not supported on this system.
func tryLock(name string) (*os.File, bool, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	return file, err == nil, err
}
