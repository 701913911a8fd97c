// Package cputime measures processor time.
package cputime

import (
	"syscall"
	"time"
)

// Own is what this process has taken of all cores, in user and in kernel mode.
func Own() time.Duration {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		panic(err) // it has no reason to fail
	}
	var created, exited, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &exited, &kernel, &user); err != nil {
		panic(err)
	}
	lasted := func(t syscall.Filetime) time.Duration { // in units of 100 ns
		return time.Duration(int64(t.HighDateTime)<<32+int64(t.LowDateTime)) * 100
	}
	return lasted(kernel) + lasted(user)
}
