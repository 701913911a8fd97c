// Command table writes the kinds of findings into a Markdown file, between two comments that mark their place. Run it
// by `go generate ./pkg/verdict`.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

const (
	begin = "<!-- findings: written by `go generate ./pkg/verdict` -->\n"
	end   = "<!-- end of findings -->\n"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("want one argument, the Markdown file with the table")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(file string) error {
	document, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begun := strings.Cut(string(document), begin)
	_, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return fmt.Errorf("%s: got no place for the table, want the lines %s and %s", file, strings.TrimSpace(begin),
			strings.TrimSpace(end))
	}
	return os.WriteFile(file, []byte(before+begin+table()+end+after), 0o644)
}

// table has a row for each kind. Final findings fail a step at once; others are waited on.
func table() string {
	var b strings.Builder
	b.WriteString("\n| finding | means | fails | what to do |\n| --- | --- | --- | --- |\n")
	for _, k := range verdict.Kinds() {
		when := "at once"
		if k.Heals {
			when = "when time is up"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", k.Name, k.Meaning, when, k.Advice)
	}
	return b.String() + "\n"
}
