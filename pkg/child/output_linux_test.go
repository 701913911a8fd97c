package child

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// last keeps the newest line that was passed on.
type last struct {
	mu   sync.Mutex
	text string
}

func (l *last) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = string(b)
	return len(b), nil
}

// What a command had written before it told us so was passed on when Drain returns, each of ten thousand times.
func TestDrainPassesOnAllThatWasWritten(t *testing.T) {
	const times = 10_000
	folder := t.TempDir()
	pipes := map[string]*os.File{}
	for _, name := range []string{"asked", "told"} {
		file := filepath.Join(folder, name)
		if err := unix.Mkfifo(file, 0o600); err != nil {
			t.Fatal(err)
		}
		pipe, err := os.OpenFile(file, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = pipe.Close() })
		pipes[name] = pipe
	}
	var lines last
	p, err := Start(t.Context(), Spec{Path: "sh", Args: []string{"-c", fmt.Sprintf(
		`exec 3<%s/asked 4>%s/told; while read n <&3; do echo "line $n"; echo told >&4; done`, folder, folder)},
		Stdout: &lines})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	told := bufio.NewReader(pipes["told"])
	for n := range times {
		if _, err := fmt.Fprintln(pipes["asked"], n); err != nil {
			t.Fatal(err)
		}
		if _, err := told.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		p.Drain()
		lines.mu.Lock()
		got := lines.text
		lines.mu.Unlock()
		if want := fmt.Sprintf("line %d\n", n); !strings.HasSuffix(got, want) {
			t.Fatalf("got %q, want %q to have been passed on", got, want)
		}
	}
}
