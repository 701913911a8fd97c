package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	output := &mavenOutput{what: d.Name, progress: progress, reported: time.Now()}
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
	what     string
	progress io.Writer
	reported time.Time
	rest     []byte
	files    int
	first    string // the first error; Maven follows it with general advice
	last     string
}

var (
	mavenError = regexp.MustCompile(`^\[ERROR\] (.*\S)`)
	terminal   = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// Write implements io.Writer, for one goroutine at a time.
func (m *mavenOutput) Write(text []byte) (int, error) {
	m.rest = append(m.rest, text...)
	for {
		line, rest, whole := bytes.Cut(m.rest, []byte("\n"))
		if !whole {
			return len(text), nil
		}
		m.rest = rest
		m.line(strings.TrimSpace(terminal.ReplaceAllString(string(line), "")))
	}
}

func (m *mavenOutput) line(line string) {
	if line != "" {
		m.last = line
	}
	if found := mavenError.FindStringSubmatch(line); found != nil && m.first == "" {
		m.first = found[1]
	}
	if !strings.Contains(line, "Downloaded from ") {
		return
	}
	m.files++
	if time.Since(m.reported) >= fetchProgressEvery {
		m.reported = time.Now()
		_, _ = fmt.Fprintf(m.progress, "fetching %s: %d files\n", m.what, m.files)
	}
}

func (m *mavenOutput) failure() string {
	if m.first != "" {
		return m.first
	}
	return m.last
}
