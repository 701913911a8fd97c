package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// What is told of a child that fails: enough to see why without running it again by hand.
const (
	tailLines  = 20  // of each stream
	tailLength = 500 // bytes of a line; an event of a failed scenario has its whole report in one
)

// child is a process that the suite runs. All are started as one, so that none fails without a word.
type child struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer // all that it wrote, to be read once it has ended
	ended          chan error   // of one that was started: how it ended
}

func newChild(ctx context.Context, program string, arguments ...string) *child {
	c := &child{Cmd: exec.CommandContext(ctx, program, arguments...)}
	c.Stdout, c.Stderr = &c.stdout, &c.stderr
	return c
}

// run waits for the end and returns what was written to standard output, also where it failed.
func (c *child) run() (stdout string, err error) {
	if err := c.Run(); err != nil {
		return c.stdout.String(), c.failure(err)
	}
	return c.stdout.String(), nil
}

// start does not wait; stop does.
func (c *child) start() error {
	if err := c.Start(); err != nil {
		return c.failure(err)
	}
	c.ended = make(chan error, 1)
	go func() { c.ended <- c.Wait() }()
	return nil
}

// stop ends what start began. That it had ended before is an error.
func (c *child) stop() error {
	select {
	case err := <-c.ended:
		if err == nil {
			err = errEndedEarly
		}
		return c.failure(err)
	default:
	}
	_ = c.Process.Signal(syscall.SIGTERM) // it may end in this moment, which is as good
	err := <-c.ended
	if _, exited := errors.AsType[*exec.ExitError](err); exited { // by the signal, or in order: Java exits with 143
		return nil
	}
	return err
}

// processor is the seconds of processor that a child took, once it has ended.
func (c *child) processor() float64 {
	return (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
}

var errEndedEarly = errors.New("an end before it was told to")

// failure says why a child failed: on its first line how it ended, and below it the command and the last lines of each
// stream.
func (c *child) failure(err error) error {
	name := filepath.Base(c.Path)
	if c.ProcessState == nil {
		return fmt.Errorf("start %s: %w; see whether it is installed, the command was:\n$ %s", name, err, c.line())
	}
	lines := slices.Concat(last(c.stdout.String()), last(c.stderr.String()))
	if len(lines) == 0 {
		return fmt.Errorf("got %w from %s, want it to succeed; it wrote nothing, run it by itself:\n$ %s", err, name,
			c.line())
	}
	return fmt.Errorf("got %w from %s, want it to succeed; see its command and the last it wrote:\n$ %s\n%s", err, name,
		c.line(), strings.Join(lines, "\n"))
}

// line is the command, each word with a space in it quoted.
func (c *child) line() string {
	words := slices.Clone(c.Args)
	for i, word := range words {
		if strings.ContainsAny(word, " \n") {
			words[i] = strconv.Quote(word)
		}
	}
	return strings.Join(words, " ")
}

// last are the last lines of a stream, also one that has not ended. Each stream has last lines of its own: what is said
// on standard error is not to be lost behind a busy standard output.
func last(text string) []string {
	if text == "" {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	lines = lines[max(len(lines)-tailLines, 0):]
	for i, line := range lines {
		lines[i] = cut(line)
	}
	return lines
}

// cut is a line, or its beginning where it is long.
func cut(line string) string {
	if len(line) <= tailLength {
		return line
	}
	return strings.ToValidUTF8(line[:tailLength], "") + fmt.Sprintf("… (%d bytes)", len(line))
}
