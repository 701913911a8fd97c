package runner

import (
	"bufio"
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
)

// checkSource refuses text that the parser would stumble over, or take for something else.
func checkSource(file string, source []byte) *Problem {
	if bytes.HasPrefix(source, []byte{0xff, 0xfe}) || bytes.HasPrefix(source, []byte{0xfe, 0xff}) {
		return &Problem{File: file, Line: 1, Text: "got UTF-16, want UTF-8", Hint: "save the file as UTF-8"}
	}
	if bytes.IndexByte(source, 0) >= 0 {
		return &Problem{File: file, Line: 1, Text: "not a feature file: it holds bytes that are no text",
			Hint: "give a .feature file or a folder that holds some"}
	}
	if len(bytes.TrimSpace(source)) == 0 {
		return &Problem{File: file, Line: 1, Text: "the file is empty", Hint: "begin with: Feature: what it is about"}
	}
	for i, line := range bytes.Split(source, []byte("\n")) {
		if !utf8.Valid(line) {
			return &Problem{File: file, Line: i + 1, Text: "got bytes that are not UTF-8", Hint: "save the file as UTF-8"}
		}
		if len(line) >= bufio.MaxScanTokenSize-1 { // the parser, and that of godog, read no longer ones
			return &Problem{
				File: file, Line: i + 1, Text: fmt.Sprintf("got a line of %d bytes, want fewer than %d", len(line),
					bufio.MaxScanTokenSize-1),
				Hint: `send large records with: a record of 1MiB is sent to "orders", or from a generator`,
			}
		}
	}
	return checkLanguage(file, source)
}

var languageLine = regexp.MustCompile(`^#\s*language\s*:\s*([a-zA-Z\-_]+)$`)

// checkLanguage refuses a language without keywords. Only the lines before the feature can name one.
func checkLanguage(file string, source []byte) *Problem {
	for i, line := range strings.Split(string(source), "\n") {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			return nil
		}
		if m := languageLine.FindStringSubmatch(line); m != nil && gherkin.DialectsBuiltin().GetDialect(m[1]) == nil {
			return &Problem{File: file, Line: i + 1, Text: fmt.Sprintf("got language %q, which Gherkin has no keywords for",
				m[1]), Hint: "use a code such as en, or remove the line"}
		}
	}
	return nil
}

// parseGherkin fails where the library panics.
func parseGherkin(source []byte, newID func() string) (document *messages.GherkinDocument, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the parser gives up on it: %v", p)
		}
	}()
	return gherkin.ParseGherkinDocument(bytes.NewReader(source), newID)
}

// taken reports lines that were meant to be steps or scenarios and are taken for description, so that they would never
// run. isStep knows steps by their text, without the keyword.
func (f *feature) taken(isStep func(text string) bool) []Problem {
	var problems []Problem
	lines := strings.Split(string(f.source), "\n")
	for _, d := range f.descriptions() {
		at := d.line // of the block's keyword, so the index of the line behind it
		for described := range strings.Lines(d.text) {
			described = strings.TrimSpace(described)
			for at < len(lines) && strings.TrimSpace(lines[at]) != described {
				at++
			}
			at++
			words := strings.Fields(described)
			switch {
			case len(words) == 0:
			case isStep(strings.Join(words[1:], " ")):
				problems = append(problems, Problem{
					File: f.file, Line: at, Text: "this step is taken for description and would never run: " +
						strings.Join(words, " "),
					Hint: "begin it with Given, When, Then, And or But and one blank, below a line that begins with Scenario: or " +
						"Background:",
				})
			case strings.HasPrefix(nearKeyword(described), "Scenario") && at < len(lines) && startsStep(lines[at]):
				problems = append(problems, Problem{
					File: f.file, Line: at, Text: "this line is taken for description, and nothing below it would run: " + described,
					Hint: "did you mean " + nearKeyword(described) + "?",
				})
			}
		}
	}
	return problems
}

func startsStep(line string) bool {
	line = strings.TrimSpace(line)
	for _, keyword := range stepKeywords {
		if strings.HasPrefix(line, keyword+" ") {
			return true
		}
	}
	return false
}

// description is the free text under a block's keyword.
type description struct {
	text string
	line int // of the keyword
}

func (f *feature) descriptions() []description {
	root := f.document.Feature
	all := []description{{root.Description, int(root.Location.Line)}}
	background := func(b *messages.Background) {
		if b != nil {
			all = append(all, description{b.Description, int(b.Location.Line)})
		}
	}
	for _, c := range root.Children {
		background(c.Background)
		if c.Rule == nil {
			continue
		}
		all = append(all, description{c.Rule.Description, int(c.Rule.Location.Line)})
		for _, r := range c.Rule.Children {
			background(r.Background)
		}
	}
	for _, s := range scenariosOf(root) {
		all = append(all, description{s.Description, int(s.Location.Line)})
		for _, e := range s.Examples {
			all = append(all, description{e.Description, int(e.Location.Line)})
		}
	}
	return all
}
