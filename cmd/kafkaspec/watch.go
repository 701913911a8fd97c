package main

// run --watch: run again what a saved file touches.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/profile"
)

const (
	saveTime    = 200 * time.Millisecond // an editor writes a file in several steps, and often several files
	mostFolders = 2000                   // systems bound how many can be watched
)

// notWatched are folders of what programs write for themselves.
var notWatched = regexp.MustCompile(`^(\..+|node_modules|venv|target|build|dist|__pycache__)$`)

// watching is a run that begins again whenever a file is saved.
type watching struct {
	console *console
	params  runner.Params
	events  *fsnotify.Watcher
	profile string // its file
	roots   []string
	folders int
	seen    map[string]fileState // what was saved since is what differs from it
	ignored map[string]bool      // by git
	written map[string]bool      // files that changed during the last run
	ended   time.Time            // when that was over
}

// watch runs the features, and again what a saved file touches: a feature itself, or everything where it is another
// file beside them or the profile. It ends when it is told to.
func watch(c *console, p runner.Params) error {
	switch {
	case len(p.Paths) == 0:
		return usage("got --watch without features; name the files or folders that are to be watched")
	case p.Rerun != "" || p.Shard != "" || p.Repeat != 0:
		return usage("got --watch with --rerun, --shard or --repeat, which it cannot be used with; leave one out")
	}
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("--watch: cannot watch files: %w", err)
	}
	defer func() { _ = events.Close() }()
	w := &watching{console: c, params: p, events: events, profile: cmp.Or(p.Profile, profile.DefaultFile)}
	watched := slices.Clone(p.Paths)
	if _, err := os.Stat(w.profile); err == nil {
		watched = append(watched, w.profile)
	}
	for _, path := range watched {
		path = withoutLine(path)
		info, err := os.Stat(path)
		if err != nil {
			return source.Errors{source.Place{File: path}.Errorf("there is nothing to watch; name a feature " +
				"file or a folder")}
		}
		if !info.IsDir() {
			path = filepath.Dir(path)
		}
		w.roots = append(w.roots, path)
		if err := w.add(path); err != nil {
			return err
		}
	}
	return w.loop(c.ctx)
}

// loop runs, waits for what is saved, and runs again.
func (w *watching) loop(ctx context.Context) error {
	paths := w.params.Paths
	for {
		p := w.params
		p.Paths = paths
		before := w.states()
		results, err := runner.Execute(ctx, p)
		if ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if mistakes, wrong := errors.AsType[source.Errors](err); wrong && !slices.ContainsFunc(mistakes, inFile) {
			return err // no file that is saved makes a flag right
		}
		w.console.finish(errors.Join(err, notPassed(results)))
		w.noteWritten(before)
		_, _ = fmt.Fprintln(w.console.stderr, "\nwatching: save a file to run what it touches, Ctrl-C to end")
		if paths, err = w.saved(ctx); err != nil {
			return err
		}
	}
}

func inFile(mistake *source.Error) bool { return mistake.File != "" }

// add watches a folder and those below it.
func (w *watching) add(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return nil //nolint:nilerror // what cannot be read is not watched
		case path != folder && w.leavesOut(path):
			return fs.SkipDir
		}
		if w.folders++; w.folders > mostFolders {
			return usage("got more than %d folders below %s to watch; name a smaller one", mostFolders, folder)
		}
		if err := w.events.Add(path); errors.Is(err, fs.ErrPermission) {
			return fs.SkipDir
		} else if err != nil {
			return fmt.Errorf("--watch: cannot watch %s: %w", path, err)
		}
		return nil
	})
}

// saved waits until a file is saved, and returns what is to be run for it.
func (w *watching) saved(ctx context.Context) (paths []string, err error) {
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case err := <-w.events.Errors:
			return nil, fmt.Errorf("--watch: %w", err)
		case <-settled:
			slices.Sort(paths)
			return slices.Compact(paths), nil
		case e := <-w.events.Events:
			if e.Op == fsnotify.Chmod {
				continue
			}
			files, err := w.filesOf(e.Name)
			if err != nil {
				return nil, err
			}
			for _, file := range files {
				if w.isSaved(file) {
					paths = append(paths, w.touched(file)...)
				}
			}
			if len(paths) > 0 {
				settled = time.After(saveTime)
			}
		}
	}
}

// filesOf is a file, or those that were in a new folder before that was watched.
func (w *watching) filesOf(path string) (files []string, err error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return []string{path}, nil //nolint:nilerror // gone by now
	}
	if w.leavesOut(path) {
		return nil, nil
	}
	if err := w.add(path); err != nil {
		return nil, err
	}
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, file)
		}
		return nil
	})
	return files, err
}

// touched is what to run for a saved file: itself, as far as it is asked for, where it is a feature, else everything.
func (w *watching) touched(file string) (paths []string) {
	if strings.HasPrefix(filepath.Base(file), ".") || strings.HasSuffix(file, "~") {
		return nil // an editor's own
	}
	if filepath.Ext(file) != ".feature" {
		return w.params.Paths
	}
	for _, path := range w.params.Paths {
		within, err := filepath.Rel(withoutLine(path), file)
		switch {
		case err != nil || !filepath.IsLocal(within):
		case within == ".":
			paths = append(paths, path)
		default:
			paths = append(paths, file)
		}
	}
	return paths
}

// line is what may stand behind the name of a feature.
var line = regexp.MustCompile(`(\.feature)(?::\d+)+$`)

func withoutLine(path string) string { return line.ReplaceAllString(path, "$1") }
