package child

import (
	"errors"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Executable is a path that starts this program again.
func Executable() (string, error) { return os.Executable() }

func commandAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// watchdogAttributes gives the watchdog a session of its own, which keeps the terminal's Ctrl-C and hang-up away from
// it and the command: the parent decides when they end.
func watchdogAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// macOS has no adoption: descendants that leave the group are not followed.
func adoptOrphans() {}

func killOrphans(int) {}

// survivors lists what the command has started and what still runs in its group.
func survivors(command int) (running []string) {
	const zombie = 5 // SZOMB of sys/proc.h
	group, _ := unix.SysctlKinfoProcSlice("kern.proc.pgrp", command)
	for _, p := range group {
		if pid := int(p.Proc.P_pid); pid != command && p.Proc.P_stat != zombie {
			running = append(running, survivor(unix.ByteSliceToString(p.Proc.P_comm[:]), pid))
		}
	}
	return running
}

// waitUntilEnded returns when the command has ended, leaving it to be reaped. It tells whether SIGKILL ended it.
func waitUntilEnded(pid int) (killed bool) {
	const (
		byPID     = 1    // P_PID of sys/wait.h
		exited    = 0x04 // WEXITED
		noReap    = 0x20 // WNOWAIT
		signalled = 2    // CLD_KILLED of sys/signal.h
		infoLen   = 128  // bytes, at least sizeof(siginfo_t): signo, errno, code, pid, uid, status
	)
	for {
		var info [infoLen / 4]int32
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(pid), uintptr(unsafe.Pointer(&info)),
			exited|noReap, 0, 0)
		if !errors.Is(errno, syscall.EINTR) {
			return errno == 0 && info[2] == signalled && info[5]&0x7f == int32(syscall.SIGKILL)
		}
	}
}

// bytesWaiting asks how many bytes a pipe holds: FIONREAD of <sys/filio.h>.
const bytesWaiting = 0x4004667f
