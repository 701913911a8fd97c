package child

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Executable is a path that starts this program again. It also works while the file is being replaced or has been
// removed, as `go run` and `go test` do.
func Executable() (string, error) {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err == nil {
		return self, nil
	}
	return os.Executable()
}

// commandAttributes has the kernel kill the command should the watchdog itself be killed. That signal follows the
// thread that started the command: here the main one, to which the runtime ties init functions.
func commandAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// watchdogAttributes gives the watchdog a session of its own, which keeps the terminal's Ctrl-C and hang-up away from
// it and the command: the parent decides when they end. One that was stopped goes on when the parent is gone.
func watchdogAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGCONT}
}

// adoptOrphans makes descendants whose parent has ended children of the watchdog, wherever their group or session is.
func adoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// waitUntilEnded reaps adopted orphans and returns when the command has ended, leaving it to be reaped. It tells
// whether SIGKILL ended it.
func waitUntilEnded(pid int) (killed bool) {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WNOWAIT, nil)
		switch ended, status := endOf(&info); {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return false
		case ended == pid:
			return info.Code == signalled && status == int(syscall.SIGKILL)
		default:
			_, _ = syscall.Wait4(ended, nil, syscall.WNOHANG, nil)
		}
	}
}

const signalled = 2 // CLD_KILLED of siginfo.h

// endOf reads si_pid, which follows three ints and stands at the alignment of a pointer, and si_status, which follows
// si_pid and si_uid.
func endOf(info *unix.Siginfo) (pid, status int) {
	const offset = 12 + (unsafe.Sizeof(uintptr(0)) - 4)
	raw := (*[unsafe.Sizeof(*info)]byte)(unsafe.Pointer(info))
	read := func(at uintptr) int { return int(int32(binary.NativeEndian.Uint32(raw[at:]))) }
	return read(offset), read(offset + 8)
}

// survivors lists what the command has started and what still runs, in whatever group or session: all of that are
// children of the watchdog, or theirs. It reaps those that have ended.
func survivors(command int) (running []string) {
	for _, pid := range childrenOf(os.Getpid(), command) {
		if reaped, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); err != nil || reaped == pid {
			continue
		}
		line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		running = append(running, survivor(string(bytes.ReplaceAll(line, []byte{0}, []byte{' '})), pid))
	}
	return running
}

// killOrphans kills all other children of the watchdog, and what they leave behind, until none is left: descendants
// that went into a group or session of their own, as daemons do.
func killOrphans(command int) {
	for {
		children := childrenOf(os.Getpid(), command)
		if len(children) == 0 {
			return
		}
		for _, pid := range children {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		for _, pid := range children {
			for {
				if _, err := syscall.Wait4(pid, nil, 0, nil); !errors.Is(err, syscall.EINTR) {
					break
				}
			}
		}
	}
}

// childrenOf lists the children of parent, except one. /proc/PID/stat is: id (name) state parent …, and the name may
// hold anything.
func childrenOf(parent, except int) []int {
	folder, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	names, _ := folder.Readdirnames(-1)
	_ = folder.Close()
	var children []int
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil || pid == except {
			continue
		}
		stat, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue
		}
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) > 1 && string(fields[1]) == strconv.Itoa(parent) {
			children = append(children, pid)
		}
	}
	return children
}

// bytesWaiting asks how many bytes a pipe holds: FIONREAD, by its other name.
const bytesWaiting = unix.TIOCINQ
