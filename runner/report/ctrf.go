package report

import (
	"cmp"
	"io"
	"time"
)

// The Common Test Report Format, as https://ctrf.io describes it. Times are milliseconds.
type (
	ctrfReport struct {
		ReportFormat string      `json:"reportFormat"`
		SpecVersion  string      `json:"specVersion"`
		GeneratedBy  string      `json:"generatedBy"`
		Results      ctrfResults `json:"results"`
	}
	ctrfResults struct {
		Tool        ctrfTool        `json:"tool"`
		Summary     ctrfSummary     `json:"summary"`
		Tests       []ctrfTest      `json:"tests"`
		Environment ctrfEnvironment `json:"environment"`
	}
	ctrfTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	ctrfSummary struct {
		Tests    int   `json:"tests"`
		Passed   int   `json:"passed"`
		Failed   int   `json:"failed"`
		Skipped  int   `json:"skipped"`
		Pending  int   `json:"pending"`
		Other    int   `json:"other"`
		Suites   int   `json:"suites"`
		Start    int64 `json:"start"`
		Stop     int64 `json:"stop"`
		Duration int64 `json:"duration"`
	}
	ctrfTest struct {
		Name        string            `json:"name"`
		Status      string            `json:"status"`
		RawStatus   Status            `json:"rawStatus"`
		Duration    int64             `json:"duration"`
		Suite       []string          `json:"suite"`
		Message     string            `json:"message,omitempty"`
		Trace       string            `json:"trace,omitempty"`
		FilePath    string            `json:"filePath"`
		Line        int               `json:"line"`
		Tags        []string          `json:"tags,omitempty"`
		Parameters  map[string]string `json:"parameters,omitempty"`
		Steps       []ctrfStep        `json:"steps,omitempty"`
		Attachments []ctrfAttachment  `json:"attachments,omitempty"`
	}
	ctrfStep struct {
		Name   string `json:"name"`
		Status string `json:"status"`
	}
	ctrfAttachment struct {
		Name        string `json:"name"`
		ContentType string `json:"contentType"`
		Path        string `json:"path"` // below the folder of the report
	}
	ctrfEnvironment struct {
		TestEnvironment string         `json:"testEnvironment"`
		Extra           map[string]any `json:"extra"`
	}
)

// ctrfStatuses are ours in the format's words. What says nothing about the application must not look like a pass.
var ctrfStatuses = map[Status]string{Passed: "passed", Failed: "failed", Inconclusive: "failed", Refused: "failed",
	NotApplicable: "skipped", Skipped: "skipped", Interrupted: "other"}

// CTRF writes the results in the Common Test Report Format.
func CTRF(w io.Writer, r Results) error {
	version := clean(r.Kafkaspec)
	c := ctrfReport{ReportFormat: "CTRF", SpecVersion: "1.0.0", GeneratedBy: "kafkaspec " + version}
	c.Results.Tool = ctrfTool{"kafkaspec", version}
	c.Results.Environment = ctrfEnvironment{clean(r.Cluster), map[string]any{"seed": r.Seed, "go": clean(r.Go),
		"cores": r.Cores}}
	sum := &c.Results.Summary
	sum.Start, sum.Duration = r.Started.UnixMilli(), r.Duration.Milliseconds()
	sum.Stop = sum.Start + sum.Duration
	c.Results.Tests = []ctrfTest{}
	suites := map[string]bool{}
	for _, s := range append(r.Scenarios[:len(r.Scenarios):len(r.Scenarios)], others(r)...) {
		c.Results.Tests = append(c.Results.Tests, ctrfScenario(s))
		suites[s.File] = true
		sum.Tests++
		switch ctrfStatuses[s.Status] {
		case "passed":
			sum.Passed++
		case "failed":
			sum.Failed++
		case "skipped":
			sum.Skipped++
		default:
			sum.Other++
		}
	}
	sum.Suites = len(suites)
	return encode(w, c)
}

func ctrfScenario(s Scenario) ctrfTest {
	t := ctrfTest{Name: cmp.Or(clean(s.Title()), clean(s.ID())), Status: ctrfStatuses[s.Status], RawStatus: s.Status,
		Duration: s.Duration.Round(time.Millisecond).Milliseconds(), Suite: []string{clean(s.Feature)},
		FilePath: clean(s.File), Line: s.Line, Parameters: map[string]string{}}
	if s.Rule != "" {
		t.Suite = append(t.Suite, clean(s.Rule))
	}
	for _, tag := range s.Tags {
		t.Tags = append(t.Tags, clean(tag))
	}
	for column, value := range s.Row {
		t.Parameters[clean(column)] = clean(value)
	}
	for _, step := range s.Steps {
		t.Steps = append(t.Steps, ctrfStep{clean(step.Keyword + " " + step.Text), ctrfStatuses[step.Status]})
	}
	if s.Failure != nil {
		t.Message, t.Trace = clean(s.Failure.Message), clean(FailureText(s))
	}
	if s.Journal != "" {
		t.Attachments = []ctrfAttachment{{"journal", "application/x-ndjson", clean(s.Journal)}}
	}
	return t
}
