package main

// What steps mean, and where the names in them come from.

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

func (s *languageServer) hover(p lspAt) any {
	f := s.feature(p.TextDocument.URI)
	if f == nil {
		return nil
	}
	step, _, found := f.stepAt(p.Position)
	if !found {
		return nil
	}
	m, found := s.match(f, step)
	if !found {
		return nil
	}
	text := s.explained(lspStep{m.Definition.Phrase.String(), formsOf(m.Values)})
	if text == nil {
		return nil
	}
	return lspHover{*text, f.span(step.line, step.start, len(f.lines[step.line]))}
}

// match ties a step to its definition.
func (s *languageServer) match(f *editedFeature, step editedStep) (m steps.Match, found bool) {
	matches, err := s.registry.Find(strings.TrimRight(f.filled(step, step.text), " \t"), steps.Argument{})
	if err != nil || len(matches) == 0 {
		return m, false
	}
	return matches[0], true
}

// formsOf are the forms of parts that values have, as the catalogue writes them.
func formsOf(values []phrase.Value) (forms []string) {
	for _, v := range values {
		if v.Form != nil {
			forms = append(forms, v.Form.String())
		}
		forms = append(forms, formsOf(v.Inner)...)
	}
	return forms
}

// explained is what the catalogue says of a step, and of the forms that its parts have; nil for one that it lacks.
func (s *languageServer) explained(step lspStep) *lspMarkup {
	all := builtin.Catalogue()
	at := slices.IndexFunc(all.Steps, func(e builtin.Entry) bool { return e.Phrase == step.Phrase })
	if at < 0 {
		return nil
	}
	entry := all.Steps[at]
	var b strings.Builder
	keyword := ""
	if entry.Keyword != steps.Any {
		keyword = "**" + string(entry.Keyword) + "** "
	}
	fmt.Fprintf(&b, "%s`%s`\n\n", keyword, entry.Phrase)
	if kinds := kindsOf(entry); kinds != "" {
		fmt.Fprintf(&b, "*%s*\n\n", kinds)
	}
	b.WriteString(entry.Doc + "\n")
	if entry.Blind != "" {
		b.WriteString("\nNot looked at: " + entry.Blind + "\n")
	}
	example := entry.Example
	for _, part := range partsOf(all, entry) {
		for _, form := range part.Forms {
			if !slices.Contains(step.Forms, form.Words) {
				continue
			}
			fmt.Fprintf(&b, "\n- `{%s}`, here `%s`: %s", part.Name, form.Words, form.Doc)
			if form.Blind != "" {
				b.WriteString(" Not looked at: " + form.Blind)
			}
			if form.Example != "" {
				example = form.Example
			}
		}
	}
	names := paramNames(strings.Join(append([]string{entry.Phrase}, step.Forms...), " "))
	for _, name := range names {
		if p := s.registry.Params()[name]; p.Forms == nil {
			fmt.Fprintf(&b, "\n- `{%s}`: %s", name, p.Doc)
		}
	}
	if example != "" {
		b.WriteString("\n\n```gherkin\n" + strings.TrimSpace(example) + "\n```\n")
	}
	return &lspMarkup{"markdown", b.String()}
}

var paramName = regexp.MustCompile(`\{(\w+)\}`)

// paramNames are the parameters of a phrase, each once.
func paramNames(text string) (names []string) {
	for _, m := range paramName.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// named are the kinds of names that steps declare.
var named = []string{"app", "topic", "group", "http"}

// declares tells whether a step brings a name of a kind into being; of a group, whether it uses the group.
func declares(m steps.Match, kind, name string) bool {
	if kind == "group" {
		used, _ := m.Groups()
		return slices.Contains(used, name)
	}
	return m.Definition.Defines == kind && slices.Contains(m.Names(kind), name)
}

var quoted = regexp.MustCompile(phrase.Quoted)

// definition finds what declares the name at a position: a step, or the profile for an application of that.
func (s *languageServer) definition(p lspAt) []lspLocation {
	places := []lspLocation{}
	f := s.feature(p.TextDocument.URI)
	if f == nil {
		return places
	}
	step, at, found := f.stepAt(p.Position)
	if !found {
		return places
	}
	for _, q := range quoted.FindAllStringIndex(step.text, -1) {
		if q[0] > at || at > q[1] {
			continue
		}
		name := phrase.Unquote(f.filled(step, step.text[q[0]:q[1]]))
		if m, ok := s.match(f, step); ok {
			if d, _ := builtin.Declares(m); d.Entry != "" && (name == d.Entry || name == d.Name) &&
				!strings.HasSuffix(step.text[:q[0]], "group ") {
				return s.inProfile(d.Entry)
			}
		}
		return s.declarations(p.TextDocument.URI, f, step, name, s.kindsAt(f, step, q[0], name))
	}
	return places
}

// kindsAt are the kinds of which the name at a place of a step may be.
func (s *languageServer) kindsAt(f *editedFeature, step editedStep, at int, name string) []string {
	if strings.HasSuffix(step.text[:at], "group ") {
		return []string{"group"}
	}
	m, found := s.match(f, step)
	kinds := slices.DeleteFunc(slices.Clone(named), func(kind string) bool {
		return kind == "group" || found && !slices.Contains(m.Names(kind), name)
	})
	return kinds
}

// declarations are the steps that declare a name, of a group the first that uses it.
func (s *languageServer) declarations(uri string, f *editedFeature, from editedStep, name string,
	kinds []string) []lspLocation {
	places := []lspLocation{}
	for _, kind := range kinds {
		for _, step := range f.around(from) {
			m, found := s.match(f, step)
			if !found || !declares(m, kind, name) {
				continue
			}
			at := lspLocation{uri, f.span(step.line, step.start, len(f.lines[step.line]))}
			if !slices.Contains(places, at) {
				places = append(places, at)
			}
			break
		}
	}
	return places
}

// inProfile is where the profile describes an application.
func (s *languageServer) inProfile(application string) []lspLocation {
	s.mu.Lock()
	uri := s.profileURI()
	s.mu.Unlock()
	var text string
	if d := s.documents[uri]; d != nil {
		text = d.text
	} else if content, err := source.ReadFile(s.profile); err == nil {
		text = string(content)
	}
	read, _ := profile.Parse(s.profile, []byte(text), os.LookupEnv) // with mistakes too it has places
	place := read.Place(application)
	if place.Line == 0 {
		return []lspLocation{}
	}
	f := readFeature(text)
	from, to := source.Extent([]byte(f.lines[place.Line-1]))
	return []lspLocation{{uri, f.span(place.Line-1, from, to)}}
}
