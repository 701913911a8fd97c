// Package outcome holds the errors that decide what becomes of a scenario or a run, whatever raised them.
package outcome

import (
	"errors"
	"fmt"
)

// NotApplicable says that the cluster, the database or the application lacks a power that is needed. It ends a scenario
// without passing or failing it.
type NotApplicable struct{ Reason string }

// NotApplicablef takes what fmt.Sprintf takes.
func NotApplicablef(format string, arguments ...any) error {
	return &NotApplicable{fmt.Sprintf(format, arguments...)}
}

func (e *NotApplicable) Error() string { return "not applicable: " + e.Reason }

// IsNotApplicable tells whether err is, or wraps, a *NotApplicable.
func IsNotApplicable(err error) bool {
	_, ok := errors.AsType[*NotApplicable](err)
	return ok
}

// Environment is an error that lies around the specification and not in it: a cluster that cannot be reached, no Java,
// jars that cannot be fetched. A run that meets one has no result.
type Environment struct {
	Text  string // for people, with what to do
	Cause error  // may be nil; Text says what is worth saying of it
}

// Environmentf makes an *Environment. It takes what fmt.Sprintf takes behind the cause.
func Environmentf(cause error, format string, arguments ...any) error {
	return &Environment{fmt.Sprintf(format, arguments...), cause}
}

func (e *Environment) Error() string { return e.Text }

// Unwrap gives the cause.
func (e *Environment) Unwrap() error { return e.Cause }

// IsEnvironment tells whether err is, or wraps, an *Environment.
func IsEnvironment(err error) bool {
	_, ok := errors.AsType[*Environment](err)
	return ok
}
