// Command notices writes the licences of all modules that are in the kafkaspec command, for THIRD_PARTY_NOTICES.
//
//	go run ./internal/notices >THIRD_PARTY_NOTICES
//
// It ends with exit code 1 where a module has no file that holds its licence.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
)

// licence is how files with a licence, or what must be named beside it, are called.
var licence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)(-.*|\.(txt|md|code|docs))?$`)

// module is one that go list names.
type module struct {
	Path, Version, Dir string
	Main               bool
	Replace            *module
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	if err := errors.Join(write(out, "./cmd/kafkaspec"), out.Flush()); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func write(out io.Writer, command string) error {
	used, err := modules(command)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, "kafkaspec's binaries contain the modules below, each under its own licence.")
	for _, m := range used {
		texts, err := licences(m)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "\n%s\n%s %s\n", bytes.Repeat([]byte("="), 80), m.Path, m.Version)
		for _, text := range texts {
			_, _ = fmt.Fprintf(out, "\n%s\n", bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))))
		}
	}
	return nil
}

// modules are those that the packages of a command come from, but for this one, in the order of their names. The
// operating system does not change which they are: all that any build would need are taken.
func modules(command string) ([]module, error) {
	list := exec.Command("go", "list", "-deps", "-json=Module", command)
	list.Stderr = os.Stderr
	output, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var used []module
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var entry struct{ Module *module }
		if err := decoder.Decode(&entry); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if entry.Module != nil && !entry.Module.Main {
			used = append(used, *cmp.Or(entry.Module.Replace, entry.Module))
		}
	}
	slices.SortFunc(used, func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	return slices.CompactFunc(used, func(a, b module) bool { return a.Path == b.Path }), nil
}

// licences are the texts of a module's licence and notice.
func licences(m module) ([][]byte, error) {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return nil, err
	}
	var texts [][]byte
	for _, entry := range entries {
		if entry.IsDir() || !licence.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.Dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%s has no file with its licence; look how it is licensed before it is shipped", m.Path)
	}
	return texts, nil
}
