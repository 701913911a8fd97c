package steps

import (
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// NeedsOf collects what the steps of a scenario ask of it.
func NeedsOf(matches []Match) world.Needs {
	var n world.Needs
	for _, m := range matches {
		for _, need := range m.Definition.needs {
			need(&n, m.Names)
		}
		if m.Definition.Keyword == Then {
			world.Expects(&n, m.Names)
		}
	}
	return n
}
