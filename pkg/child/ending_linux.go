package child

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ending says whether a process is about to be no more: it is gone, a zombie, on its way out (PF_EXITING), or a SIGKILL
// waits for it (proc_pid_stat(5), proc_pid_status(5)). The signal is looked at first: one that has ended meanwhile has
// no signals any more, and its state then says so.
func ending(pid int) bool {
	process := fmt.Sprintf("/proc/%d", pid)
	if isKilled(process) {
		return true
	}
	fields := statOf(process)
	if len(fields) < 7 {
		return true
	}
	const exiting = 0x4
	flags, _ := strconv.ParseUint(fields[6], 10, 64)
	return strings.Contains("ZX", fields[0]) || flags&exiting != 0
}

// isKilled says whether a SIGKILL waits for a process.
func isKilled(process string) bool {
	status, _ := os.ReadFile(filepath.Join(process, "status"))
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		const sigkill = 1 << (9 - 1)
		if pending, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64); err == nil && pending&sigkill != 0 &&
			(name == "SigPnd" || name == "ShdPnd") {
			return true
		}
	}
	return false
}
