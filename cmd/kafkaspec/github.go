package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/kafkaspec/kafkaspec/runner/report"
)

// mostSummary is how much GitHub takes of the summaries of one step, in bytes.
const mostSummary = 1 << 20

// onGitHub tells GitHub Actions what did not pass, where the command runs in one; nil elsewhere.
func (c *console) onGitHub() report.Writer {
	if os.Getenv("GITHUB_ACTIONS") != "true" {
		return nil
	}
	return func(_ io.Writer, r report.Results) error {
		below := ""
		if here, err := os.Getwd(); err == nil {
			if below, err = filepath.Rel(os.Getenv("GITHUB_WORKSPACE"), here); err != nil || !filepath.IsLocal(below) {
				below = ""
			}
		}
		// Commands are read from both outputs; standard output may be for a program.
		err := report.Annotations(filepath.ToSlash(below))(c.stderr, r)
		if name := os.Getenv("GITHUB_STEP_SUMMARY"); name != "" {
			err = errors.Join(err, appendSummary(name, r))
		}
		return err
	}
}

func appendSummary(name string, r report.Results) error {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write the summary of the job: %w; GITHUB_STEP_SUMMARY names it", err)
	}
	info, err := file.Stat()
	if err == nil && info.Size() < mostSummary {
		err = report.Summary(mostSummary-int(info.Size()))(file, r)
	}
	return errors.Join(err, file.Close())
}
