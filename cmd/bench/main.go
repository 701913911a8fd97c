// Command bench compares kafkaspec with what else there is, and writes one table: Markdown and JSON. `make bench` runs
// it.
//
// Every comparison is made in turns, repeated, on the same broker with records of the same size, acks=all and
// idempotence; the table has the lowest, the middle and the highest value of each. A ratio is that of the middle values
// of one run: figures of two runs, or of two machines, say little beside each other. A peer that is not installed is
// left out, by name and with the reason.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
)

// options are the flags.
type options struct {
	quick  bool
	out    string
	repeat int
	only   *regexp.Regexp // of section names; nil: all
}

func main() {
	app.Main(reference.Lookup) // does not return where this process was started as a watchdog
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	var o options
	var only string
	flag.BoolVar(&o.quick, "quick", false, "few records and one turn each: to see that everything works")
	flag.StringVar(&o.out, "out", "bench/out", "folder for benchmarks.md and benchmarks.json")
	flag.IntVar(&o.repeat, "repeat", 3, "turns of each comparison")
	flag.StringVar(&only, "only", "", "regular expression of the sections to run")
	flag.Parse()
	if o.quick {
		o.repeat = 1
	}
	var err error
	if o.only, err = regexp.Compile(only); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	work, err := os.MkdirTemp("", "kafkaspec-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	s := &suite{options: o, work: work, table: table{Taken: time.Now().UTC().Truncate(time.Second), Machine: machine(),
		Quick: o.quick, Repeat: o.repeat}}
	s.all(ctx)
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	s.table.Took = time.Since(s.table.Taken).Round(time.Second).String()
	return errors.Join(ctx.Err(), s.table.write(filepath.Join(o.out, "benchmarks.md"), table.markdown),
		s.table.write(filepath.Join(o.out, "benchmarks.json"), table.json))
}
