package app

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// CheckProgram reports a program that cannot be run: one that is nowhere, that nobody may execute, or a script whose
// interpreter is missing. A name without a separator is looked up in PATH; a relative path starts at dir, or where
// kafkaspec runs for "".
func CheckProgram(program, dir string) error {
	const failed = "the application's command cannot be run: got %q, "
	path, start := program, "kafkaspec runs"
	if strings.ContainsRune(program, filepath.Separator) && !filepath.IsAbs(program) && dir != "" {
		path, start = filepath.Join(dir, program), "its dir is, "+dir
		if !strings.ContainsRune(path, filepath.Separator) {
			path = "." + string(filepath.Separator) + path
		}
	}
	found, err := exec.LookPath(path)
	if errors.Is(err, exec.ErrDot) {
		err = nil
	}
	missing := errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist)
	switch {
	case err == nil:
		return checkInterpreter(program, found)
	case missing && severalWords(program, dir):
		return fmt.Errorf(failed+"which is a program and its arguments in one text; write each as an item of its own: [%s]",
			program, strings.Join(strings.Fields(program), ", "))
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf(failed+"which is in no folder of PATH; %sinstall it, or give its path", program,
			meant(program, filepath.SplitList(os.Getenv("PATH"))...))
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf(failed+"and there is no such file; %spaths start where %s", program,
			meant(filepath.Base(path), filepath.Dir(path)), start)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf(failed+"which is not executable; chmod +x it, or name its interpreter before it", program)
	}
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		return fmt.Errorf(failed+"which is a folder; name the program in it", program)
	}
	return fmt.Errorf(failed+"%w; install it, or give its path", program, err)
}

// severalWords is true of a program that would be there without the words behind it.
func severalWords(program, dir string) bool {
	words := strings.Fields(program)
	return len(words) > 1 && CheckProgram(words[0], dir) == nil
}

// meant is the advice to take the program in the folders whose name is nearest; "" where none is near.
func meant(program string, folders ...string) string {
	var names []string
	for _, folder := range folders {
		entries, _ := os.ReadDir(folder) // one that is not there has no program
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
	}
	if near := nearest.Word(program, names); near != "" {
		return fmt.Sprintf("did you mean %q? ", near)
	}
	return ""
}

// checkInterpreter looks at the first line of a script.
func checkInterpreter(program, path string) error {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil // the system has the last word
	}
	file, err := os.Open(path)
	if err != nil {
		return nil // one may be executable and not readable
	}
	defer func() { _ = file.Close() }()
	line, _ := bufio.NewReaderSize(file, 256).ReadSlice('\n')
	interpreter, isScript := strings.CutPrefix(string(line), "#!")
	words := strings.Fields(interpreter)
	if !isScript || len(words) == 0 {
		return nil
	}
	if _, err := os.Stat(words[0]); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the application's command cannot be run: got %q, whose first line names %q, and there is no such "+
			"program; correct the line, or name the interpreter before it", program, words[0])
	}
	return nil
}
