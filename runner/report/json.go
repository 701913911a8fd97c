package report

import (
	"encoding/json"
	"io"
)

// JSON writes the results as one indented JSON object: the same bytes for the same results.
func JSON(w io.Writer, r Results) error { return encode(w, r) }

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
