package world

import (
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Settings is a table of two columns or a YAML doc string, as YAML; empty where the step has neither.
type Settings struct {
	YAML   []byte
	Source record.Source
}
