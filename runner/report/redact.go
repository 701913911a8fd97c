package report

import (
	"encoding/base64"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Redactor hides secrets in whatever is written. The nil Redactor hides nothing.
type Redactor struct{ replacer *strings.Replacer }

// hidden stands wherever a secret stood.
const hidden = "***"

// NewRedactor hides these texts and the forms they take when quoted, put into a URL or encoded as base64.
// Empty texts are ignored; longer ones win over shorter ones they contain.
func NewRedactor(secrets []string) *Redactor {
	var forms []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		quoted := strconv.Quote(secret)
		forms = append(forms, secret, quoted[1:len(quoted)-1], url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	if len(forms) == 0 {
		return nil
	}
	slices.Sort(forms)
	forms = slices.Compact(forms)
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, hidden)
	}
	return &Redactor{strings.NewReplacer(pairs...)}
}

// Text is the text without the secrets.
func (d *Redactor) Text(text string) string {
	if d == nil {
		return text
	}
	return d.replacer.Replace(text)
}

// Redact wraps a writer so that it never sees the secrets.
func Redact(secrets []string, write Writer) Writer {
	d := NewRedactor(secrets)
	return func(w io.Writer, r Results) error { return write(w, d.Results(r)) }
}

// Results is a copy of r without the secrets; r stays as it is.
func (d *Redactor) Results(r Results) Results {
	if d == nil {
		return r
	}
	r.Cluster = d.Text(r.Cluster)
	r.Scenarios = slices.Clone(r.Scenarios)
	for i := range r.Scenarios {
		r.Scenarios[i] = d.Scenario(r.Scenarios[i])
	}
	return r
}

// Scenario is a copy of s without the secrets.
func (d *Redactor) Scenario(s Scenario) Scenario {
	if d == nil {
		return s
	}
	s.Feature, s.Rule, s.Name, s.File = d.Text(s.Feature), d.Text(s.Rule), d.Text(s.Name), d.Text(s.File)
	s.Tags = d.texts(s.Tags)
	if s.Row != nil {
		row := make(map[string]string, len(s.Row))
		for column, value := range s.Row {
			row[d.Text(column)] = d.Text(value)
		}
		s.Row = row
	}
	s.Steps = slices.Clone(s.Steps)
	for i := range s.Steps {
		s.Steps[i] = d.Step(s.Steps[i])
	}
	if s.Failure != nil {
		s.Failure = d.failure(*s.Failure)
	}
	return s
}

// Step is a copy of s without the secrets.
func (d *Redactor) Step(s Step) Step {
	s.Text, s.Error, s.Notes = d.Text(s.Text), d.Text(s.Error), d.texts(s.Notes)
	return s
}

func (d *Redactor) failure(f Failure) *Failure {
	f.Step, f.File, f.Message, f.Timeline = d.Text(f.Step), d.Text(f.File), d.Text(f.Message), d.Text(f.Timeline)
	f.Cluster, f.Rerun = d.Text(f.Cluster), d.Text(f.Rerun)
	f.AppLines = slices.Clone(f.AppLines)
	for i, lines := range f.AppLines {
		f.AppLines[i] = AppLines{App: d.Text(lines.App), State: d.Text(lines.State), Lines: d.texts(lines.Lines)}
	}
	return &f
}

func (d *Redactor) texts(texts []string) []string {
	if d == nil || texts == nil {
		return texts
	}
	redacted := make([]string, len(texts))
	for i, text := range texts {
		redacted[i] = d.Text(text)
	}
	return redacted
}
