package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
	var there []string
	for _, name := range names {
		file := filepath.Join(i.Dir, name)
		if _, err := os.Lstat(file); err == nil {
			there = append(there, file)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return usage("%v; name a folder that can be written", err)
		}
	}
	if len(there) > 0 {
		stay := "which exists already and stays as it is"
		if len(there) > 1 {
			stay = "which exist already and stay as they are"
		}
		return usage("got %s, %s; nothing was written: name another folder, or move what is there",
			strings.Join(there, " and "), stay)
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
