//go:build !linux && !darwin

package child

import (
	"context"
	"os"
	"syscall"
)

// Start is not supported on this system: it returns ErrUnsupported.
func Start(context.Context, Spec) (*Process, error) { return nil, ErrUnsupported }

// Pause is not supported on this system: it returns ErrUnsupported.
func (p *Process) Pause() error { return ErrUnsupported }

// Resume is not supported on this system: it returns ErrUnsupported.
func (p *Process) Resume() error { return ErrUnsupported }

// Drain has nothing to do on this system.
func (p *Process) Drain() {}

// Work is not known on this system.
func (p *Process) Work() Work { return Work{} }

type output struct{}

func (p *Process) terminate(syscall.Signal) error { return ErrUnsupported }

func signalGroup(int, syscall.Signal) error { return ErrUnsupported }

// Executable is a path that starts this program again.
func Executable() (string, error) { return os.Executable() }
