//go:build linux || darwin

package child

import (
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// output passes on what a command writes to one of its outputs. It reads the pipe by itself, so that at any moment all
// that has been written so far can be passed on: see drain.
type output struct {
	read, write *os.File
	ended       chan struct{}
	err         error // of the reading; valid after ended

	mu     sync.Mutex // held while bytes are on their way from the pipe to the writer
	into   io.Writer
	buffer []byte
}

func newOutput(into io.Writer) (*output, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	return &output{read: read, write: write, ended: make(chan struct{}), into: into, buffer: make([]byte, 32<<10)}, nil
}

// follow passes everything on until the command, and what it started, has closed the pipe.
func (o *output) follow() {
	defer close(o.ended)
	defer func() { _ = o.read.Close() }()
	raw, err := o.read.SyscallConn()
	for err == nil {
		var n int
		var failed error
		err = raw.Read(func(fd uintptr) bool {
			o.mu.Lock()
			defer o.mu.Unlock()
			n, failed = o.take(int(fd))
			return !errors.Is(failed, unix.EAGAIN)
		})
		if err == nil && n == 0 && failed == nil {
			return // the end
		}
		err = errors.Join(err, failed)
	}
	o.err = err
}

// take passes on what can be read at once. The caller holds the lock.
func (o *output) take(fd int) (int, error) {
	for {
		n, err := unix.Read(fd, o.buffer)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if n > 0 {
			_, err = o.into.Write(o.buffer[:n])
		}
		return max(n, 0), err
	}
}

// drain passes on what is in the pipe now, and what was taken out of it before, and returns when that is done.
func (o *output) drain() {
	raw, err := o.read.SyscallConn()
	if err != nil {
		return // closed: all was passed on
	}
	_ = raw.Control(func(fd uintptr) {
		o.mu.Lock()
		defer o.mu.Unlock()
		left, err := unix.IoctlGetInt(int(fd), bytesWaiting)
		for err == nil && left > 0 {
			var n int
			if n, err = o.take(int(fd)); n == 0 {
				return
			}
			left -= n
		}
	})
}

// finish waits for the end of the output, at most for a time: what the command has left behind may hold the pipe open.
func (o *output) finish(within time.Duration) error {
	_ = o.read.SetReadDeadline(time.Now().Add(within)) // it fails when the end was read
	<-o.ended
	return o.err
}
