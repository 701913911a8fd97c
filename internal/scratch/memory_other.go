//go:build !linux && !darwin

package scratch

// freeSharedMemory has nothing to do where no PostgreSQL is started.
func freeSharedMemory(string) {}
