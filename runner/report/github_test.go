package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// hostile is what a record, a name or a log line may hold.
const hostile = "::error file=x::a\r\n::set-output name=x::y\n  ##[group]z\x1b[31m%0A::stop-commands::t\n" +
	"<script>alert(1)</script>]]>\x00\u202e\xff | x |\n| a, b: c | \\| ![i](http://x.org/`) \"q\" &amp; {\"}\n# head\n```"

// hostileResults have it in every text.
func hostileResults() Results {
	r := sample()
	r.Cluster, r.NotStartedWhy = hostile, hostile
	r.NotStarted = []NotStarted{{Feature: hostile, Name: hostile, File: hostile, Line: 3}}
	r.More = []More{{Feature: hostile, Name: hostile, File: hostile, Line: 2, Counts: map[Status]int{Failed: 2}}}
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		s.Feature, s.Rule, s.Name, s.File = hostile, hostile, hostile, hostile
		s.Tags, s.Row, s.Line = []string{hostile}, map[string]string{hostile: hostile}, i+1
		s.Steps = []Step{{Keyword: "Then", Text: hostile, Status: s.Status, Error: hostile, Notes: []string{hostile},
			Table: [][]string{{hostile, ""}, {}}},
			{Keyword: "And", Text: hostile, Status: s.Status, Doc: &Doc{Text: hostile, MediaType: hostile}}}
		if s.Failure != nil {
			*s.Failure = Failure{Step: hostile, File: hostile, Message: strings.Repeat(hostile, 1000), Timeline: hostile,
				AppLines: []AppLines{{App: hostile, State: hostile, Lines: []string{hostile}}}, Cluster: hostile, Rerun: hostile,
				Findings:    []Finding{{Kind: hostile, Topic: hostile, Detail: hostile, Advice: hostile}},
				Differences: []Difference{{Want: hostile, Got: hostile, Fields: []Field{{hostile, hostile, hostile}}}}}
		}
	}
	return r
}

// annotation is a whole workflow command: no other can begin in it.
var annotation = regexp.MustCompile(`^::error file=[^:,\r\n]*,line=\d+,title=[^:,\r\n]*::[^\r\n]*$`)

func TestAnnotationsAreOneCommandEach(t *testing.T) {
	for name, r := range map[string]Results{"sample": sample(), "hostile": hostileResults()} {
		var text bytes.Buffer
		if err := Annotations("sub")(&text, r); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
		if len(lines) != 2 { // one failed, one is inconclusive
			t.Errorf("%s: got %d lines, want 2", name, len(lines))
		}
		for _, line := range lines {
			if !annotation.MatchString(line) || len(line) > 3*annotationLength {
				t.Errorf("%s: got %.300q, want one command", name, line)
			}
		}
	}
	var text bytes.Buffer
	if err := Annotations("sub")(&text, sample()); err != nil {
		t.Fatal(err)
	}
	checkGolden(t, "annotations.txt", text.Bytes())
}

func TestSummaryIsATable(t *testing.T) {
	var text bytes.Buffer
	if err := Summary(1<<20)(&text, sample()); err != nil {
		t.Fatal(err)
	}
	checkGolden(t, "summary.md", text.Bytes())

	r := hostileResults()
	r.Scenarios[0].Failure.Message = hostile
	for i := range 1_000 {
		s := r.Scenarios[0]
		s.Line, s.File = 100+i, fmt.Sprint(i)
		r.Scenarios = append(r.Scenarios, s)
	}
	text.Reset()
	if err := Summary(100_000)(&text, r); err != nil {
		t.Fatal(err)
	}
	if text.Len() > 100_000 || !strings.Contains(text.String(), " left out; the report has all.") {
		t.Errorf("got %d bytes, want at most 100,000, and how much was left out", text.Len())
	}
	row := regexp.MustCompile(`^\|(?:(?:[^|\\<>*_\x60\[\]&]|\\[^\n|]|&#\d+;)*\|){4}$|^\| --- \|`)
	for i, line := range strings.Split(text.String(), "\n") {
		if i > 1 && strings.HasPrefix(line, "|") && !row.MatchString(line) {
			t.Fatalf("got %.500q, want a row of four cells in which nothing means anything", line)
		}
	}
}

// TestTooLongASummary has no room for anything.
func TestTooLongASummary(t *testing.T) {
	var text bytes.Buffer
	if err := Summary(100)(&text, Results{Duration: time.Second}); err != nil || text.Len() > 100 {
		t.Errorf("got %v and %d bytes, want at most 100", err, text.Len())
	}
}
