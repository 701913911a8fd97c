package child

import (
	"bytes"
	"strings"
	"sync"
)

// Tail keeps the end of what is written to it, for errors to show. The zero value is empty, and keeps 16 KiB. It is
// safe for concurrent use.
type Tail struct {
	Most int // bytes that are kept; 0: 16 KiB

	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer. It never fails.
func (t *Tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	most := t.Most
	if most == 0 {
		most = 16 << 10
	}
	t.text = append(t.text, text...)
	if over := len(t.text) - most; over > 0 {
		t.text = t.text[over-1:]
		_, whole, more := bytes.Cut(t.text, []byte{'\n'})
		if more {
			t.text = whole
		}
	}
	return len(text), nil
}

// Last gives up to n lines, without their ends.
func (t *Tail) Last(n int) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSuffix(string(t.text), "\n"), "\n")
	if lines[0] == "" && len(lines) == 1 {
		return nil
	}
	return lines[max(0, len(lines)-max(0, n)):]
}
