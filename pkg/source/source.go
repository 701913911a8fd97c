// Package source says where in a user's files something stands, and gives errors such a place. No other type carries a
// position, and no error text is parsed to get one.
package source

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Place is a line of a file. The zero value stands for what is in no file, such as a flag.
type Place struct {
	File string // as the user knows it, relative or absolute
	Line int    // counted from 1; 0 means the whole file
}

// String is file:line, the file alone where no line is known, and "" for no file.
func (p Place) String() string {
	if p.Line == 0 || p.File == "" {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Extent is where the text of a line begins and ends, in bytes: without the blanks around it.
func Extent(line []byte) (from, to int) {
	to = len(bytes.TrimRight(line, " \t\r"))
	return to - len(bytes.TrimLeft(line[:to], " \t")), to
}

// Errorf makes an error that stands here. It takes what fmt.Errorf takes.
func (p Place) Errorf(format string, arguments ...any) *Error {
	return &Error{Place: p, Err: fmt.Errorf(format, arguments...)}
}

// Advise says what to do about it.
func (e *Error) Advise(hint string) *Error {
	e.Hint = hint
	return e
}

// Wrap gives err this place, unless it has one of its own. It is nil for nil.
func (p Place) Wrap(err error) error {
	if err == nil || Known(err) {
		return err
	}
	return &Error{Place: p, Err: err}
}

// Known tells whether an error, or one that it wraps, has a place.
func Known(err error) bool {
	_, ok := errors.AsType[*Error](err)
	return ok
}

// Error is a mistake of the user at its place. It prints as "file:line: message".
type Error struct {
	Place
	Err  error
	Hint string // what to do, shown on a line of its own; may be empty
}

func (e *Error) Error() string {
	text := e.Err.Error()
	if place := e.String(); place != "" {
		text = place + ": " + text
	}
	if e.Hint != "" {
		text += "\n    " + e.Hint
	}
	return text
}

// Unwrap gives the error without its place.
func (e *Error) Unwrap() error { return e.Err }

// Errors are all mistakes that were found together. They print one under the other.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each of them to errors.Is and errors.As.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// Err is nil for none, and else Errors sorted by place, without repetitions.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	sorted := slices.Clone(e)
	slices.SortStableFunc(sorted, func(a, b *Error) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	return slices.CompactFunc(sorted, func(a, b *Error) bool { return a.Error() == b.Error() })
}
