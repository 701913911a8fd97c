package scratch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
)

// The shared memory of a PostgreSQL server that was killed is freed with its folder.
func TestSharedMemoryIsFreed(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, 4096, 0o600|unix.IPC_CREAT)
	if err != nil {
		t.Skipf("no shared memory of System V here: %v", err)
	}
	held, kill := hold(t)
	data := filepath.Join(held, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	pid := fmt.Sprintf("1\n%s\n1\n5432\n\n127.0.0.1\n  17 %9d\nready\n", data, id)
	if err := os.WriteFile(filepath.Join(data, "postmaster.pid"), []byte(pid), 0o600); err != nil {
		t.Fatal(err)
	}
	kill()
	scratch.Sweep()
	var segment unix.SysvShmDesc
	if _, err := unix.SysvShmCtl(id, unix.IPC_STAT, &segment); err == nil {
		t.Error("got the segment of a server that was killed, want it freed")
		_, _ = unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	}
}
