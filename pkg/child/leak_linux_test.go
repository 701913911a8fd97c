package child_test

import (
	"os"
	"os/exec"
	"strings"
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
	direct, err := exec.Command("ls", "/proc/self/fd").Output() // whoever runs the tests may hand some down
	if err != nil {
		t.Skipf("skipped: ls is needed to list descriptors: %v", err)
	}
	_, line := started(t, shell(`exec ls /proc/self/fd`))
	var got strings.Builder
	for text := line(); text != "end of output"; text = line() {
		got.WriteString(text + "\n")
	}
	if diff := cmp.Diff(string(direct), got.String()); diff != "" {
		t.Errorf("descriptors of the command (-when run directly +got):\n%s", diff)
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
