package page

import (
	"encoding/json"
	"io"
)

// Figures is a page of charts alone, such as those of a measurement.
type Figures struct {
	Title  string      `json:"title"`
	Rows   [][2]string `json:"rows"` // what is said of them: name and text
	Charts []Chart     `json:"charts"`
}

var figures = asset("common.js", "numbers.js", "figures.js")

// Write writes the page, which needs nothing else.
func (f Figures) Write(w io.Writer) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return fill(w, f.Title, figures, data)
}
