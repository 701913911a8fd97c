//go:build unix

package main

import (
	"syscall"
	"time"
)

// ownProcessor is the seconds of processor this process has taken.
func ownProcessor() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it has no other reason than a wrong argument
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}
