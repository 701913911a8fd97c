package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// walk finds the feature files of a folder. Folders in it that begin with two dots are those in which Kubernetes keeps
// a mounted ConfigMap: the files in them are linked to from outside, and would be found twice.
func walk(root string) ([]string, error) {
	if root == "" {
		return nil, errors.New("got an empty path")
	}
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{root}, source.Readable(info)
	}
	var found []string
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && p != root && strings.HasPrefix(d.Name(), "..") {
			return fs.SkipDir
		}
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".feature") {
			var info fs.FileInfo
			if info, err = os.Stat(p); err == nil { // of what a link points to
				err = source.Readable(info)
			}
			found = append(found, p)
		}
		if err != nil && p != root {
			return fmt.Errorf("%s: %w", filepath.ToSlash(p), plainError(err))
		}
		return err
	})
	if err == nil && len(found) == 0 {
		err = errors.New("no .feature file in this folder")
	}
	return found, err
}

// plainError leaves out the operation and path that the file system puts before the reason.
func plainError(err error) error {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err
	}
	return err
}
