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

	"github.com/kafkaspec/kafkaspec/fixtures/kafka"
	"github.com/kafkaspec/kafkaspec/pkg/app/child"
)

// fetchProgressEvery keeps the progress of some hundred files calm.
const fetchProgressEvery = 2 * time.Second

// runMaven copies the jars the pom names to the libs folder.
func runMaven(ctx context.Context, maven, pom, libs string, progress io.Writer) error {
	limited, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	output := &mavenOutput{progress: progress, reported: time.Now()}
	process, err := child.Start(limited, child.Spec{
		Path:   maven,
		Args:   []string{"--batch-mode", "--file", pom, "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=" + libs},
		Dir:    filepath.Dir(pom),
		Stdout: output, Stderr: output,
	})
	if err != nil {
		return environment(err, "cannot run Maven: %v", err)
	}
	select {
	case <-process.Done():
	case <-limited.Done():
		return errors.Join(environment(limited.Err(), "fetching Apache Kafka with Maven was given up: %v", context.Cause(limited)), process.Kill())
	}
	if code, signal := process.Exit(); code != 0 {
		return environment(nil, "fetching Apache Kafka %s with Maven failed (exit code %d%s): %s; check the network and Maven's settings.xml, or set KAFKA_HOME to an unpacked Apache Kafka, or use --cluster embedded",
			kafka.Version(), code, signal, output.failure())
	}
	return nil
}

// mavenOutput counts what Maven says it fetched and keeps what it says went wrong.
type mavenOutput struct {
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
		_, _ = fmt.Fprintf(m.progress, "fetching Apache Kafka: %d files\n", m.files)
	}
}

func (m *mavenOutput) failure() string {
	if m.first != "" {
		return m.first
	}
	return m.last
}
