//go:build unix

package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func TestReadFileOpensNoPipe(t *testing.T) {
	pipe, file := filepath.Join(t.TempDir(), "pipe"), filepath.Join(t.TempDir(), "file")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pipe, "/dev/zero"} {
		if _, err := source.ReadFile(name); !errors.Is(err, source.ErrNotRegular) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := source.ReadFile(file); string(text) != "text" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
}
