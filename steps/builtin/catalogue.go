package builtin

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/kafkaspec/kafkaspec/steps"
)

//go:generate go run ../internal/catalogue -steps . -docs ../../docs/STEPS.md

// Entry is what the catalogue says of one step.
type Entry struct {
	Keyword steps.Keyword
	Phrase  string
	Kinds   []steps.Kind // of an expectation, several where its parts decide; none for a step that is none
	Family  string       // base name of its file: "topics"
	Doc     string       // the handler's doc comment
	Blind   string       `json:",omitempty"` // what an expectation does not look at
	// steps that pass on the embedded broker; a test runs them. Empty where something outside is needed.
	Example string
	Parts   []string `json:",omitempty"` // names of those parameters that are put together from forms
}

// Part is what the catalogue says of a parameter that is put together from forms.
type Part struct {
	Name, Doc string
	Forms     []Form
}

// Form is one form of a part.
type Form struct {
	Words   string
	Kinds   []steps.Kind `json:",omitempty"` // that it gives to a step it stands in
	Doc     string
	Blind   string `json:",omitempty"` // what an expectation of that form does not look at
	Example string `json:",omitempty"`
}

//go:embed catalogue.json
var catalogue []byte

// All is what the catalogue says.
type All struct {
	Parts []Part  // sorted by name
	Steps []Entry // sorted by family and phrase
}

// Catalogue says everything of kafkaspec's own steps.
var Catalogue = sync.OnceValue(func() All {
	var all All
	if err := json.Unmarshal(catalogue, &all); err != nil { // written by the generator
		panic(fmt.Sprintf("read the catalogue of steps: %v", err))
	}
	return all
})
