// Command catalogue reads the step families' source and writes what is said of them elsewhere: the catalogue in the
// families' package and docs/STEPS.md. Run it by `go generate ./steps/builtin`.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

func main() {
	folder := flag.String("steps", ".", "folder of the families")
	docs := flag.String("docs", "STEPS.md", "Markdown file to write")
	flag.Parse()
	if err := run(*folder, *docs); err != nil {
		log.Fatal(err)
	}
}

func run(folder, docs string) error {
	registry := steps.NewRegistry()
	builtin.Register(registry)
	if err := registry.Err(); err != nil {
		return err
	}
	families, parts, err := read(folder, registry)
	if err != nil {
		return err
	}
	all := builtin.All{Parts: parts}
	for _, f := range families {
		all.Steps = append(all.Steps, f.steps...)
	}
	catalogue, err := encoded(all)
	if err != nil {
		return err
	}
	for file, content := range map[string][]byte{filepath.Join(folder, "catalogue.json"): catalogue,
		docs: markdown(families, parts, registry.Params())} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
