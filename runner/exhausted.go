package runner

import (
	"errors"
	"syscall"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// exhausted makes an error one of the environment where the system has no more files or room to give: that is not the
// application's fault, whoever met it first.
func exhausted(err error) error {
	switch {
	case err == nil || outcome.IsEnvironment(err):
		return err
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return outcome.Environmentf(err, "%v; no more files can be opened: raise the limit, as in ulimit -n 4096, or run "+
			"fewer scenarios at once with --parallel", err)
	case errors.Is(err, syscall.ENOSPC):
		return outcome.Environmentf(err, "%v; make room, or set TMPDIR to a folder on another disk", err)
	}
	return err
}
