package runner

import (
	"maps"
	"slices"

	gherkin "github.com/cucumber/gherkin/go/v26"

	"github.com/kafkaspec/kafkaspec/steps"
)

// Keywords are what a feature's language writes for Gherkin's keywords.
type Keywords struct {
	// Feature, Rule, Background, Scenario, Scenario Outline and Examples, by what is written
	Blocks map[string]string
	// by what is written, a blank behind it where there must be one; And and But are Any
	Steps map[string]steps.Keyword
}

// blockKeywords are the names of blocks in the library, and in English.
var blockKeywords = map[string]string{"feature": "Feature", "rule": "Rule", "background": "Background",
	"scenario": "Scenario", "scenarioOutline": "Scenario Outline", "examples": "Examples"}

// KeywordsOf are those of the language that a comment before the feature names; of English where none does, or where
// nobody knows it.
func KeywordsOf(text string) Keywords {
	code, _ := (&feature{text: []byte(text)}).languageNamed()
	dialect := gherkin.DialectsBuiltin().GetDialect(code)
	if dialect == nil {
		dialect = gherkin.DialectsBuiltin().GetDialect("en")
	}
	k := Keywords{Blocks: map[string]string{}, Steps: map[string]steps.Keyword{"* ": steps.Any}}
	for _, name := range slices.Sorted(maps.Keys(blockKeywords)) {
		for _, written := range dialect.Keywords[name] {
			k.Blocks[written] = blockKeywords[name]
		}
	}
	for name, kind := range map[string]steps.Keyword{"given": steps.Given, "when": steps.When, "then": steps.Then,
		"and": steps.Any, "but": steps.Any} {
		for _, written := range dialect.Keywords[name] {
			kind := kind
			if other, known := k.Steps[written]; known && other != kind {
				kind = steps.Any // what stands for several goes with what is before it
			}
			k.Steps[written] = kind
		}
	}
	return k
}
