package child

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// thread is what /proc/PID/task/TID/stat says of a thread (proc_pid_stat(5)).
type thread struct {
	pid   int
	state byte
	spent time.Duration // of processors
	turns string        // all that the scheduler has counted of it: changes whenever the thread has run
	// how long it has run, or was ready to and had to wait for a processor, as the scheduler counts
	wanted time.Duration
}

// tick is the unit of times there.
const tick = 10 * time.Millisecond

// threads lists those of a process and of its descendants, but for those that have just gone.
func threads(pid int) (all []thread) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	for _, task := range tasks {
		fields := statOf(task)
		if len(fields) < 13 {
			continue
		}
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		turns, _ := os.ReadFile(filepath.Join(task, "schedstat"))
		var ran, waited int64 // stay 0 where the system does not count
		_, _ = fmt.Sscan(string(turns), &ran, &waited)
		all = append(all, thread{pid, fields[0][0], time.Duration(user+system) * tick, string(turns),
			time.Duration(ran + waited)})
		children, _ := os.ReadFile(filepath.Join(task, "children"))
		for _, child := range strings.Fields(string(children)) {
			if id, err := strconv.Atoi(child); err == nil {
				all = append(all, threads(id)...)
			}
		}
	}
	return all
}

// statOf are the fields of a process or thread from its state on (proc_pid_stat(5)): they follow the name, which stands
// in parentheses and may hold some. There are none of one that is gone.
func statOf(folder string) []string {
	stat, err := os.ReadFile(filepath.Join(folder, "stat"))
	if err != nil {
		return nil
	}
	return strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
}

// stopped says whether every thread of a process and of its descendants has stopped. A thread stops at its next way out
// of the kernel, which on a busy machine may take a while: until then it goes on working. One that is gone has stopped
// too, and one in the state D does nothing of its own any more: it waits for a disk, or for a child of vfork that has
// stopped before exec.
func stopped(pid int) bool {
	for _, t := range threads(pid) {
		if !strings.ContainsRune("TtZXD", rune(t.state)) {
			return false
		}
	}
	return true
}

// Work says what the command and its descendants do.
func (p *Process) Work() (w Work) {
	if p.Ended() {
		return w
	}
	all := threads(p.pid)
	for _, t := range all {
		w.Spent += t.spent
		w.Wanted += t.wanted
		ending := t.pid == p.pid && strings.ContainsRune("ZX", rune(t.state))
		w.Held = w.Held || ending || t.state == 'D'
		w.Busy = w.Busy || w.Held || t.state == 'R'
	}
	// One thread may have handed its work to another that was looked at before it. They all slept at one moment only if
	// none has run since the first was looked at. Without threads it has ended, which the watchdog is about to tell.
	w.Busy = w.Busy || len(all) == 0 || !slices.Equal(all, threads(p.pid))
	return w
}
