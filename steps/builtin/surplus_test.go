package builtin

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/steps"
)

func TestSurplusOfFacts(t *testing.T) {
	of := func(offset int64) journal.Fact {
		return journal.Fact{Kind: journal.Processed, Topic: "orders", Offset: offset, Key: "k"}
	}
	two := steps.Amount{Limit: steps.Exactly, N: 2}
	for name, c := range map[string]struct {
		facts []journal.Fact
		want  steps.Amount
		text  string
	}{
		"as many as wanted": {[]journal.Fact{of(1), of(1)}, two, ""},
		"one again":         {[]journal.Fact{of(1), of(2), of(1)}, two, `too many: orders partition 0 offset 1 key "k" again`},
		"none again":        {[]journal.Fact{of(1), of(2), of(3)}, two, `the last one: orders partition 0 offset 3 key "k"`},
		"at least": {[]journal.Fact{of(1), of(2), of(1)}, steps.Amount{Limit: steps.AtLeast, N: 2},
			""},
		"about no record": {[]journal.Fact{{Offset: -1}, {Offset: -1}, {Offset: -1}}, two, ""},
	} {
		if got := surplus(c.facts, c.want); got != c.text {
			t.Errorf("%s: got %q, want %q", name, got, c.text)
		}
	}
}
