package main

import (
	_ "embed"
	"fmt"
	"os"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
)

// target is what should notice the mutants of a folder.
type target struct {
	folder   string
	features []string // folders; none: the tests of the folder itself
	skip     bool     // nothing there is to be mutated
}

// features are the folders of features that are about an application, or about what several share.
var features = map[string][]string{
	"benchmark":         {"benchmark"},
	"bulkproducer":      {"bulk"},
	"dbwriter":          {"database"},
	"dlqconsumer":       {"dead-letters"},
	"dlqredrive":        {"dead-letters"},
	"groupconsumer":     {"rebalance"},
	"joiner":            {"fan-in"},
	"lagmonitor":        {"lag"},
	"retryproducer":     {"retries"},
	"schemaconsumer":    {"schema"},
	"schemaproducer":    {"schema"},
	"shareworker":       {"share"},
	"windower":          {"windows"},
	"internal/grace":    {"dead-letters", "retries"},
	"internal/group":    {"database", "dead-letters", "rebalance"},
	"internal/produce":  {"dead-letters", "retries"},
	"internal/slab":     {"benchmark", "bulk"},
	"internal/stateful": {"windows", "fan-in"},
	"internal/topics":   {"dead-letters"},
}

// testsOf are the tests of a file's package.
func testsOf(file string) target { return target{folder: path.Dir(file)} }

// targetOf says what should notice a mutant of a file.
func targetOf(file string) target {
	folder := path.Dir(file)
	of, reference := strings.CutPrefix(folder, "pkg/reference/")
	if !reference {
		return target{folder: folder}
	}
	t := target{folder: folder, skip: of == "wrong" || of == "internal/chaos" || of == "internal/lab"}
	for name := of; name != "."; name = path.Dir(name) {
		for _, f := range features[name] {
			t.features = append(t.features, "features/"+f)
		}
	}
	return t
}

//go:embed known.yaml
var known []byte

// knownMutants are mistakes that people make, and that features once did not notice.
func knownMutants() ([]mutant, error) {
	var entries []struct{ File, Change, Old, New string }
	if err := yaml.Unmarshal(known, &entries); err != nil {
		return nil, fmt.Errorf("known.yaml: %w", err)
	}
	var all []mutant
	for _, e := range entries {
		text, err := os.ReadFile(e.File)
		if err != nil {
			return nil, err
		}
		if n := strings.Count(string(text), e.Old); n != 1 {
			return nil, fmt.Errorf("known.yaml: %s: %s: got the old text %d times, want it once; change it with the file",
				e.File, e.Change, n)
		}
		start := strings.Index(string(text), e.Old)
		all = append(all, mutant{file: e.File, line: 1 + strings.Count(string(text[:start]), "\n"), start: start,
			end: start + len(e.Old), replacement: e.New, change: e.Change})
	}
	return all, nil
}
