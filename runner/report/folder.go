package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ResultsFile is the file of a report folder from which all others can be written again.
const ResultsFile = "results.json"

// files are those of a report folder.
var files = []struct {
	name  string
	write Writer
}{{"junit.xml", JUnit}, {"report.html", HTML}, {ResultsFile, JSON}}

// WriteFolder writes the results in every form into a folder that exists, without the secrets. A form that cannot be
// written keeps no other from being written.
func WriteFolder(folder string, d *Redactor, r Results) error {
	var failed error
	for _, f := range files {
		err := WriteFile(filepath.Join(folder, f.name), func(file *os.File) error { return Redact(d, f.write)(file, r) })
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("write the report %s: %w", f.name, err))
		}
	}
	return failed
}

// WriteFile gives a file its content as a whole or not at all: it is written beside it, synced and renamed, so that
// whoever looks meanwhile, or after a crash or on a full disk, sees what was there before.
func WriteFile(name string, write func(*os.File) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".kafkaspec-*.tmp")
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
