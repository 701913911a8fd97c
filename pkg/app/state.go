package app

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// errInProcess is what Kill, Pause and Resume return for an application in this process.
var errInProcess = outcome.NotApplicablef("an application in this process cannot be killed, paused or resumed; run " +
	"it as a process")

// Phase is where an application stands.
type Phase string

// The phases. Those from Stopped on are ends.
const (
	Starting Phase = "starting" // started, not known to be ready
	Running  Phase = "running"  // ready
	Paused   Phase = "paused"
	Stopping Phase = "stopping" // told to stop, or being killed
	Stopped  Phase = "stopped"  // ended because it was told to
	Killed   Phase = "killed"   // ended by Kill, or by Stop after the grace
	Exited   Phase = "exited"   // ended by itself
	Failed   Phase = "failed"   // in process: returned an error, panicked, or does not stop
)

// Alive tells whether an application in this phase runs.
func (p Phase) Alive() bool { return p == Starting || p == Running || p == Paused || p == Stopping }

// State is a phase and, at the end, how it came.
type State struct {
	Phase  Phase
	Code   int    // exit code; -1 when a signal ended it
	Signal string // the signal that ended it, as in SIGKILL
	Left   string // what it had started and left running: names and ids of processes
	Err    error  // of a failed one
}

// String completes "the application is …": "running", "exited with code 3", "failed: …".
func (s State) String() string {
	if s.Left == "" {
		return s.phase()
	}
	return s.phase() + " and left running what it had started: " + s.Left
}

func (s State) phase() string {
	switch {
	case s.Phase == Failed:
		return fmt.Sprintf("failed: %v", s.Err)
	case s.Phase.Alive():
		return string(s.Phase)
	case s.Signal != "":
		return fmt.Sprintf("%s by %s", s.Phase, s.Signal)
	case s.Phase == Exited || s.Code != 0:
		return fmt.Sprintf("%s with exit code %d", s.Phase, s.Code)
	}
	return string(s.Phase)
}
