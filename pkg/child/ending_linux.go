package child

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ending says whether a process is about to be no more: it is gone, a zombie, on its way out (PF_EXITING), or a SIGKILL
// waits for it (proc_pid_stat(5), proc_pid_status(5)).
func ending(pid int) bool {
	process := fmt.Sprintf("/proc/%d", pid)
	fields := statOf(process)
	if len(fields) == 0 {
		return true
	}
	const exiting = 0x4
	if len(fields) > 6 {
		flags, _ := strconv.ParseUint(fields[6], 10, 64)
		if strings.Contains("ZX", fields[0]) || flags&exiting != 0 {
			return true
		}
	}
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
