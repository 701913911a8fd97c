package main

import "syscall"

// ownProcessor is the seconds of processor this process has taken.
func ownProcessor() float64 {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		panic(err) // it has no reason to fail
	}
	var created, exited, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &exited, &kernel, &user); err != nil {
		panic(err)
	}
	seconds := func(t syscall.Filetime) float64 { // in units of 100 ns
		return float64(int64(t.HighDateTime)<<32+int64(t.LowDateTime)) / 1e7
	}
	return seconds(kernel) + seconds(user)
}
