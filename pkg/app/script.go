package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// interpreter is a program that runs the script which is its first argument.
type interpreter struct {
	name    *regexp.Regexp
	endings []string // of its scripts
	flags   *regexp.Regexp
}

// interpreters are those of which it is certain what the first argument is: flags are the options that take no value.
// Behind any other option an argument may be something else.
var interpreters = []interpreter{
	{regexp.MustCompile(`^python[0-9.]*$`), []string{".py"}, regexp.MustCompile(`^-[uBOEsSIqv]+$`)},
	{regexp.MustCompile(`^node(js)?$`), []string{".js", ".mjs", ".cjs", ".ts"}, regexp.MustCompile(`^--[a-z-]+=|^--no-`)},
	{regexp.MustCompile(`^(ba|da|z|k)?sh$`), []string{".sh"}, regexp.MustCompile(`^-[eux]+$`)},
	{regexp.MustCompile(`^ruby[0-9.]*$`), []string{".rb"}, regexp.MustCompile(`^-w$`)},
	{regexp.MustCompile(`^perl[0-9.]*$`), []string{".pl"}, regexp.MustCompile(`^-w$`)},
}

// assignment is how env is told a variable.
var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// CheckScript reports a script that is not there, where it is certain that an argument names one: the first of an
// interpreter, with the ending of its scripts. One whose folder is to be made, or whose name is yet to be told, is left
// to the run. A relative path starts at dir, or where kafkaspec runs for "".
func CheckScript(argv []string, dir string) error {
	script := scriptOf(argv)
	if script == "" || strings.Contains(script, "${") {
		return nil
	}
	path := script
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil && filepath.IsAbs(script) {
		return nil // as of another machine
	}
	return fmt.Errorf("the application's command cannot be run: %q has no file %q to run; %sgive the path from where the "+
		"command runs", argv[0], script, meant(filepath.Base(path), filepath.Dir(path)))
}

// scriptOf is the script that a command certainly runs; "" for none.
func scriptOf(argv []string) string {
	if len(argv) > 0 && filepath.Base(argv[0]) == "env" {
		argv = argv[1:]
		for len(argv) > 0 && assignment.MatchString(argv[0]) {
			argv = argv[1:]
		}
	}
	if len(argv) < 2 {
		return ""
	}
	for _, i := range interpreters {
		if !i.name.MatchString(filepath.Base(argv[0])) {
			continue
		}
		for _, argument := range argv[1:] {
			switch {
			case i.flags.MatchString(argument):
			case slices.Contains(i.endings, filepath.Ext(argument)) && !strings.HasPrefix(argument, "-"):
				return argument
			default:
				return ""
			}
		}
	}
	return ""
}
