package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"unicode/utf8"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// finding is a mistake as programs read it. Lines and columns are counted from 1, columns in characters; 0 means that
// none is known. EndColumn is behind the last character.
type finding struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
	Message   string `json:"message"`
	Hint      string `json:"hint,omitempty"` // what to do
}

// unchecked are steps that only Go code knows which is not run, each with where that registers it.
func unchecked(own *ownCode) (notes source.Errors) {
	for _, at := range own.places() {
		notes = append(notes, at.Errorf("not checked: a step of this repository's own Go code (%s)", own.found[at]))
	}
	return notes
}

// findings are mistakes with the columns between which their lines have text.
func findings(mistakes source.Errors) []finding {
	all := make([]finding, 0, len(mistakes))
	lines := map[string][][]byte{}
	for _, m := range mistakes {
		f := finding{File: m.File, Line: m.Line, Message: report.Harmless(m.Err.Error()), Hint: report.Harmless(m.Hint)}
		text, read := lines[m.File]
		if !read && m.Line > 0 {
			content, _ := source.ReadFile(m.File) // without it there is no column
			text = bytes.Split(content, []byte("\n"))
			lines[m.File] = text
		}
		if m.Line > 0 && m.Line <= len(text) {
			line := text[m.Line-1]
			from, to := source.Extent(line)
			f.Column, f.EndColumn = utf8.RuneCount(line[:from])+1, utf8.RuneCount(line[:to])+1
		}
		all = append(all, f)
	}
	return all
}

// writeFindings writes mistakes as indented JSON, or as SARIF 2.1.0
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
func writeFindings(to io.Writer, format string, mistakes source.Errors, own *ownCode) error {
	all, notes := findings(mistakes), findings(unchecked(own))
	var document any = struct {
		Findings  []finding `json:"findings"`
		Unchecked []finding `json:"unchecked,omitempty"`
	}{all, notes}
	if format == "sarif" {
		document = sarif(all, notes)
	}
	out := json.NewEncoder(to)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(document)
}

// The part of SARIF that says where something is wrong, and what.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations,omitempty"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifInvocation struct {
		Successful bool        `json:"executionSuccessful"`
		Notes      []sarifNote `json:"toolExecutionNotifications"`
	}
	sarifNote struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
)

// sarifRuleID is the rule of all findings: none of them can be switched off.
const sarifRuleID = "lint"

func sarif(all, notes []finding) sarifLog {
	results := make([]sarifResult, 0, len(all))
	for _, f := range all {
		text := f.Message
		if f.Hint != "" {
			text += "\n" + f.Hint
		}
		results = append(results, sarifResult{RuleID: sarifRuleID, Level: "error", Message: sarifMessage{text},
			Locations: f.locations()})
	}
	var invocations []sarifInvocation
	if len(notes) > 0 { // they are no results: nobody has to do anything about them
		did := sarifInvocation{Successful: true}
		for _, f := range notes {
			did.Notes = append(did.Notes, sarifNote{"note", sarifMessage{f.Message}, f.locations()})
		}
		invocations = append(invocations, did)
	}
	return sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{sarifDriver{Name: "kafkaspec", Version: cmp.Or(runner.Version(), "unknown"), Rules: []sarifRule{{
				ID: sarifRuleID, ShortDescription: sarifMessage{"A feature or a profile has to be corrected"}}}}},
			Invocations: invocations, ColumnKind: "unicodeCodePoints", Results: results,
		}},
	}
}

func (f finding) locations() []sarifLocation {
	if f.File == "" {
		return nil
	}
	at := sarifPhysical{Artifact: sarifArtifact{fileURI(f.File)}}
	if f.Line > 0 {
		at.Region = &sarifRegion{f.Line, f.Column, f.EndColumn}
	}
	return []sarifLocation{{at}}
}

// fileURI names a file by its path, which stays relative where it is.
func fileURI(file string) string {
	path := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		path.Scheme = "file"
	}
	return path.String()
}
