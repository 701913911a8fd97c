package steps

import (
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// Blank is an error where an expectation looks for a text that is empty once variables have their values: it is found
// everywhere.
func (m Match) Blank(vars record.Vars) error {
	full, err := m.expanded(vars)
	if err != nil || !m.Definition.Awaited {
		return nil // refused otherwise
	}
	if text := emptied(full.Values); text != "" {
		return fmt.Errorf("got %q, which is empty here, and an empty text is found everywhere; write what is expected", text)
	}
	return nil
}

// emptied is the first text that variables have made empty, as it stands in the step; "" is none. Values keep the text
// of the step.
func emptied(values []phrase.Value) string {
	for _, v := range values {
		text, isText := v.Value.(string)
		if isText && v.Param == "string" && strings.TrimSpace(text) == "" && strings.TrimSpace(v.Text) != "" {
			return v.Text
		}
		if within := emptied(v.Inner); within != "" {
			return within
		}
	}
	return ""
}
