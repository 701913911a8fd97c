package world

import (
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Settings is a table of two columns or a YAML doc string, as YAML; empty where the step has neither.
type Settings struct {
	YAML   []byte
	Source record.Source
	Lines  map[string]int // of a table: where each setting stands, by dotted key
}

// Parse reads the settings. Errors about one, also later ones, have the line where it stands in the feature.
func (s Settings) Parse() (app.Settings, error) {
	parsed, err := app.ParseSettings(s.YAML, s.Source.Place)
	if err == nil && s.Lines != nil {
		parsed.OnLines(s.Lines)
	}
	return parsed, err
}
