package main

// What the Cucumber extension of VS Code needs to know the steps: a file with all of them, and settings that name it.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/kafkaspec/kafkaspec/internal/glue"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// glueFile is where no build looks: Go, and others, pass over hidden folders.
const glueFile = ".kafkaspec/steps.rb"

// firstGlue writes the file of steps into a folder, unless it is there, and the settings.
func firstGlue(c *console, folder string) error {
	file := filepath.Join(folder, glueFile)
	if _, err := os.Lstat(file); err != nil {
		return renewGlue(c, folder)
	}
	if _, err := fmt.Fprintf(c.stdout, "%s stays as it is; kafkaspec steps --glue, in its folder, writes it anew\n",
		file); err != nil {
		return err
	}
	return glueSettings(c, folder)
}

// renewGlue writes the file of steps into a folder, and the settings.
func renewGlue(c *console, folder string) error {
	registry := steps.NewRegistry()
	builtin.Register(registry)
	content, err := glue.Of(registry, ownGlue(folder))
	if err != nil {
		return err
	}
	if err := writeNew(c, filepath.Join(folder, glueFile), content); err != nil {
		return err
	}
	return glueSettings(c, folder)
}

// ownGlue are the steps that the repository's Go code registers, but for those without a certain word: these would make
// anything a step.
func ownGlue(folder string) (own []glue.Own) {
	for _, s := range readOwnSteps(repositoryOf(filepath.Join(folder, glueFile))).steps {
		if !s.loose {
			own = append(own, glue.Own{Keyword: steps.Keyword(s.method), Text: s.text, Pattern: roughPattern(s.text),
				Place: s.place})
		}
	}
	return own
}

// glueSettings writes the settings of VS Code for a folder. Where there are some already, or VS Code reads those of a
// folder above, it says what to add, unless that was done.
func glueSettings(c *console, folder string) error {
	opened, within := openedFolder(folder)
	content, err := settingsFor(within)
	if err != nil {
		return err
	}
	file := filepath.Join(opened, ".vscode", "settings.json")
	known, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && within == "." {
		return writeNew(c, file, content)
	}
	if bytes.Contains(known, []byte(path.Join(within, glueFile))) {
		return nil
	}
	_, err = fmt.Fprintf(c.stdout, "for the Cucumber extension of VS Code, add to %s:\n%s", file, content)
	return err
}

// openedFolder is the one that VS Code is likely to open: that of the repository, else the folder itself. Within is the
// folder as it is named there.
func openedFolder(folder string) (opened, within string) {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return folder, "."
	}
	for above := whole; above != filepath.Dir(above); above = filepath.Dir(above) {
		if _, err := os.Stat(filepath.Join(above, ".git")); err != nil {
			continue
		}
		up, _ := filepath.Rel(whole, above) // both are whole paths
		down, _ := filepath.Rel(above, whole)
		return filepath.Join(folder, up), filepath.ToSlash(down)
	}
	return folder, "."
}

func settingsFor(within string) ([]byte, error) {
	content, err := json.MarshalIndent(map[string][]string{
		"cucumber.features": {path.Join(within, "**/*.feature")},
		"cucumber.glue":     {path.Join(within, glueFile)},
	}, "", "  ")
	return append(content, '\n'), err
}
