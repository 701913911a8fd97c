package main

// run --watch: what was saved, and what the run itself has written.

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/kafkaspec/kafkaspec/runner/report"
)

// lateTime is how long a file may still grow that a run has written, such as its output behind a pipe to tee.
const lateTime = time.Second

// fileState changes when a file is saved.
type fileState struct {
	modified time.Time
	size     int64
}

// states are those of all files in the watched folders.
func (w *watching) states() map[string]fileState {
	all := map[string]fileState{}
	for _, root := range w.roots {
		_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerror // gone by now
			case entry.IsDir() && path != root && w.leavesOut(path):
				return fs.SkipDir
			case !entry.IsDir():
				if state, there := stateOf(path); there {
					all[absolute(path)] = state
				}
			}
			return nil
		})
	}
	return all
}

func stateOf(file string) (state fileState, there bool) {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return fileState{}, false
	}
	return fileState{info.ModTime(), info.Size()}, true
}

// noteWritten notes what is there once a run has ended. Features and the profile that were saved meanwhile are to be
// run again; other files may be what the run or its applications have written.
func (w *watching) noteWritten(before map[string]fileState) {
	w.ended, w.ignored, w.written, w.seen = time.Now(), map[string]bool{}, map[string]bool{}, w.states()
	for file, after := range w.seen {
		state, there := before[file]
		switch {
		case there && state == after:
		case !w.isInput(file):
			w.written[file] = true
		case there:
			w.seen[file] = state
		default:
			delete(w.seen, file)
		}
	}
}

// isInput is true of files that somebody wrote by hand, whoever else writes there.
func (w *watching) isInput(file string) bool {
	return filepath.Ext(file) == ".feature" || same(file, w.profile)
}

// isSaved is true of a file that is not as it was, unless it is one that programs write.
func (w *watching) isSaved(file string) bool {
	path := absolute(file)
	state, there := stateOf(path)
	if known, was := w.seen[path]; !there || was && known == state {
		return false
	}
	if w.written[path] && time.Since(w.ended) < lateTime {
		w.seen[path] = state
		return false
	}
	return w.isInput(path) || !w.inReport(path) && !w.isIgnored(path)
}

// leavesOut is true of folders that programs write for themselves, and of those with a report.
func (w *watching) leavesOut(folder string) bool {
	return notWatched.MatchString(filepath.Base(folder)) || same(folder, w.params.Report) || isReport(folder)
}

// isReport is true of a folder that a run has filled.
func isReport(folder string) bool {
	for _, name := range []string{report.ResultsFile, "report.html"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

// inReport is true of a file of a report, or of its journals.
func (w *watching) inReport(file string) bool {
	folder := filepath.Dir(file)
	if filepath.Base(folder) == "journals" {
		folder = filepath.Dir(folder)
	}
	for _, root := range w.roots {
		if same(root, folder) { // a report may be written beside features
			return filepath.Dir(file) != folder && isReport(folder)
		}
	}
	return w.leavesOut(folder)
}

// isIgnored is true of a file that git ignores, where there is git and a repository.
func (w *watching) isIgnored(file string) bool {
	ignored, known := w.ignored[file]
	if !known {
		command := exec.CommandContext(w.console.ctx, "git", "check-ignore", "-q", "--", filepath.Base(file))
		command.Dir = filepath.Dir(file)
		ignored = command.Run() == nil
		w.ignored[file] = ignored
	}
	return ignored
}

// same is true of two paths of one file or folder.
func same(a, b string) bool {
	if b == "" {
		return false
	}
	inA, errA := os.Stat(a)
	inB, errB := os.Stat(b)
	return absolute(a) == absolute(b) || errA == nil && errB == nil && os.SameFile(inA, inB)
}

func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}
