package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// mostOutput is how much of a command's output is kept, in bytes.
const mostOutput = 1 << 20

// Ran is how a command ended.
type Ran struct {
	Code   int // -1 where a signal ended it
	Signal string
	Output string // standard output and standard error, as they came; its beginning, where it is long
	Cut    bool   // Output is not all
	Left   string // what still ran when it had ended, and was killed: "sleep 1000 (process 123)"; empty for nothing
}

// RunCommand runs a program to its end, with the environment of an application that is told env, and with a text as its
// standard input. When ctx ends before, the program is killed, with its children, and that is the error.
func RunCommand(ctx context.Context, argv []string, env Env) (Ran, error) {
	if err := env.checkTopics(); err != nil {
		return Ran{}, err
	}
	var kept output
	p, err := child.Start(ctx, child.Spec{Path: argv[0], Args: argv[1:], Stdout: &kept, Stderr: &kept,
		Env: slices.Concat(inherited(os.Environ()), unbuffered, env.Environ(""))})
	if err != nil {
		return Ran{}, err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		err = errors.Join(fmt.Errorf("the command had not ended: %w", context.Cause(ctx)), p.Kill())
	}
	code, signal := p.Exit()
	ran := Ran{Code: code, Signal: signal, Left: strings.Join(p.Left(), " and ")}
	ran.Output, ran.Cut = kept.text()
	return ran, errors.Join(err, p.Err())
}

// output keeps the beginning of what is written to it.
type output struct {
	mu   sync.Mutex
	kept []byte
	cut  bool
}

var _ io.Writer = (*output)(nil)

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	room := min(len(p), mostOutput-len(o.kept))
	o.kept, o.cut = append(o.kept, p[:room]...), o.cut || room < len(p)
	return len(p), nil
}

func (o *output) text() (kept string, cut bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.kept), o.cut
}
