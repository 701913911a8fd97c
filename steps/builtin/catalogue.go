package builtin

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/kafkaspec/kafkaspec/steps"
)

//go:generate go run ../internal/catalogue -steps . -docs ../../docs/STEPS.md -vscode ../../.vscode/settings.json

// Entry is what the catalogue says of one step.
type Entry struct {
	Keyword steps.Keyword
	Phrase  string
	Kind    steps.Kind // of an expectation; empty for a step that is none
	Family  string     // base name of its file: "topics"
	Doc     string     // the handler's doc comment
	// steps that pass on the embedded broker; a test runs them. Empty where something outside is needed.
	Example string
}

//go:embed catalogue.json
var catalogue []byte

// Catalogue lists kafkaspec's own steps, sorted by family and phrase.
var Catalogue = sync.OnceValue(func() []Entry {
	var entries []Entry
	if err := json.Unmarshal(catalogue, &entries); err != nil { // written by the generator
		panic(fmt.Sprintf("read the catalogue of steps: %v", err))
	}
	return entries
})
