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

// adoptOrphans makes descendants whose parent has ended children of the watchdog, wherever their group or session is.
func adoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// waitUntilEnded reaps adopted orphans and returns when the command has ended, leaving it to be reaped.
func waitUntilEnded(pid int) {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WNOWAIT, nil)
		switch ended := endedPID(&info); {
		case errors.Is(err, unix.EINTR):
		case err != nil || ended == pid:
			return
		default:
			_, _ = syscall.Wait4(ended, nil, syscall.WNOHANG, nil)
		}
	}
}

// endedPID reads si_pid, which follows three ints and stands at the alignment of a pointer.
func endedPID(info *unix.Siginfo) int {
	const offset = 12 + (unsafe.Sizeof(uintptr(0)) - 4)
	raw := (*[unsafe.Sizeof(*info)]byte)(unsafe.Pointer(info))
	return int(int32(binary.NativeEndian.Uint32(raw[offset:])))
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
