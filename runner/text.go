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

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// checkText refuses text that the parser would stumble over, or take for something else.
func (f *feature) checkText() *source.Error {
	if bytes.HasPrefix(f.text, []byte{0xff, 0xfe}) || bytes.HasPrefix(f.text, []byte{0xfe, 0xff}) {
		return f.at(1).Errorf("got UTF-16, want UTF-8").Advise("save the file as UTF-8")
	}
	if bytes.IndexByte(f.text, 0) >= 0 {
		return f.at(1).Errorf("not a feature file: it holds bytes that are no text").Advise(
			"give a .feature file or a folder that holds some")
	}
	if len(bytes.TrimSpace(f.text)) == 0 {
		return f.at(1).Errorf("the file is empty").Advise("begin with: Feature: what it is about")
	}
	for i, line := range bytes.Split(f.text, []byte("\n")) {
		if !utf8.Valid(line) {
			return f.at(i + 1).Errorf("got bytes that are not UTF-8").Advise("save the file as UTF-8")
		}
		if len(line) >= bufio.MaxScanTokenSize-1 { // the parser reads no longer ones
			return f.at(i+1).Errorf("got a line of %d bytes, want fewer than %d", len(line), bufio.MaxScanTokenSize-1).Advise(
				`send large records with: a record of 1MiB is sent to "orders", or from a generator`)
		}
	}
	return f.checkLanguage()
}

var languageLine = regexp.MustCompile(`^#\s*language\s*:\s*([a-zA-Z\-_]+)$`)

// languageNamed is the language that a comment before the feature names, and the comment's line; "" and 0 where none
// does.
func (f *feature) languageNamed() (code string, at int) {
	for i, line := range strings.Split(string(f.text), "\n") {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			return code, at
		}
		if m := languageLine.FindStringSubmatch(line); m != nil {
			code, at = m[1], i+1
		}
	}
	return code, at
}

// checkLanguage refuses a language without keywords.
func (f *feature) checkLanguage() *source.Error {
	code, at := f.languageNamed()
	if at == 0 || gherkin.DialectsBuiltin().GetDialect(code) != nil {
		return nil
	}
	return f.at(at).Errorf("got language %q, which Gherkin has no keywords for", code).Advise(
		"use a code such as en, or remove the line")
}

// beginning is what the file is to begin with, in its language.
func (f *feature) beginning() string {
	code, at := f.languageNamed()
	if dialect := gherkin.DialectsBuiltin().GetDialect(code); at > 0 && code != "en" && dialect != nil {
		return fmt.Sprintf("line %d says that the keywords are those of the language %q: begin with %s: what it is about, "+
			"or remove that line", at, code, dialect.FeatureKeywords()[0])
	}
	return "begin the file with: Feature: what it is about"
}

// parseGherkin fails where the library panics.
func parseGherkin(text []byte, newID func() string) (document *messages.GherkinDocument, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the parser gives up on it: %v", p)
		}
	}()
	builder := &docStrings{AstBuilder: gherkin.NewAstBuilder(newID)}
	parser := gherkin.NewParser(builder)
	parser.StopAtFirstError(false)
	err = parser.Parse(gherkin.NewScanner(bytes.NewReader(text)), gherkin.NewMatcher(gherkin.DialectsBuiltin()))
	return builder.GetGherkinDocument(), err
}

// docStrings hands the lines of a doc string on as one: the library joins them by copying all of those before each,
// which takes minutes for a long one.
type docStrings struct {
	gherkin.AstBuilder
	first *gherkin.Token // of the doc string that is being read; nil for none
	lines []string
}

// StartRule implements gherkin.Builder.
func (d *docStrings) StartRule(rule gherkin.RuleType) (bool, error) {
	d.first, d.lines = nil, nil
	return d.AstBuilder.StartRule(rule)
}

// Build implements gherkin.Builder.
func (d *docStrings) Build(token *gherkin.Token) (bool, error) {
	if token.Type == gherkin.TokenTypeDocStringSeparator && d.lines == nil {
		d.lines = []string{} // its beginning
		return d.AstBuilder.Build(token)
	}
	if token.Type == gherkin.TokenTypeOther && d.lines != nil {
		if d.first == nil {
			d.first = token
		}
		d.lines = append(d.lines, token.Text)
		return true, nil
	}
	if d.first != nil {
		d.first.Text = strings.Join(d.lines, "\n")
		if ok, err := d.AstBuilder.Build(d.first); !ok || err != nil {
			return ok, err
		}
	}
	d.first, d.lines = nil, nil
	return d.AstBuilder.Build(token)
}

// taken reports lines that were meant to be steps or scenarios and are taken for description, so that they would never
// run. isStep knows steps by their text, without the keyword.
func (f *feature) taken(isStep func(text string) bool) (problems source.Errors) {
	lines := strings.Split(string(f.text), "\n")
	describe := func(text string, at int) { // at is the line of the keyword, so the index of the line behind it
		for described := range strings.Lines(text) {
			described = strings.TrimSpace(described)
			for at < len(lines) && strings.TrimSpace(lines[at]) != described {
				at++
			}
			at++
			words := strings.Fields(described)
			switch {
			case len(words) == 0:
			case isStep(strings.Join(words[1:], " ")):
				problems = append(problems, f.at(at).Errorf("this step is taken for description and would never run: %s",
					strings.Join(words, " ")).Advise("begin it with Given, When, Then, And or But and one blank, below a line "+
					"that begins with Scenario: or Background:"))
			case strings.HasPrefix(nearKeyword(described), "Scenario") && at < len(lines) && startsStep(lines[at]):
				problems = append(problems, f.at(at).Errorf("this line is taken for description, and nothing below it would "+
					"run: %s", described).Advise("did you mean "+nearKeyword(described)+"?"))
			}
		}
	}
	for _, b := range f.blocks {
		describe(b.description, b.line)
		if b.scenario == nil {
			continue
		}
		for _, e := range b.scenario.Examples {
			describe(e.Description, int(e.Location.Line))
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
