package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/steps/builtin"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/steps"
)

type stepsCommand struct {
	Words []string `arg:"" optional:"" help:"Words that a step must have in its phrase, its description or its family, such as: dead letter. Default: list all steps."`
	Glue  bool     `help:"Write the steps into .kafkaspec of this folder instead, for the Cucumber extension of VS Code (docs/editors.md)."`
}

// fewSteps are shown whole, with their examples; more of them only by name.
const fewSteps = 6

// Run lists the steps of the catalogue in which every word is found, and the parts that steps are put together from.
func (s *stepsCommand) Run(c *console) error {
	if s.Glue {
		if len(s.Words) > 0 {
			return usage("--glue writes all steps; leave %q out", s.Words)
		}
		return renewGlue(c, ".")
	}
	all := builtin.Catalogue()
	var found []builtin.Entry
	for _, entry := range all.Steps {
		if hasAll(all, entry, s.Words) {
			found = append(found, entry)
		}
	}
	if len(found) == 0 {
		return notFound(all, s.Words)
	}
	whole := len(found) <= fewSteps
	var b strings.Builder
	if len(s.Words) == 0 {
		b.WriteString("parts, which stand in braces in many steps:\n")
		for _, part := range all.Parts {
			listPart(&b, part)
		}
		b.WriteString("\n")
	}
	family := ""
	for _, entry := range found {
		if entry.Family != family {
			family = entry.Family
			b.WriteString(family + "\n")
		}
		showStep(&b, all, entry, whole)
	}
	_, err := io.WriteString(c.stdout, b.String())
	return err
}

func listPart(b *strings.Builder, part builtin.Part) {
	name := "{" + part.Name + "}"
	for _, form := range part.Forms {
		fmt.Fprintf(b, "  %-13s %s\n", name, form.Words)
		name = ""
	}
}

// hasAll says whether every word stands somewhere in what the catalogue says of a step, the forms of its parts too.
func hasAll(all builtin.All, entry builtin.Entry, words []string) bool {
	said := []string{string(entry.Keyword), entry.Phrase, kindsOf(entry), entry.Family, entry.Doc}
	for _, part := range partsOf(all, entry) {
		for _, form := range part.Forms {
			said = append(said, form.Words)
		}
	}
	text := strings.ToLower(strings.Join(said, "\n"))
	for _, word := range words {
		if !strings.Contains(text, strings.ToLower(word)) {
			return false
		}
	}
	return true
}

// partsOf are the parts that a step is put together from, those inside of them too.
func partsOf(all builtin.All, entry builtin.Entry) (parts []builtin.Part) {
	for _, part := range all.Parts {
		if slices.Contains(entry.Parts, part.Name) {
			parts = append(parts, part)
		}
	}
	return parts
}

// kindsOf names the kinds of an expectation; empty for a step that is none.
func kindsOf(entry builtin.Entry) string {
	kinds := make([]string, len(entry.Kinds))
	for i, kind := range entry.Kinds {
		kinds[i] = string(kind)
	}
	return strings.Join(kinds, " or ")
}

func showStep(b *strings.Builder, all builtin.All, entry builtin.Entry, whole bool) {
	keyword := string(entry.Keyword)
	if entry.Keyword == steps.Any {
		keyword = "*"
	}
	fmt.Fprintf(b, "  %-5s %s\n", keyword, entry.Phrase)
	if !whole {
		return
	}
	if kinds := kindsOf(entry); kinds != "" {
		b.WriteString("        (" + kinds + ")\n")
	}
	b.WriteString("\n" + indented(entry.Doc))
	if entry.Blind != "" {
		b.WriteString(indented("Not looked at: " + entry.Blind))
	}
	for _, part := range partsOf(all, entry) {
		b.WriteString("\n")
		for i, form := range part.Forms {
			lead := "{" + part.Name + "}"
			if i > 0 {
				lead = ""
			}
			fmt.Fprintf(b, "        %-13s %s\n", lead, form.Words)
		}
	}
	if entry.Example != "" {
		b.WriteString("\n        for example:\n" + indented(entry.Example))
	}
	b.WriteString("\n")
}

func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		b.WriteString("        " + line)
	}
	return b.String()
}

// notFound names the word of the catalogue that is nearest to one that stands in no step.
func notFound(all builtin.All, words []string) error {
	var known []string
	for _, entry := range all.Steps {
		known = append(known, strings.FieldsFunc(strings.ToLower(entry.Phrase),
			func(r rune) bool { return r < 'a' || r > 'z' })...)
	}
	for _, word := range words {
		none := true
		for _, entry := range all.Steps {
			none = none && !hasAll(all, entry, []string{word})
		}
		if near := nearest.Word(word, known); none && near != "" {
			return usage("no step has the word %q; did you mean %q?", word, near)
		}
	}
	return usage("no step has all of %q; give fewer words, or none to list every step", words)
}
