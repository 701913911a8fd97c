package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStepsOfOnesOwn has steps that a repository's Go code registers told once, and not as mistakes.
func TestStepsOfOnesOwn(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const begin = "Feature: f\n  Scenario: s\n    Given topic \"orders\" with 1 partition\n"
	const own = begin + "    Then within 3s \"orders\" has 2 names\n    And every order is polite/kind\n" +
		"    But every order is rude\n"
	e := openEditor(t, folder)
	uri := e.open(filepath.Join(folder, "features", "own.feature"), own)
	if got := e.diagnostics(uri, 1); strings.Count(got, "undefined step") != 3 {
		t.Errorf("got\n%swant three steps that nobody knows, as there is no code", got)
	}

	write("go.mod", "module example.org/own\n")
	write("features/register_test.go", "package features\n\nimport \"github.com/kafkaspec/kafkaspec/steps\"\n\n"+
		"func register(s *steps.Registry) {\n\ts.Step(\"{topic} has {count} name(s)\", hasNames, steps.Awaited)\n"+
		"\ts.Then(`every order is polite\\/kind`, isPolite)\n\ts.Then(\"every order is kind/polite\", isPolite)\n}\n")
	e = openEditor(t, folder)
	uri = e.open(filepath.Join(folder, "features", "own.feature"), own)
	got := e.diagnostics(uri, 1)
	if !strings.Contains(got, "register_test.go:6 and 1 more place)") || !strings.Contains(got,
		"5:4-27 undefined step: But every order is rude") || strings.Count(got, "\n") != 3 {
		t.Errorf("got\n%swant what is not registered, and the others told once", got)
	}

	// A phrase that is put together may be any.
	write("features/more.go", "package features\n\nimport \"github.com/kafkaspec/kafkaspec/steps\"\n\n"+
		"func more(s *steps.Registry) { for _, p := range phrases { s.Given(p, handler) } }\n")
	write("features/broken.go", "package features\n\nimport \"github.com/kafkaspec/kafkaspec/steps\"\n\nfunc (((")
	e = openEditor(t, folder)
	uri = e.open(filepath.Join(folder, "features", "own.feature"), own)
	if got := e.diagnostics(uri, 1); strings.Contains(got, "undefined") || !strings.Contains(got, "3 steps of") {
		t.Errorf("got\n%swant all of them told once", got)
	}
}

// TestStepsOfTheExample opens the example of a repository with steps of its own.
func TestStepsOfTheExample(t *testing.T) {
	files, err := filepath.Glob("../../examples/own-steps/features/*.feature")
	if err != nil || len(files) == 0 {
		t.Fatalf("got no feature (%v)", err)
	}
	e := openEditor(t, "../../examples/own-steps")
	for _, name := range files {
		file, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.diagnostics(e.open(file, string(text)), 1); strings.Count(got, "\n") != 1 ||
			!strings.Contains(got, "own Go code (steps_test.go:") {
			t.Errorf("%s: got\n%swant its own steps told once", name, got)
		}
	}
}

// TestOtherLanguages answers in a feature whose keywords are German, though steps are English.
func TestOtherLanguages(t *testing.T) {
	folder := t.TempDir()
	const text = "# language: de\nFunktionalität: f\n  Grundlage:\n    Angenommen topic \"orders\" with 1 partition\n" +
		"  Szenario: s\n    Wenn the record \"a\" is sent to \"orders\"\n    Dann \"orders\" is em\n" +
		"    Und \"orders\" is em\n"
	e := openEditor(t, folder)
	uri := e.open(filepath.Join(folder, "a.feature"), text)
	var hover lspHover
	e.ask(&hover, "textDocument/hover", at(uri, text, "the record"))
	if !strings.HasPrefix(hover.Contents.Value, "**When**") {
		t.Errorf("got %q, want the step explained", hover.Contents.Value)
	}
	var places []lspLocation
	e.ask(&places, "textDocument/definition", at(uri, text, `Dann "ord`))
	if len(places) != 1 || places[0].Range.Start.Line != 3 {
		t.Errorf("got %+v, want the topic of the background", places)
	}
	for _, typed := range []string{`Dann "orders" is em`, `Und "orders" is em`} {
		const first = "{topic} is empty"
		var list lspList
		e.ask(&list, "textDocument/completion", at(uri, text, typed))
		if len(list.Items) == 0 || !strings.HasPrefix(list.Items[0].Label, first) {
			t.Errorf("%s: got %d items, %v first, want %s", typed, len(list.Items), list.Items[:min(1, len(list.Items))], first)
			continue
		}
		for _, item := range list.Items {
			if item.Detail != "Then" && item.Detail != "" {
				t.Errorf("%s: got %+v, want what may stand under Dann, and under Und behind it", typed, item)
			}
		}
	}
}
