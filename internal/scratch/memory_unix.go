//go:build linux || darwin

package scratch

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// freeSharedMemory frees what PostgreSQL servers with their data in a folder left that were killed: a small segment of
// System V, whose key and id are the seventh line of postmaster.pid. One that somebody is attached to stays.
func freeSharedMemory(folder string) {
	files, _ := filepath.Glob(filepath.Join(folder, "*", "data", "postmaster.pid"))
	for _, file := range files {
		text, _ := os.ReadFile(file)
		lines := strings.Split(string(text), "\n")
		if len(lines) < 7 {
			continue
		}
		fields := strings.Fields(lines[6])
		if len(fields) != 2 {
			continue
		}
		id, err := strconv.Atoi(fields[1])
		if err != nil {
			continue
		}
		var segment unix.SysvShmDesc
		if _, err := unix.SysvShmCtl(id, unix.IPC_STAT, &segment); err == nil && segment.Nattch == 0 {
			_, _ = unix.SysvShmCtl(id, unix.IPC_RMID, nil)
		}
	}
}
