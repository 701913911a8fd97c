package cluster

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/progress"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// runMaven puts what the pom names into the libs folder.
func (d Download) runMaven(ctx context.Context, maven, pom, libs string, out io.Writer) error {
	limited, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	bar := progress.On(out)
	defer bar.End()
	output := &mavenOutput{Tail: child.Tail{Most: 1 << 20}, bar: bar,
		done: progress.Done{What: "fetching " + d.Name, Unit: "bytes", Total: int64(d.Megabytes) * 1e6}}
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

// mavenOutput adds up what Maven says it fetched, and keeps what it says went wrong.
type mavenOutput struct {
	child.Tail
	bar  *progress.Bar
	done progress.Done
}

var (
	mavenFetched = regexp.MustCompile(`Downloaded from \S+ \S+ \(([\d.]+) (B|kB|MB) at`)

	mavenError = regexp.MustCompile(`^\[ERROR\] (.*\S)`)
	terminal   = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// Write implements io.Writer, for one goroutine at a time.
func (m *mavenOutput) Write(text []byte) (int, error) {
	for _, found := range mavenFetched.FindAllSubmatch(text, -1) {
		size, _ := strconv.ParseFloat(string(found[1]), 64) // the pattern has digits only
		m.done.Done += int64(size * map[string]float64{"B": 1, "kB": 1e3, "MB": 1e6}[string(found[2])])
	}
	m.bar.Set(m.done)
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
