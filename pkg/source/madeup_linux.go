package source

import (
	"slices"

	"golang.org/x/sys/unix"
)

// madeUp tells whether a file is of a file system whose files come into being as they are read. Some of them, such as
// /proc/kmsg, are regular by their mode and wait for ever.
func madeUp(name string) bool {
	var of unix.Statfs_t
	return unix.Statfs(name, &of) == nil && slices.Contains([]int64{unix.PROC_SUPER_MAGIC, unix.SYSFS_MAGIC,
		unix.DEBUGFS_MAGIC, unix.TRACEFS_MAGIC}, int64(of.Type))
}
