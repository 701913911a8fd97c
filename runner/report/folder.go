package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
)

// ResultsFile is the file of a report folder from which all others can be written again.
const ResultsFile = "results.json"

// File is one of a report folder.
type File struct {
	Name  string
	Write Writer
}

// WriteFolder writes the results in every form of this package, and in others, into a folder that exists, without the
// secrets. A form that cannot be written keeps no other from being written.
func WriteFolder(folder string, d *Redactor, r Results, others ...File) error {
	var failed error
	r = redacted(d, r)
	for _, f := range append([]File{{"junit.xml", JUnit}, {"ctrf.json", CTRF}, {"cucumber.ndjson", Cucumber},
		{ResultsFile, JSON}}, others...) {
		err := WriteFile(filepath.Join(folder, f.Name), func(file *os.File) error { return f.Write(file, r) })
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("write the report %s: %w", f.Name, err))
		}
	}
	return failed
}

// WriteFile gives a file its content as a whole or not at all: it is written beside it, synced and renamed, so that
// whoever looks meanwhile, or after a crash or on a full disk, sees what was there before.
func WriteFile(name string, write func(*os.File) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), unfinished)
	if err != nil {
		return err
	}
	err = errors.Join(write(file), file.Sync())
	if err = errors.Join(err, file.Close()); err == nil {
		if err = os.Chmod(file.Name(), 0o644); err == nil {
			err = os.Rename(file.Name(), name)
		}
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// unfinished names files that are not whole yet.
const unfinished = ".kafkaspec-*.tmp"

// Sweep deletes what processes left in a report folder, or in a folder in it, that were killed while they wrote.
func Sweep(folder string) {
	for _, within := range []string{"", "*"} {
		left, _ := filepath.Glob(filepath.Join(folder, within, unfinished))
		for _, file := range left {
			if scratch.Abandoned(file) {
				_ = os.Remove(file)
			}
		}
	}
}
