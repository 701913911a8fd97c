package cluster

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// fetchProgressEvery keeps the progress of some hundred files calm.
const fetchProgressEvery = 2 * time.Second

// runMaven puts what the pom names into the libs folder.
func (d Download) runMaven(ctx context.Context, maven, pom, libs string, progress io.Writer) error {
	limited, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	output := &mavenOutput{Tail: child.Tail{Most: 1 << 20}, what: d.Name, progress: progress, reported: time.Now()}
	process, err := child.Start(limited, child.Spec{
		Path: maven,
		Args: []string{"--batch-mode", "--file", pom, "dependency:" + d.Goal, "-DincludeScope=runtime",
			"-DoutputDirectory=" + libs},
		Dir:    filepath.Dir(pom),
		Stdout: output, Stderr: output,
	})
	if err != nil {
		return outcome.Environmentf(err, "cannot run Maven: %v", err)
	}
	select {
	case <-process.Done():
	case <-limited.Done():
		return errors.Join(outcome.Environmentf(limited.Err(), "fetching %s with Maven was given up: %v", d.Name,
			context.Cause(limited)), process.Kill())
	}
	if code, signal := process.Exit(); code != 0 {
		return outcome.Environmentf(nil, "fetching %s with Maven failed (exit code %d%s): %s; check the network and Maven's "+
			"settings.xml, or %s",
			d, code, signal, output.failure(), d.Instead)
	}
	return nil
}

// mavenOutput counts what Maven says it fetched and keeps what it says went wrong.
type mavenOutput struct {
	child.Tail
	what     string
	progress io.Writer
	reported time.Time
	files    int
}

var (
	mavenError = regexp.MustCompile(`^\[ERROR\] (.*\S)`)
	terminal   = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// Write implements io.Writer, for one goroutine at a time.
func (m *mavenOutput) Write(text []byte) (int, error) {
	m.files += bytes.Count(text, []byte("Downloaded from "))
	if m.files > 0 && time.Since(m.reported) >= fetchProgressEvery {
		m.reported = time.Now()
		_, _ = fmt.Fprintf(m.progress, "fetching %s: %d files\n", m.what, m.files)
	}
	return m.Tail.Write(text)
}

// failure is the first error, which Maven follows with general advice, or else the last line.
func (m *mavenOutput) failure() (last string) {
	for _, line := range m.Last(math.MaxInt) {
		line = strings.TrimSpace(terminal.ReplaceAllString(line, ""))
		if found := mavenError.FindStringSubmatch(line); found != nil {
			return found[1]
		}
		last = cmp.Or(line, last)
	}
	return last
}
