package runner_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

func TestKeywordsOf(t *testing.T) {
	for _, c := range []struct {
		text, step string
		kind       steps.Keyword
		block, is  string
	}{
		{"Feature: f", "Given ", steps.Given, "Examples", "Examples"},
		{"# a comment\n#language:de\nFunktionalität: f", "Wenn ", steps.When, "Grundlage", "Background"},
		{"# language: de\nFunktionalität: f", "Und ", steps.Any, "Szenario", "Scenario"},
		{"# language: ja\n機能: f", "ならば", steps.Then, "機能", "Feature"}, // without a blank
		{"# language: xx\nFeature: f", "* ", steps.Any, "Scenario Outline", "Scenario Outline"},
		{"Feature: f\n# language: de\n", "Then ", steps.Then, "Rule", "Rule"}, // too late
	} {
		k := runner.KeywordsOf(c.text)
		if kind, known := k.Steps[c.step]; !known || kind != c.kind {
			t.Errorf("%q: got %q for %q (%t), want %s", c.text, kind, c.step, known, c.kind)
		}
		if k.Blocks[c.block] != c.is {
			t.Errorf("%q: got %q for %q, want %s", c.text, k.Blocks[c.block], c.block, c.is)
		}
	}
}
