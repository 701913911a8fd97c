package clients_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// driver is a program that carries out rows with one client, for as long as the tests of that client last.
type driver struct {
	command []string
	process *exec.Cmd
	ask     io.WriteCloser
	answers chan string
	tail    *tail
}

// carryOut gives the program a row, and returns the line that it answers with. A program that does not answer in time
// is ended, and the next row gets a new one. Trap is how a line may begin that is no result; "" for none.
func (d *driver) carryOut(ctx context.Context, t *testing.T, line, trap string) string {
	t.Helper()
	if d.process == nil {
		d.start(t)
	}
	d.tail.reset()
	if _, err := fmt.Fprintln(d.ask, line); err != nil {
		d.stop()
		t.Fatalf("cannot give %q the row: %v\n%s", d.command[0], err, d.tail)
	}
	select {
	case said, open := <-d.answers:
		if !open {
			d.stop()
			t.Fatalf("the driver has ended\n%s", d.tail)
		}
		if !strings.HasPrefix(said, "result ") && (trap == "" || !strings.HasPrefix(said, trap)) {
			t.Fatalf("%s\n%s", said, d.tail)
		}
		return said
	case <-ctx.Done():
		d.stop()
		t.Fatalf("no answer within %v\n%s", patience, d.tail)
	}
	return ""
}

func (d *driver) start(t *testing.T) {
	t.Helper()
	d.process, d.tail = exec.Command(d.command[0], d.command[1:]...), new(tail)
	d.process.Stderr = d.tail
	d.process.WaitDelay = 5 * time.Second
	var err error
	if d.ask, err = d.process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := d.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.process.Start(); err != nil {
		d.process = nil
		t.Fatal(err)
	}
	answers := make(chan string, 1)
	d.answers = answers
	go func() {
		defer close(answers)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if line := lines.Text(); strings.HasPrefix(line, "result ") || strings.HasPrefix(line, "error ") {
				answers <- line
			}
		}
	}()
}

// stop ends the program at once: whatever it had to do it has done.
func (d *driver) stop() {
	if d.process == nil {
		return
	}
	_ = d.process.Process.Kill()
	for range d.answers { // until its output has ended, which Wait must not come before
	}
	_ = d.process.Wait()
	d.process = nil
}

// tail keeps the end of what a program says of a row.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailBytes = 6000

func (b *tail) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = append(b.text, p...)
	if over := len(b.text) - tailBytes; over > 0 {
		b.text = b.text[over:]
	}
	return len(p), nil
}

func (b *tail) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = nil
}

func (b *tail) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.text)
}
