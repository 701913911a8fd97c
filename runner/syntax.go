package runner

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// syntaxLine is one of the complaints that the parser of Gherkin gives as a single text.
var syntaxLine = regexp.MustCompile(`(?m)^\((\d+):\d+\): (.*)$`)

// syntaxProblems gives each of the parser's complaints its line.
func (f *feature) syntaxProblems(err error) (problems source.Errors) {
	for _, m := range syntaxLine.FindAllStringSubmatch(err.Error(), -1) {
		line, _ := strconv.Atoi(m[1]) // digits, by the expression
		text, hint := syntaxProblem(m[2], f.beginning())
		problems = append(problems, f.at(line).Errorf("%s", text).Advise(hint))
		if strings.Contains(m[2], "#FeatureLine") {
			return problems // without a feature every line is wrong
		}
	}
	if len(problems) == 0 {
		return source.Errors{f.at(1).Errorf("not a feature file: %w", err)}
	}
	if len(problems) > 3 { // one slip makes the parser stumble over all that follows
		more := source.Error{Place: problems[3].Place, Err: fmt.Errorf("%d more of this kind", len(problems)-3)}
		return append(problems[:3:3], &more)
	}
	return problems
}

func syntaxProblem(text, beginning string) (problem, hint string) {
	if strings.Contains(text, "inconsistent cell count") {
		return "the table is ragged: this row has another number of cells than the first",
			`give every row the same number of | cells, and a | at its end; write \| for a bar inside a cell`
	}
	if expected, ok := strings.CutPrefix(text, "unexpected end of file, expected: "); ok {
		if strings.Contains(expected, "#DocStringSeparator") {
			return "the file ends within a doc string", `end the doc string with """ on a line of its own`
		}
		return "the file ends where there must be " + plainTokens(expected), ""
	}
	expected, got, ok := strings.Cut(text, ", got ")
	if !ok || !strings.HasPrefix(expected, "expected: ") {
		return "syntax: " + text, ""
	}
	got = strings.TrimSpace(strings.Trim(got, "'"))
	switch {
	case strings.Contains(expected, "#FeatureLine"):
		return fmt.Sprintf("syntax: got %#q before any feature", shortened(got)),
			beginning
	case strings.HasPrefix(got, "Feature:"):
		return "syntax: got a second feature in the file, want one",
			"put it into a file of its own, or write Rule: to group scenarios"
	}
	if near := nearKeyword(got); near != "" && strings.HasPrefix(got, near) {
		hint = "steps stand below a line that begins with Scenario: or Background:"
	} else if near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	} else if strings.Contains(expected, "#StepLine") {
		hint = "a step begins with Given, When, Then, And, But or *, and a blank; # begins a comment"
	}
	wants := plainTokens(strings.TrimPrefix(expected, "expected: "))
	return fmt.Sprintf("syntax: got %#q, want %s", shortened(got), wants), hint
}

// nearKeyword is the keyword that the first word of a line was probably meant to be.
func nearKeyword(line string) string {
	if word, _, ok := strings.Cut(line, ":"); ok {
		if near := nearest.Word(word, []string{"Scenario", "Scenario Outline", "Background", "Rule",
			"Examples"}); near != "" {
			return near + ":"
		}
	}
	word, _, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	return nearest.Word(word, stepKeywords)
}

var stepKeywords = []string{"Given", "When", "Then", "And", "But"}

// plainTokens turns the parser's list of token names into what can be written there.
func plainTokens(expected string) string {
	plain := map[string]string{
		"#FeatureLine": "Feature:", "#ScenarioLine": "Scenario:", "#StepLine": "a step", "#TableRow": "a table row",
		"#ExamplesLine":   "Examples:",
		"#BackgroundLine": "Background:", "#RuleLine": "Rule:", "#TagLine": "a tag", "#DocStringSeparator": "a doc string",
	}
	var wants []string
	for _, token := range strings.Split(expected, ", ") {
		if word, ok := plain[token]; ok && !slices.Contains(wants, word) {
			wants = append(wants, word)
		}
	}
	if len(wants) > 1 {
		last := len(wants) - 1
		return strings.Join(wants[:last], ", ") + " or " + wants[last]
	}
	return strings.Join(wants, "")
}

// shortened keeps a quoted piece of the input readable.
func shortened(text string) string {
	const most = 80
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
