package page

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// Gather copies the journals that results name from the folder of their report into another, below names that no other
// folder's journals have there, and makes the results name them. Number tells the folders apart. A journal that is gone
// is passed over.
func Gather(into, folder string, number int, r *report.Results) error {
	same, err := sameFolder(into, folder)
	if err != nil || same {
		return err
	}
	if err := os.MkdirAll(filepath.Join(into, Journals), 0o755); err != nil {
		return err
	}
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		if s.Journal == "" {
			continue
		}
		content, err := source.ReadFile(filepath.Join(folder, Journals, path.Base(s.Journal)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		s.Journal = path.Join(Journals, fmt.Sprintf("%d-%s", number, path.Base(s.Journal)))
		if err := report.WriteFile(filepath.Join(into, filepath.FromSlash(s.Journal)), func(file *os.File) error {
			_, err := file.Write(content)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func sameFolder(one, other string) (bool, error) {
	a, err := os.Stat(one)
	if err != nil {
		return false, err
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b), err
}
