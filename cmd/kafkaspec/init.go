package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

type initCommand struct {
	Dir string `arg:"" optional:"" default:"." help:"The folder to write into; it is created if it does not exist. Default: this folder."`
}

//go:embed templates
var templates embed.FS

// Run writes the files, or none if the feature or the profile is there already. What editors need is added where it is
// missing.
func (i *initCommand) Run(c *console) error {
	names := []string{"first.feature", "kafkaspec.yaml"}
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(i.Dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return usage("%s is there already, or cannot be looked at; name another folder, or take it away",
				filepath.Join(i.Dir, name))
		}
	}
	if err := firstGlue(c, i.Dir); err != nil {
		return err
	}
	for _, name := range names {
		content, err := templates.ReadFile("templates/" + name)
		if err != nil {
			return err
		}
		if err := writeNew(c, filepath.Join(i.Dir, name), content); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(c.stdout, "run it: kafkaspec run %s\n", filepath.Join(i.Dir, names[0]))
	return err
}

// writeNew writes a file, its folders before it, and says so.
func writeNew(c *console, file string, content []byte) error {
	err := os.MkdirAll(filepath.Dir(file), 0o755)
	if err == nil {
		err = os.WriteFile(file, content, 0o644)
	}
	if err != nil {
		return usage("%v; name a folder that can be written", err)
	}
	_, err = fmt.Fprintln(c.stdout, "wrote", file)
	return err
}
