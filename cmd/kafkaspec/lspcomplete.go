package main

// What can stand where somebody types.

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// complete lists the steps that begin with what stands before the position, then those that have its words; within
// quotes, the names that the scenario declares.
func (s *languageServer) complete(p lspAt) lspList {
	list := lspList{IsIncomplete: true, Items: []lspItem{}}
	f := s.feature(p.TextDocument.URI)
	if f == nil {
		return list
	}
	step, at, found := f.stepAt(p.Position)
	if !found || at < 0 {
		return list
	}
	typed := step.text[:at]
	if open := openQuote(typed); open >= 0 {
		list.Items = s.names(f, step, open, at)
		return list
	}
	// A mark at the end keeps a guard apart that nothing follows yet.
	guarded := len(typed) + 1 - len(steps.Unguarded(typed+"#"))
	over := f.span(step.line, step.start+guarded, step.start+at)
	words := typed[guarded:]
	fixed, given := steps.Typed(words)
	for _, d := range s.registry.Definitions() {
		for _, v := range d.Variants() {
			if !v.Definition.Allows(step.kind) || guarded > 0 && !v.Definition.Awaited {
				continue
			}
			rank, several := rank(v.Text, strings.ToLower(fixed))
			text, fits := s.inserted(plain(v.Text, several), given)
			if rank == "" || !fits {
				continue
			}
			item := lspItem{Label: v.Text, Kind: lspSnippetItem, SortText: rank + v.Text, FilterText: words,
				Detail: strings.TrimPrefix(string(v.Definition.Keyword), string(steps.Any)), TextFormat: lspPlainText,
				TextEdit: &lspTextEdit{over, text}, Data: &lspStep{d.Phrase.String(), formsOf(v.Values)}}
			if s.snippets {
				item.TextFormat = lspSnippetText
			}
			list.Items = append(list.Items, item)
		}
	}
	return list
}

// openQuote is where the text within quotes begins at the end of a text; -1 outside of quotes.
func openQuote(typed string) int {
	rest := 0
	if all := quoted.FindAllStringIndex(typed, -1); len(all) > 0 {
		rest = all[len(all)-1][1]
	}
	if at := strings.IndexByte(typed[rest:], '"'); at >= 0 {
		return rest + at + 1
	}
	return -1
}

// rank sorts the steps that fit what is typed: "0" for those that begin with it, "1" for those that have its words, and
// "" for the others. It tells whether the step is then about several things.
func rank(text, typed string) (rank string, several bool) {
	many, _ := steps.Typed(strings.ToLower(plain(text, true)))
	one, _ := steps.Typed(strings.ToLower(plain(text, false)))
	asMany, asOne := strings.HasPrefix(many, typed), strings.HasPrefix(one, typed)
	switch {
	case asMany && asOne:
		return "0", strings.Contains(text, "(s)") || strings.Contains(text, "{count}")
	case asMany || asOne:
		return "0", asMany
	}
	for _, word := range strings.Fields(typed) {
		if word != "#" && !strings.Contains(" "+many+" "+one, " "+word) {
			return "", false
		}
	}
	return "1", true
}

// Pieces of a phrase: an escape, a parameter, text that may be left out, and alternatives.
var phrasePiece = regexp.MustCompile(`\\.|\{\w+\}|\([^)]*\)|\pL+(?:/\pL+)+`)

// plain is one text that a phrase stands for, but for its parameters: of several things, or of one.
func plain(text string, several bool) string {
	return phrasePiece.ReplaceAllStringFunc(text, func(piece string) string {
		switch {
		case piece[0] == '\\':
			return piece[1:]
		case piece == "(s)" && several:
			return "s"
		case piece[0] == '(':
			return ""
		case piece[0] == '{':
			return piece
		}
		words := strings.Split(piece, "/") // is/are, has/have, are/is
		plural := slices.IndexFunc(words, func(w string) bool { return w == "are" || w == "have" })
		if plural >= 0 && several {
			return words[plural]
		}
		return words[(plural+1)%len(words)]
	})
}

// inserted is a plain phrase as it is put into a feature: with the values that are typed already, and the other
// parameters as places to type in. It is false of a phrase that has no place for some of the values.
func (s *languageServer) inserted(text string, given []string) (inserted string, fits bool) {
	place := 0
	inserted = paramName.ReplaceAllStringFunc(s.escaped(text), func(piece string) string {
		name := piece[1 : len(piece)-1]
		pattern := s.registry.Params()[name].Pattern
		if len(given) > 0 && regexp.MustCompile("^(?:"+pattern+")$").MatchString(given[0]) { // as phrases are compiled
			value := given[0]
			given = given[1:]
			return s.escaped(value)
		}
		place++
		shown := name
		if s.snippets {
			shown = fmt.Sprintf("${%d:%s}", place, name)
		}
		if pattern == phrase.Quoted {
			return `"` + shown + `"`
		}
		return shown
	})
	return inserted, len(given) == 0
}

// escaped is a text in which the editor sees no place to type in.
func (s *languageServer) escaped(text string) string {
	if s.snippets {
		return strings.NewReplacer(`\`, `\\`, `$`, `\$`).Replace(text)
	}
	return text
}

// names are the names that the scenario declares.
func (s *languageServer) names(f *editedFeature, from editedStep, open, at int) []lspItem {
	items := []lspItem{}
	over := f.span(from.line, from.start+open, from.start+at)
	known := map[string]bool{}
	for _, step := range f.around(from) {
		m, found := s.match(f, step)
		if !found || step.line == from.line {
			continue
		}
		for _, kind := range named {
			for _, name := range m.Names(kind) {
				if !known[kind+name] && declares(m, kind, name) {
					known[kind+name] = true
					items = append(items, lspItem{Label: name, Kind: lspValueItem, Detail: kind, TextFormat: lspPlainText,
						TextEdit: &lspTextEdit{over, name}})
				}
			}
		}
	}
	return items
}

// resolve adds the documentation of a step to its item.
func (s *languageServer) resolve(item lspItem) lspItem {
	if item.Data != nil {
		item.Documentation = s.explained(*item.Data)
	}
	return item
}
