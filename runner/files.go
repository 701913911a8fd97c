package runner

// Files beside a feature.

import (
	"io/fs"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// edited is a folder with one file whose text an editor holds.
type edited struct {
	fs.FS
	name, text string
}

// ReadFile implements fs.ReadFileFS.
func (e edited) ReadFile(name string) ([]byte, error) {
	if name == e.name {
		return []byte(e.text), nil
	}
	return fs.ReadFile(e.FS, name)
}

// layered looks a file up beside the feature first and among kafkaspec's own fixtures then.
type layered struct{ near, own fs.FS }

// Open implements fs.FS.
func (l layered) Open(name string) (fs.File, error) {
	if info, err := fs.Stat(l.near, name); err == nil {
		if err := source.Readable(info); err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
	f, err := l.near.Open(name)
	if err != nil {
		return l.own.Open(name)
	}
	return f, nil
}

// Glob implements fs.GlobFS: the files of both, each name once, those that are near first.
func (l layered) Glob(pattern string) ([]string, error) {
	near, err := fs.Glob(l.near, pattern)
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(l.own, pattern)
	own = slices.DeleteFunc(own, func(name string) bool { return slices.Contains(near, name) })
	return append(near, own...), err
}
