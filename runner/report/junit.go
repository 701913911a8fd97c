package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// The elements and attributes are those that Jenkins (junit and xunit plugins), GitLab and the usual GitHub actions
// read. The file and line of a case go beyond the schema of Jenkins' xunit plugin (its junit plugin checks none):
// GitLab and GitHub link by them. Everything else keeps to that schema.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Suites []*junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		File string `xml:"file,attr"`
		junitCounts
		Skipped    int             `xml:"skipped,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Time     string `xml:"time,attr"`

		duration time.Duration
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Classname string        `xml:"classname,attr"`
		Name      string        `xml:"name,attr"`
		File      string        `xml:"file,attr"`
		Line      int           `xml:"line,attr"`
		Time      string        `xml:"time,attr"`
		Skipped   *junitSkipped `xml:"skipped"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		SystemOut *junitText    `xml:"system-out"`
	}
	junitText struct {
		Text string `xml:",cdata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
)

// JUnit writes the results as JUnit XML: a suite for each feature, a case for each scenario. A failed scenario is a
// failure; an inconclusive, interrupted or refused one is an error, for it says nothing about the application; one that
// is not applicable is skipped, with the reason.
func JUnit(w io.Writer, r Results) error {
	all := junitSuites{Name: "kafkaspec"}
	suites := map[string]*junitSuite{}
	names := map[string]int{}
	add := func(s Scenario) {
		suite := suites[s.File+"\n"+s.Feature]
		if suite == nil {
			suite = &junitSuite{Name: clean(s.Feature), File: clean(s.File), Properties: junitProperties(r),
				Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05")}
			suites[s.File+"\n"+s.Feature] = suite
			all.Suites = append(all.Suites, suite)
		}
		c := junitScenario(s)
		// Readers keep one result per class and name, so the second scenario of a name says where it stands.
		names[c.Classname+"\n"+c.Name]++
		if names[c.Classname+"\n"+c.Name] > 1 {
			c.Name += fmt.Sprintf(" (line %d)", s.Line)
		}
		suite.Cases = append(suite.Cases, c)
		suite.add(s)
		if s.Status == NotApplicable {
			suite.Skipped++
		}
		all.add(s)
	}
	for _, s := range r.Scenarios {
		add(s)
	}
	for _, s := range others(r) {
		add(s)
	}
	all.duration = r.Duration
	for _, suite := range all.Suites {
		suite.Time = junitSeconds(suite.duration)
	}
	all.Time = junitSeconds(all.duration)

	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// others are results for what has none of its own: one for all runs of a scenario that were only counted and ended in
// the same way, and one for each scenario that was not started, since nothing can be said of it.
func others(r Results) (all []Scenario) {
	for _, m := range r.More {
		for _, status := range statuses {
			if m.Counts[status] > 0 {
				text := More{Counts: map[Status]int{status: m.Counts[status]}}.String()
				all = append(all, Scenario{Feature: m.Feature, Name: m.Name + " [" + text + "]", File: m.File, Line: m.Line,
					Status: status, Failure: &Failure{File: m.File, Line: m.Line, Message: text + ", and are not kept one by one"}})
			}
		}
	}
	for _, s := range r.NotStarted {
		all = append(all, Scenario{Feature: s.Feature, Name: s.Name, File: s.File, Line: s.Line, Status: Interrupted,
			Failure: &Failure{File: s.File, Line: s.Line, Message: "not started, as " + r.NotStartedWhy}})
	}
	return all
}

func (c *junitCounts) add(s Scenario) {
	c.Tests++
	c.duration += s.Duration
	switch s.Status {
	case Failed:
		c.Failures++
	case Inconclusive, Interrupted, Refused:
		c.Errors++
	}
}

func junitProperties(r Results) []junitProperty {
	return []junitProperty{
		{"cluster", clean(r.Cluster)},
		{"seed", strconv.FormatInt(r.Seed, 10)},
		{"kafkaspec", clean(r.Kafkaspec)},
		{"go", clean(r.Go)},
		{"cores", strconv.Itoa(r.Cores)},
	}
}

func junitScenario(s Scenario) junitCase {
	c := junitCase{Classname: clean(s.Feature), Name: clean(s.Title()), File: clean(s.File), Line: s.Line,
		Time: junitSeconds(s.Duration)}
	if s.Rule != "" {
		c.Classname += " / " + clean(s.Rule)
	}
	message := string(s.Status)
	if s.Failure != nil {
		message = firstLine(s.Failure.Message)
	}
	switch s.Status {
	case Failed:
		c.Failure = &junitProblem{Message: message, Type: string(s.Status), Text: clean(FailureText(s))}
	case Inconclusive, Interrupted, Refused:
		c.Error = &junitProblem{Message: message, Type: string(s.Status), Text: clean(FailureText(s))}
	case NotApplicable:
		c.Skipped = &junitSkipped{Message: message}
	}
	if output := clean(junitOutput(s)); output != "" {
		c.SystemOut = &junitText{output}
	}
	return c
}

// junitOutput is what the applications wrote last, and what the steps measured.
func junitOutput(s Scenario) string {
	var b strings.Builder
	for _, note := range s.notes() {
		b.WriteString(note + "\n")
	}
	if s.Failure != nil {
		for _, lines := range s.Failure.AppLines {
			writeAppLines(&b, "", lines)
		}
	}
	return b.String()
}

func junitSeconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
