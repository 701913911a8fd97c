package report

import (
	_ "embed"
	"html/template"
	"io"
	"time"
)

//go:embed report.html.tmpl
var htmlText string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"took": took,
	"more": More.text,
	"text": clean,
	"when": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") },
	"open": func(s Status) bool { return s != Passed && s != NotApplicable },
}).Parse(htmlText))

// htmlFeature is one feature with the scenarios of a page.
type htmlFeature struct {
	Name, File string
	Scenarios  []Scenario
}

// htmlCount is how many scenarios have a status.
type htmlCount struct {
	Status Status
	N      int
}

// HTML writes the results as one page that needs nothing else: no script, no style sheet or picture from elsewhere.
// Scenarios that did not pass stand open with all that is known of them.
func HTML(w io.Writer, r Results) error {
	page := struct {
		Results
		Features []*htmlFeature
		Counts   []htmlCount
	}{Results: r}
	features := map[string]*htmlFeature{}
	for _, s := range r.Scenarios {
		f := features[s.File+"\n"+s.Feature]
		if f == nil {
			f = &htmlFeature{Name: s.Feature, File: s.File}
			features[s.File+"\n"+s.Feature] = f
			page.Features = append(page.Features, f)
		}
		f.Scenarios = append(f.Scenarios, s)
	}
	for _, status := range statuses {
		if n := r.Count(status); n > 0 {
			page.Counts = append(page.Counts, htmlCount{status, n})
		}
	}
	return htmlTemplate.Execute(w, page)
}
