package cluster

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// stopGrace is the time a broker has for an orderly shutdown, which moves its leaders away first.
const stopGrace = 30 * time.Second

// broker is one Apache Kafka process and what stays of it while it is down: its ports, data and log.
type broker struct {
	id      int32
	folder  string // holds server.properties, data and server.log
	command func(arguments ...string) child.Spec

	mu      sync.Mutex
	process *child.Process // nil before the first start
	wanted  bool           // should run now; a process that ended although wanted has died
	paused  bool
}

func (b *broker) logFile() string    { return filepath.Join(b.folder, "server.log") }
func (b *broker) configFile() string { return filepath.Join(b.folder, "server.properties") }
func (b *broker) dataFolder() string { return filepath.Join(b.folder, "data") }

// start starts the process; it is not ready yet when start returns.
func (b *broker) start(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running() {
		return fmt.Errorf("broker %d runs already; stop or kill it first", b.id)
	}
	log, err := os.OpenFile(b.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	spec := b.command("kafka.Kafka", b.configFile())
	spec.Stdout, spec.Stderr, spec.Dir, spec.Grace = log, log, b.folder, stopGrace
	// The process outlives the scenario that may have started it again, so what follows it must not carry the scenario's
	// label.
	again := unlabelled(ctx)
	process, err := child.Start(ctx, spec)
	again()
	if err != nil {
		return err
	}
	b.process, b.wanted, b.paused = process, true, false
	return nil
}

// running needs the mutex.
func (b *broker) running() bool {
	return b.process != nil && !b.process.Ended()
}

// end stops or kills the process. A broker that is not running is an error: the scenario is not where it thinks it is.
func (b *broker) end(by func(*child.Process) error) error {
	b.mu.Lock()
	process, running := b.process, b.running()
	if running {
		b.wanted, b.paused = false, false
	}
	b.mu.Unlock() // stopping takes seconds, in which others may ask for the state
	if !running {
		return fmt.Errorf("broker %d is not running; start it first", b.id)
	}
	return by(process)
}

func (b *broker) pause() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.running() || b.paused {
		return fmt.Errorf("broker %d is not running, or paused already; start or resume it first", b.id)
	}
	b.paused = true
	return b.process.Pause()
}

func (b *broker) resume() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.running() || !b.paused {
		return fmt.Errorf("broker %d is not paused; pause it first", b.id)
	}
	b.paused = false
	return b.process.Resume()
}

// state is what to do to have the broker back: start it if down, or about to be; resume it if paused.
func (b *broker) state() (down, paused bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.wanted || !b.running(), b.paused
}

// discard kills the process, paused or not, when nobody needs its data any more.
func (b *broker) discard() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wanted = false
	if b.process == nil {
		return nil
	}
	return b.process.Kill()
}

// health is an error when the process ended without having been asked to.
func (b *broker) health() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.wanted || b.process != nil && b.process.Lives() {
		return nil
	}
	return &deathError{broker: b.id, how: b.process.How(), log: logSummary(b.logFile())}
}

// deathError is a broker that died.
type deathError struct {
	broker int32
	how    string
	log    string
}

func (e *deathError) Error() string {
	return fmt.Sprintf("broker %d of the local cluster ended %s; its last log lines:\n%s", e.broker, e.how, e.log)
}

// Unwrap makes it one of the environment.
func (e *deathError) Unwrap() error { return &outcome.Environment{Text: e.how} }

// portTaken tells that another process took a port between choosing it and the broker's start.
func (e *deathError) portTaken() bool {
	return strings.Contains(e.log, "Address already in use") || strings.Contains(e.log, "failed to bind to")
}

const (
	// lastLines and firstErrors are how much of a broker's log an error shows. What went wrong stands before what the
	// broker says of its shutdown, which is long.
	lastLines   = 10
	firstErrors = 3
	// logEnd is how much of a log is looked at.
	logEnd = 256 << 10
)

// logSummary is the first errors in the end of a log and its last lines, indented.
func logSummary(name string) string {
	file, err := os.Open(name)
	if err != nil {
		return "  (no log: " + err.Error() + ")"
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.Size() > logEnd {
		_, _ = file.Seek(-logEnd, io.SeekEnd)
	}
	text, _ := io.ReadAll(io.LimitReader(file, logEnd))
	lines := strings.Split(string(bytes.TrimSpace(text)), "\n")
	end := max(0, len(lines)-lastLines)
	var shown []string
	for i, line := range lines[:end] {
		if strings.Contains(line, " ERROR ") || strings.Contains(line, " FATAL ") {
			shown = append(shown, lines[i:min(i+2, end)]...) // with the exception, if it has one
		}
		if len(shown) >= 2*firstErrors {
			break
		}
	}
	if shown != nil {
		shown = append(shown, "…")
	}
	return "  " + strings.Join(append(shown, lines[end:]...), "\n  ")
}
