package dbwriter

import (
	"fmt"
	"os"
)

// The points at which the setting crash-at kills the application. They are for tests of what a crash leaves behind.
const (
	beforeWrite = "before-write"
	afterWrite  = "after-write"  // and, where that is the order, before the commit
	afterCommit = "after-commit" // and, for at-most-once, before the write
)

// crash kills this process, as the kernel or an operator would (SIGKILL), when the settings ask for it here and now. A
// table remembers that it has been done, so that the application can be started again as it is.
func (w *writer) crash(point string) error {
	if w.settings.CrashAt != point || w.rounds != w.settings.CrashBatch {
		return nil
	}
	if _, err := w.store.db.Exec(`CREATE TABLE IF NOT EXISTS crashes (point TEXT PRIMARY KEY)`); err != nil {
		return fmt.Errorf("remember the crash: %w", err)
	}
	done, err := w.store.db.Exec(`INSERT INTO crashes (point) VALUES ($1) ON CONFLICT DO NOTHING`, point)
	if err != nil {
		return fmt.Errorf("remember the crash: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	w.log.Warn("warning", "text", "crash-at "+point+": killing myself")
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		return fmt.Errorf("crash: %w", err)
	}
	select {} // until the signal arrives
}
