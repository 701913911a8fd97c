package database

import (
	"fmt"
	"os/exec"
	"runtime"
	"testing"
)

// A process that is about to be started has all that this one has open, until it runs its own program: it is none that
// uses the database. Until then its arguments are those of this one.
func TestOneThatBeginsUsesNoDatabase(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("processes can be looked at on Linux only")
	}
	other := exec.Command("sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	const own = "/proc/self"
	for process, want := range map[string]bool{
		own:            true, // as its copy looks
		"/proc/999999": true, // it has ended
		fmt.Sprintf("/proc/%d", other.Process.Pid): false,
	} {
		if got := begins(process, own); got != want {
			t.Errorf("%s: got %v, want %v", process, got, want)
		}
	}
}
