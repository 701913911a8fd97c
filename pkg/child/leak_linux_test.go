package child_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

func TestNoDescriptorAndNoZombieIsLeft(t *testing.T) {
	once := func() {
		p, err := child.Start(t.Context(), shell("exit 0"))
		if err != nil {
			t.Fatal(err)
		}
		awaitDone(t, p)
		if _, err := child.Start(t.Context(), child.Spec{Path: "/no/such/command"}); err == nil {
			t.Fatal("got no error, want one")
		}
	}
	once() // the runtime opens what it keeps (epoll) on the first use
	before := entries(t, "/proc/self/fd")
	for range 10 {
		once()
	}
	if after := entries(t, "/proc/self/fd"); after != before {
		t.Errorf("got %d descriptors after 10 starts, want %d as before", after, before)
	}
	for _, task := range list(t, "/proc/self/task") {
		children, err := os.ReadFile("/proc/self/task/" + task + "/children")
		if err != nil {
			t.Skipf("skipped: this kernel does not list children: %v", err)
		}
		if left := strings.TrimSpace(string(children)); left != "" {
			t.Errorf("got children %s, want none", left)
		}
	}
}

func TestTheCommandInheritsNoDescriptor(t *testing.T) {
	// Whoever runs the tests may have handed some down to this process, as flock does: they are not for the command.
	for _, name := range list(t, "/proc/self/fd") {
		if fd, err := strconv.Atoi(name); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
	if _, err := exec.LookPath("ls"); err != nil {
		t.Skipf("skipped: ls is needed to list descriptors: %v", err)
	}
	_, line := started(t, shell(`exec ls /proc/self/fd`))
	var got strings.Builder
	for text := line(); text != "end of output"; text = line() {
		got.WriteString(text + "\n")
	}
	const want = "0\n1\n2\n3\n" // the last is of the folder that ls reads
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("descriptors of the command (-want +got):\n%s", diff)
	}
}

func entries(t *testing.T, folder string) int { return len(list(t, folder)) }

func list(t *testing.T, folder string) []string {
	t.Helper()
	opened, err := os.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()
	names, err := opened.Readdirnames(-1)
	if err != nil {
		t.Fatal(err)
	}
	return names
}
