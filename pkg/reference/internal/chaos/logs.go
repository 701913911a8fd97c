package chaos

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// dumpPatience is how long a process may take to write its goroutines.
const dumpPatience = 5 * time.Second

// logs keeps all lines of a run's instances in one file, where somebody asked for that.
type logs struct {
	file  *os.File // nil: nobody asked
	began time.Time
}

func openLogs(p Plan, seed int64) (*logs, error) {
	folder := testenv.ChaosLogs()
	if folder == "" {
		return &logs{}, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return &logs{}, fmt.Errorf("keep the logs: %w", err)
	}
	file, err := os.Create(filepath.Join(folder, fmt.Sprintf("%s-%d.log", filepath.Base(p.Reference), seed)))
	if err != nil {
		return &logs{}, fmt.Errorf("keep the logs: %w", err)
	}
	return &logs{file: file, began: time.Now()}, nil
}

// Line implements app.Sink. A line that cannot be kept is no reason to fail a run.
func (l *logs) Line(instance, line string) {
	if l.file != nil {
		_, _ = fmt.Fprintf(l.file, "%6dms %s %s\n", time.Since(l.began).Milliseconds(), instance, line)
	}
}

// Event implements app.Sink.
func (l *logs) Event(string, string, map[string]string) {}

// goroutines has a process of Go write what its goroutines do, and end: after a failure.
func (l *logs) goroutines(ctx context.Context, a *app.App) {
	if l.file == nil || a.PID() == 0 {
		return
	}
	if process, err := os.FindProcess(a.PID()); err == nil {
		_ = process.Signal(syscall.SIGQUIT)
	}
	late := time.NewTimer(dumpPatience)
	defer late.Stop()
	select {
	case <-a.Done():
	case <-late.C:
	case <-ctx.Done():
	}
}

func (l *logs) close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
