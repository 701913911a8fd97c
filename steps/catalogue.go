package steps

//go:generate go run ./internal/catalogue -steps . -docs ../docs/STEPS.md -vscode ../.vscode/settings.json

// Entry is what the catalogue says of one step.
type Entry struct {
	Keyword Keyword
	Phrase  string
	Family  string // base name of its file: "topics"
	Doc     string // the handler's doc comment
	Example string // steps that pass on the embedded broker; a test runs them. Empty where something outside is needed.
	File    string
	Line    int
}

// Catalogue lists kafkaspec's own steps, sorted by family and phrase.
func Catalogue() []Entry { return catalogue }
