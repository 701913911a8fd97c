package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/kafkaspec/kafkaspec/steps/builtin"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/steps"
)

type stepsCommand struct {
	Words []string `arg:"" optional:"" help:"Words of the phrase, its description or its family."`
}

// fewSteps are shown whole, with their examples; more of them only by name.
const fewSteps = 6

// Run lists the steps of the catalogue in which every word is found.
func (s *stepsCommand) Run(c *console) error {
	var found []builtin.Entry
	for _, entry := range builtin.Catalogue() {
		if hasAll(entry, s.Words) {
			found = append(found, entry)
		}
	}
	if len(found) == 0 {
		return notFound(s.Words)
	}
	family := ""
	for _, entry := range found {
		if entry.Family != family {
			family = entry.Family
			if _, err := fmt.Fprintf(c.stdout, "%s\n", family); err != nil {
				return err
			}
		}
		if err := showStep(c.stdout, entry, len(found) <= fewSteps); err != nil {
			return err
		}
	}
	return nil
}

func hasAll(entry builtin.Entry, words []string) bool {
	text := strings.ToLower(strings.Join([]string{string(entry.Keyword), entry.Phrase, string(entry.Kind), entry.Family,
		entry.Doc}, "\n"))
	for _, word := range words {
		if !strings.Contains(text, strings.ToLower(word)) {
			return false
		}
	}
	return true
}

func showStep(w io.Writer, entry builtin.Entry, whole bool) error {
	keyword := string(entry.Keyword)
	if entry.Keyword == steps.Any {
		keyword = "*"
	}
	text := fmt.Sprintf("  %-5s %s\n", keyword, entry.Phrase)
	if whole {
		if entry.Kind != "" {
			text += "        (" + string(entry.Kind) + ")\n"
		}
		text += "\n" + indented(entry.Doc)
		if entry.Example != "" {
			text += "\n        for example:\n" + indented(entry.Example)
		}
		text += "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		b.WriteString("        " + line)
	}
	return b.String()
}

// notFound names the word of the catalogue that is nearest to one that stands in no step.
func notFound(words []string) error {
	var known []string
	for _, entry := range builtin.Catalogue() {
		known = append(known, strings.FieldsFunc(strings.ToLower(entry.Phrase),
			func(r rune) bool { return r < 'a' || r > 'z' })...)
	}
	for _, word := range words {
		none := true
		for _, entry := range builtin.Catalogue() {
			none = none && !hasAll(entry, []string{word})
		}
		if near := nearest.Word(word, known); none && near != "" {
			return usage("no step has the word %q; did you mean %q?", word, near)
		}
	}
	return usage("no step has all of %q; give fewer words, or none to list every step", words)
}
