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
	inPath  bool // it looks for a name without a folder in PATH as well
}

// interpreters are those of which it is certain what the first argument is: flags are the options that take no value.
// Behind any other option an argument may be something else.
var interpreters = []interpreter{
	{name: regexp.MustCompile(`^python[0-9.]*$`), endings: []string{".py"}, flags: regexp.MustCompile(`^-[uBOEsSIqv]+$`)},
	{name: regexp.MustCompile(`^node(js)?$`), endings: []string{".js", ".mjs", ".cjs", ".ts"},
		flags: regexp.MustCompile(`^--[a-z-]+=|^--no-`)},
	{name: regexp.MustCompile(`^(ba|da|z|k)?sh$`), endings: []string{".sh"}, flags: regexp.MustCompile(`^-[eux]+$`),
		inPath: true},
	{name: regexp.MustCompile(`^ruby[0-9.]*$`), endings: []string{".rb"}, flags: regexp.MustCompile(`^-w$`)},
	{name: regexp.MustCompile(`^perl[0-9.]*$`), endings: []string{".pl"}, flags: regexp.MustCompile(`^-w$`)},
}

// What is known of java's arguments: those that take no value, those whose value is the next one, and the main classes
// that come with it.
var (
	java     = regexp.MustCompile(`^javaw?$`)
	javaFlag = regexp.MustCompile(`^-(D.+|X(mx|ms|mn|ss)[0-9]+[kKmMgG]?|XX:.+|ea|da|server)$|` +
		`^--(add-[a-z]+|enable-native-access)=`)
	javaValued  = regexp.MustCompile(`^--(add-(exports|modules|opens|reads)|enable-native-access)$`)
	javaLoads   = regexp.MustCompile(`^-(javaagent:|Djava\.system\.).+`) // classes from elsewhere
	javaOwnMain = regexp.MustCompile(`^(com\.sun|javax?|jdk|sun)\.`)
)

// assignment is how env is told a variable.
var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// CheckScript reports a script or a .jar file that is not there, where it is certain that the command needs it: the
// first argument of an interpreter, with the ending of its scripts, that of java -jar, or the only ones of its class
// path. One whose folder is to be made, or whose name is yet to be told, is left to the run. A relative path starts at
// dir, or where kafkaspec runs for "".
func CheckScript(argv []string, dir string) error {
	argv = withoutEnv(argv)
	files, inPath := filesOf(argv)
	for _, file := range files {
		if !isMissing(file, dir) || inPath && !strings.ContainsRune(file, filepath.Separator) && isInPath(file) {
			return nil
		}
	}
	if len(files) == 0 {
		return nil
	}
	file, build := files[0], ""
	if filepath.Ext(file) == ".jar" {
		build = "build it, or "
	}
	path := from(dir, file)
	return fmt.Errorf("the application's command cannot be run: %q has no file %q to run; %s%sgive the path from where "+
		"the command runs", argv[0], file, meant(filepath.Base(path), filepath.Dir(path)), build)
}

// from is a path that starts at dir where it is a relative one.
func from(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// isMissing tells whether a file is certainly not there.
func isMissing(file, dir string) bool {
	if strings.Contains(file, "${") {
		return false
	}
	path := from(dir, file)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	_, err := os.Stat(filepath.Dir(path))
	return err == nil || !filepath.IsAbs(file) // else it is as of another machine
}

func isInPath(file string) bool {
	return slices.ContainsFunc(filepath.SplitList(os.Getenv("PATH")), func(folder string) bool {
		return !isMissing(file, folder)
	})
}

// withoutEnv takes env with variables from before a command.
func withoutEnv(argv []string) []string {
	if len(argv) > 0 && filepath.Base(argv[0]) == "env" {
		argv = argv[1:]
		for len(argv) > 0 && assignment.MatchString(argv[0]) {
			argv = argv[1:]
		}
	}
	return argv
}

// filesOf are the files of which a command certainly needs one; none where nothing is certain. InPath tells whether it
// looks for them in PATH as well.
func filesOf(argv []string) (files []string, inPath bool) {
	if len(argv) < 2 {
		return nil, false
	}
	program := strings.TrimSuffix(filepath.Base(argv[0]), ".exe")
	if java.MatchString(program) {
		return jarsOf(argv[1:]), false
	}
	for _, i := range interpreters {
		if !i.name.MatchString(program) {
			continue
		}
		for _, argument := range argv[1:] {
			switch {
			case i.flags.MatchString(argument):
			case slices.Contains(i.endings, filepath.Ext(argument)) && !strings.HasPrefix(argument, "-"):
				return []string{argument}, i.inPath
			default:
				return nil, false
			}
		}
	}
	return nil, false
}

// jarsOf are the .jar files of which java certainly needs one: that of -jar, or those of the class path. It takes a
// class path of which a part is missing, or that has none of a main class which comes with it.
func jarsOf(arguments []string) []string {
	var path []string
	loads := false
	for i := 0; i < len(arguments); i++ {
		argument := arguments[i]
		value := ""
		if i+1 < len(arguments) {
			value = arguments[i+1]
		}
		long, isLong := strings.CutPrefix(argument, "--class-path=")
		switch {
		case javaLoads.MatchString(argument):
			loads = true
		case javaFlag.MatchString(argument):
		case javaValued.MatchString(argument):
			i++
		case argument == "-jar" && filepath.Ext(value) == ".jar":
			return []string{value}
		case argument == "-cp", argument == "-classpath", argument == "--class-path":
			path = filepath.SplitList(value)
			i++
		case isLong:
			path = filepath.SplitList(long)
		case strings.HasPrefix(argument, "-"), strings.HasPrefix(argument, "@"), strings.HasSuffix(argument, ".java"),
			javaOwnMain.MatchString(argument), loads, slices.ContainsFunc(path, isNoJar):
			return nil
		default:
			return path
		}
	}
	return nil
}

func isNoJar(entry string) bool { return filepath.Ext(entry) != ".jar" }
