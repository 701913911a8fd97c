package child

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

// Executable is a path that starts this program again.
func Executable() (string, error) { return os.Executable() }

func commandAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// macOS has no adoption: descendants that leave the group are not followed.
func adoptOrphans() {}

func killOrphans(int) {}

// waitUntilEnded returns when the command has ended, leaving it to be reaped.
func waitUntilEnded(pid int) {
	const (
		byPID   = 1    // P_PID of sys/wait.h
		exited  = 0x04 // WEXITED
		noReap  = 0x20 // WNOWAIT
		infoLen = 128  // bytes, at least sizeof(siginfo_t)
	)
	for {
		var info [infoLen / 8]uint64
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(pid), uintptr(unsafe.Pointer(&info)),
			exited|noReap, 0, 0)
		if !errors.Is(errno, syscall.EINTR) {
			return
		}
	}
}

// bytesWaiting asks how many bytes a pipe holds: FIONREAD of <sys/filio.h>.
const bytesWaiting = 0x4004667f
