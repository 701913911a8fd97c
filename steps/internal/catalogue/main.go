// Command catalogue reads the step families' source and writes what is said of them elsewhere: the catalogue in the
// families' package, docs/STEPS.md and the parameter types in editors' settings. Run it by `go generate ./steps/builtin`.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
)

func main() {
	folder := flag.String("steps", ".", "folder of the families")
	docs := flag.String("docs", "STEPS.md", "Markdown file to write")
	vscode := flag.String("vscode", "settings.json", "editor settings to write")
	flag.Parse()
	if err := run(*folder, *docs, *vscode); err != nil {
		log.Fatal(err)
	}
}

func run(folder, docs, vscode string) error {
	families, err := read(folder)
	if err != nil {
		return err
	}
	catalogue, err := encoded(entries(families))
	if err != nil {
		return err
	}
	settings, err := editorSettings()
	if err != nil {
		return err
	}
	for file, content := range map[string][]byte{filepath.Join(folder, "catalogue.json"): catalogue,
		docs: markdown(families), vscode: settings} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// entry is a builtin.Entry.
type entry struct {
	Keyword, Phrase, Family, Doc, Example, File string
	Line                                        int
}

func entries(families []family) []entry {
	var all []entry
	for _, f := range families {
		for _, s := range f.steps {
			all = append(all, entry{s.keyword, s.phrase, f.name, s.doc, s.example, f.name + ".go", s.line})
		}
	}
	return all
}
