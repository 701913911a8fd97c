// Package page writes report.html: one page for people, with the results of a run and the facts of its scenarios drawn
// over time.
//
// The page needs nothing else: no network, no other file. Its data is JSON within it; its scripts draw from that when a
// scenario is opened. Facts are read from the journals in the report's folder, so that a saved folder gives the same
// page again.
package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kafkaspec/kafkaspec/runner/report"
)

// Name is that of the page in a folder of a report, and Journals the folder in it that holds the facts.
const (
	Name     = "report.html"
	Journals = "journals"
)

//go:embed assets
var assets embed.FS

// scripts in the order in which they stand in the page.
var scripts = []string{"common.js", "lanes.js", "marks.js", "timeline.js", "fact.js", "failure.js", "numbers.js",
	"overview.js"}

var (
	script = asset(scripts...)
	style  = asset("page.css")
	layout = template.Must(template.New("page").Parse(asset("page.html.tmpl")))
)

func asset(names ...string) string {
	var all strings.Builder
	for _, name := range names {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // it is embedded
		}
		all.Write(text)
	}
	return all.String()
}

// File is the page of a report's folder. Hide takes secrets out of texts of facts; nil for journals that hold none.
func File(folder string, hide func(string) string) report.File {
	return report.File{Name: Name, Write: func(w io.Writer, r report.Results) error { return write(w, r, folder, hide) }}
}

// run is what the page says of the whole run.
type run struct {
	Title      string   `json:"-"`
	Cluster    string   `json:"cluster"`
	Started    string   `json:"started"`
	Duration   float64  `json:"ms"`
	Seed       int64    `json:"seed"`
	Kafkaspec  string   `json:"kafkaspec"`
	Go         string   `json:"go"`
	Cores      int      `json:"cores"`
	Counts     []count  `json:"counts"`
	More       []string `json:"more,omitempty"` // runs that are not kept one by one
	LeftOut    []string `json:"leftOut,omitempty"`
	NotStarted []string `json:"notStarted,omitempty"`
	Why        string   `json:"why,omitempty"`

	Scenarios []scenario `json:"scenarios"`
}

// count is how many scenarios have a status.
type count struct {
	Status report.Status `json:"status"`
	N      int           `json:"n"`
}

// scenario is one with its facts.
type scenario struct {
	report.Scenario
	Anchor string `json:"anchor"`
	Title  string `json:"title"`
	Facts  string `json:"facts,omitempty"`   // of type timeline, as JSON, compressed by gzip, in base64
	Why    string `json:"noFacts,omitempty"` // why there are none
}

func write(w io.Writer, r report.Results, folder string, hide func(string) string) error {
	r = cut(r)
	all := run{
		Title: title(r), Cluster: r.Cluster, Started: r.Started.UTC().Format(time.RFC3339), Duration: ms(r.Duration),
		Seed: r.Seed, Kafkaspec: r.Kafkaspec, Go: r.Go, Cores: r.Cores, LeftOut: r.LeftOut, Why: r.NotStartedWhy,
		Counts: counts(r), Scenarios: make([]scenario, len(r.Scenarios)),
	}
	for _, m := range r.More {
		all.More = append(all.More, fmt.Sprintf("%s:%d  %s: %s", m.File, m.Line, m.Name, m))
	}
	for _, n := range r.NotStarted {
		all.NotStarted = append(all.NotStarted, n.String())
	}
	limits, taken := limitsFor(r), map[string]int{}
	each(len(r.Scenarios), func(i int) {
		one := r.Scenarios[i]
		s := &all.Scenarios[i]
		s.Scenario, s.Title = one, one.Title()
		if one.Failure != nil {
			failure := *one.Failure
			failure.Timeline = "" // it is drawn
			s.Failure = &failure
		}
		if one.Journal == "" {
			return
		}
		facts, err := read(filepath.Join(folder, Journals, path.Base(one.Journal)), &one, limits, hide)
		if s.Facts = facts; err != nil {
			s.Why = fmt.Sprintf("no facts: %v", err)
		}
	})
	for i := range all.Scenarios {
		s := &all.Scenarios[i]
		if s.Anchor = anchor(s.Scenario); taken[s.Anchor] > 0 {
			s.Anchor += fmt.Sprintf("-%d", taken[s.Anchor]+1)
		}
		taken[anchor(s.Scenario)]++
	}
	data, err := json.Marshal(all) // escapes what HTML would take for a tag
	if err != nil {
		return err
	}
	return fill(w, all.Title, script, data)
}

// fill writes a page with a script and its data, which is JSON.
func fill(w io.Writer, title, script string, data []byte) error {
	sum := sha256.Sum256([]byte(script))
	return layout.Execute(w, map[string]any{
		"Title": title, "Style": template.CSS(style), "Script": template.JS(script), "Data": template.JS(data),
		"Hash": base64.StdEncoding.EncodeToString(sum[:]),
	})
}

func counts(r report.Results) []count {
	all := []count{}
	for _, status := range []report.Status{report.Failed, report.Inconclusive, report.Refused, report.Interrupted,
		report.Passed, report.NotApplicable} {
		if n := r.Count(status); n > 0 {
			all = append(all, count{status, n})
		}
	}
	return all
}

// title is such as "2 failed, 17 passed".
func title(r report.Results) string {
	var parts []string
	for _, c := range counts(r) {
		parts = append(parts, fmt.Sprintf("%d %s", c.N, strings.ReplaceAll(string(c.Status), "-", " ")))
	}
	if len(parts) == 0 {
		return "nothing ran"
	}
	return strings.Join(parts, ", ")
}

var noWord = regexp.MustCompile(`[^a-z0-9]+`)

// anchor is by what a link names a scenario: poison-10 for features/dead-letters/poison.feature:10, with the repetition
// where there are several.
func anchor(s report.Scenario) string {
	name := strings.TrimSuffix(filepath.Base(filepath.ToSlash(s.File)), ".feature")
	name = fmt.Sprintf("%s-%d", strings.Trim(noWord.ReplaceAllString(strings.ToLower(name), "-"), "-"), s.Line)
	if s.Repeat > 1 {
		name += fmt.Sprintf("-run-%d", s.Repeat)
	}
	return name
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// mostText is how much of one text the page holds, in bytes.
const mostText = 20_000

// cut shortens what is too long to be read. Texts are cut in a copy, the results stay.
func cut(r report.Results) report.Results {
	scenarios := make([]report.Scenario, len(r.Scenarios))
	for i, s := range r.Scenarios {
		steps := make([]report.Step, len(s.Steps))
		for k, step := range s.Steps {
			step.Text, step.Error = shorten(step.Text, mostText), "" // the failure says it
			step.Table, step.Doc = cutUnder(step)
			steps[k] = step
		}
		s.Steps, s.Name = steps, shorten(s.Name, 1000)
		if s.Failure != nil {
			f := *s.Failure
			f.Message, f.Step = shorten(f.Message, mostText), shorten(f.Step, mostText)
			f.AppLines = nil
			for _, lines := range s.Failure.AppLines {
				short := make([]string, len(lines.Lines))
				for k, line := range lines.Lines {
					short[k] = shorten(line, mostText/10)
				}
				lines.Lines, lines.State = short, shorten(lines.State, mostText/10)
				f.AppLines = append(f.AppLines, lines)
			}
			s.Failure = &f
		}
		scenarios[i] = s
	}
	r.Scenarios = scenarios
	return r
}

// cutUnder is what stands under a step, as far as somebody reads it.
func cutUnder(step report.Step) (table [][]string, doc *report.Doc) {
	const mostRows = 200
	for i, row := range step.Table {
		if i == mostRows {
			table = append(table, []string{fmt.Sprintf("… and %d more rows", len(step.Table)-i)})
			break
		}
		cells := make([]string, len(row))
		for k, cell := range row {
			cells[k] = shorten(cell, mostText/10)
		}
		table = append(table, cells)
	}
	if step.Doc != nil {
		doc = &report.Doc{Text: shorten(step.Doc.Text, mostText), MediaType: step.Doc.MediaType}
	}
	return table, doc
}

// shorten cuts a text at a character and says what is missing.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	at := most
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return fmt.Sprintf("%s… (%d bytes in all)", text[:at], len(text))
}
