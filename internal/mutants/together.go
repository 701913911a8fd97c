package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// switchVariable says to a process which of the mutants that were built together it is.
const switchVariable = "KAFKASPEC_MUTANT"

// switchFile is what a package with mutants has besides its files.
const switchFile = `package %s

import "os"

var mutantTried = os.Getenv("` + switchVariable + `")
`

// built is where a mutant stands that was built with others.
type built struct {
	binary string
	number string
}

// together builds mutants that are held against the same tests in one binary: building is most of the work. Those that
// cannot be switched, that stand within one another or do not compile so are left out, and are built alone.
func (c checker) together(ctx context.Context, all []mutant, of func(file string) target) (map[string]built, error) {
	found := map[string]built{}
	byBinary := map[string][]mutant{}
	for _, m := range all {
		folder := "" // of kafkaspec
		if t := of(m.file); len(t.features) == 0 {
			folder = t.folder
		}
		if m.switched.text != "" && !slices.ContainsFunc(byBinary[folder], m.overlaps) {
			byBinary[folder] = append(byBinary[folder], m)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(byBinary)) {
		binary := filepath.Join(c.folder, "together-"+strings.ReplaceAll(folder, "/", "-"))
		those, err := c.buildTogether(ctx, binary, of(byBinary[folder][0].file), byBinary[folder])
		if err != nil {
			return nil, err
		}
		for i, m := range those {
			found[m.id()] = built{binary, strconv.Itoa(i)}
		}
	}
	return found, nil
}

func (m mutant) overlaps(other mutant) bool {
	a, b := m.switched, other.switched
	return m.file == other.file && a.start <= b.end && b.start <= a.end
}

// named are the files that a compiler complains of.
var named = regexp.MustCompile(`switched(\d+)\.go:`)

// buildTogether builds as many of the mutants as compile, and returns them.
func (c checker) buildTogether(ctx context.Context, binary string, target target, all []mutant) ([]mutant, error) {
	for len(all) > 0 {
		files, err := c.switched(all)
		if err != nil {
			return nil, err
		}
		overlay, err := c.overlay(files)
		if err != nil {
			return nil, err
		}
		out, err := exec.CommandContext(ctx, "go", target.build(overlay, binary)...).CombinedOutput()
		if err == nil {
			return all, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		wrong := map[string]bool{}
		for _, name := range named.FindAllString(string(out), -1) {
			for original, changed := range files {
				if filepath.Base(changed)+":" == name {
					wrong[original] = true
				}
			}
		}
		if len(wrong) == 0 {
			return nil, fmt.Errorf("build mutants together: %w\n%s", err, out)
		}
		all = slices.DeleteFunc(slices.Clone(all), func(m mutant) bool { return wrong[m.file] })
	}
	return nil, nil
}

// switched writes the files of mutants with all their changes, and returns where they are, by their names.
func (c checker) switched(all []mutant) (map[string]string, error) {
	files := map[string]string{}
	add := func(name, text string) error {
		files[name] = filepath.Join(c.folder, fmt.Sprintf("switched%d.go", len(files)))
		return os.WriteFile(files[name], []byte(text), 0o600)
	}
	backwards := map[string][]int{}
	for i, m := range all {
		backwards[m.file] = append(backwards[m.file], i)
	}
	for name, numbers := range backwards {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(numbers, func(a, b int) int { return cmp.Compare(all[b].switched.start, all[a].switched.start) })
		for _, i := range numbers {
			at := all[i].switched
			with := fmt.Sprintf(at.text, fmt.Sprintf("mutantTried == %q", strconv.Itoa(i)))
			text = slices.Replace(text, at.start, at.end, []byte(with)...)
		}
		if err := add(name, string(text)); err != nil {
			return nil, err
		}
		own := path.Dir(name) + "/zz_mutants.go"
		if files[own] != "" {
			continue
		}
		if err := add(own, fmt.Sprintf(switchFile, all[numbers[0]].packageName)); err != nil {
			return nil, err
		}
	}
	return files, nil
}
