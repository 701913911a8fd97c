//go:build !linux

package app

// listener is not known on this system.
func listener(string) string { return "" }
