package runner

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// exhausted makes an error one of the environment where the system has no more files or room to give: that is not the
// application's fault, whoever met it first.
func exhausted(err error) error {
	switch {
	case err == nil || strings.Contains(err.Error(), raiseFiles):
		return err
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return outcome.Environmentf(err, "%v; no more files can be opened: %s", err, raiseFiles)
	case outcome.IsEnvironment(err):
		return err
	case errors.Is(err, syscall.ENOSPC):
		return outcome.Environmentf(err, "%v; make room, or set TMPDIR to a folder on another disk", err)
	}
	return err
}

const raiseFiles = "raise the limit, as in ulimit -n 4096, or run fewer scenarios at once with --parallel"

// fileReserve is how many files this process must be able to open at any time; each connection needs one to four.
const fileReserve = 6

// filesLeft is an error of the environment where no more files can be opened.
func filesLeft() error {
	for range fileReserve {
		file, err := os.Open(os.DevNull)
		if err != nil {
			return exhausted(fmt.Errorf("cannot open more files and connections: %w", err))
		}
		defer func() { _ = file.Close() }()
	}
	return nil
}

// outOfFiles is an error of the environment where a connection of the scenario came to nothing since this process could
// open no more files, or where it still cannot: that is not the application's fault.
func outOfFiles(facts *journal.Journal) error {
	failed := facts.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.Connected && strings.Contains(f.Error, syscall.EMFILE.Error())
	})
	if len(failed) == 0 {
		return filesLeft()
	}
	return exhausted(fmt.Errorf("a connection of application %q: %w", failed[0].App, syscall.EMFILE))
}
