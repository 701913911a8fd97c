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

// WriteFolder writes the results in every form into a folder that exists, without the secrets.
func WriteFolder(folder string, d *Redactor, r Results) error {
	for _, f := range files {
		file, err := os.Create(filepath.Join(folder, f.name))
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		if err := errors.Join(Redact(d, f.write)(file, r), file.Close()); err != nil {
			return fmt.Errorf("write the report %s: %w", f.name, err)
		}
	}
	return nil
}
