package child

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// stopped says whether every thread of a process and of its descendants has stopped, by /proc/PID/task/TID/stat
// (proc_pid_stat(5)). A thread stops at its next way out of the kernel, which on a busy machine may take a while: until
// then it goes on working. One that is gone has stopped too, and one in the state D does nothing of its own any more:
// it waits for a disk, or for a child of vfork that has stopped before exec.
func stopped(pid int) bool {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	for _, task := range tasks {
		stat, err := os.ReadFile(filepath.Join(task, "stat"))
		if err != nil {
			continue
		}
		// The state follows the name, which stands in parentheses and may hold some.
		if _, state, ok := bytes.Cut(stat[bytes.LastIndexByte(stat, ')')+1:], []byte(" ")); ok &&
			!strings.ContainsRune("TtZXD", rune(state[0])) {
			return false
		}
		children, _ := os.ReadFile(filepath.Join(task, "children"))
		for _, child := range strings.Fields(string(children)) {
			var id int
			if _, err := fmt.Sscan(child, &id); err == nil && !stopped(id) {
				return false
			}
		}
	}
	return true
}
