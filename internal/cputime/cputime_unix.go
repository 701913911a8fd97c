//go:build unix

// Package cputime measures processor time.
package cputime

import (
	"syscall"
	"time"
)

// Own is what this process has taken of all cores, in user and in kernel mode.
func Own() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it has no other reason than a wrong argument
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
