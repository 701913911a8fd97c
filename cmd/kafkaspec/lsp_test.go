package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/sourcegraph/jsonrpc2"
)

// editor is a client that speaks the protocol with a server over pipes.
type editor struct {
	*testing.T
	conn  *jsonrpc2.Conn
	shown chan json.RawMessage // diagnostics
	ended chan error
}

// openEditor starts a server and tells it the folder.
func openEditor(t *testing.T, folder string) *editor {
	t.Helper()
	e := &editor{T: t, shown: make(chan json.RawMessage, 100), ended: make(chan error, 1)}
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	go func() {
		e.ended <- newLanguageServer("").serve(t.Context(), in, out)
		_ = out.Close()
	}()
	note := jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
		if r.Method == "textDocument/publishDiagnostics" {
			e.shown <- *r.Params
		}
		return nil, nil
	})
	e.conn = jsonrpc2.NewConn(t.Context(), jsonrpc2.NewBufferedStream(struct {
		io.Reader
		io.WriteCloser
	}{fromServer, toServer}, jsonrpc2.VSCodeObjectCodec{}), note)
	t.Cleanup(func() {
		_ = e.conn.Close()
		if err := <-e.ended; err != nil && t.Context().Err() == nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	var answer struct {
		Capabilities struct {
			TextDocumentSync struct{ Change int }
			HoverProvider    bool
		}
	}
	e.ask(&answer, "initialize", fmt.Sprintf(`{"processId": null, "rootUri": %q, "capabilities": {"textDocument":
		{"completion": {"completionItem": {"snippetSupport": true}}}}}`, fileURI(folder)))
	if answer.Capabilities.TextDocumentSync.Change != 1 || !answer.Capabilities.HoverProvider {
		t.Errorf("got the capabilities %+v, want whole texts and hover", answer.Capabilities)
	}
	e.tell("initialized", `{}`)
	return e
}

func quote(text string) string {
	quoted, _ := json.Marshal(text) // no text fails
	return string(quoted)
}

func (e *editor) ask(into any, method, params string) {
	e.Helper()
	ctx, cancel := context.WithTimeout(e.Context(), 20*time.Second)
	defer cancel()
	if err := e.conn.Call(ctx, method, json.RawMessage(params), into); err != nil {
		e.Fatalf("%s: %v", method, err)
	}
}

func (e *editor) tell(method, params string) {
	e.Helper()
	if err := e.conn.Notify(e.Context(), method, json.RawMessage(params)); err != nil {
		e.Fatalf("%s: %v", method, err)
	}
}

func (e *editor) open(file, text string) (uri string) {
	e.Helper()
	uri = fileURI(file)
	e.tell("textDocument/didOpen", fmt.Sprintf(`{"textDocument": {"uri": %q, "languageId": "x", "version": 1, "text": %s}}`,
		uri, quote(text)))
	return uri
}

func (e *editor) change(uri string, version int, text string) {
	e.Helper()
	e.tell("textDocument/didChange", fmt.Sprintf(`{"textDocument": {"uri": %q, "version": %d}, "contentChanges":
		[{"text": %s}]}`, uri, version, quote(text)))
}

// diagnostics waits for those of a version of a document; 0 for one that is not open.
func (e *editor) diagnostics(uri string, version int) string {
	e.Helper()
	for {
		select {
		case shown := <-e.shown:
			var d lspDiagnostics
			if err := json.Unmarshal(shown, &d); err != nil {
				e.Fatal(err)
			}
			if d.URI != uri || d.Version != version {
				continue
			}
			var b strings.Builder
			for _, one := range d.Diagnostics {
				fmt.Fprintf(&b, "%d:%d-%d %s\n", one.Range.Start.Line, one.Range.Start.Character, one.Range.End.Character,
					one.Message)
			}
			return b.String()
		case <-time.After(20 * time.Second):
			e.Fatalf("got no diagnostics of version %d of %s", version, uri)
		}
	}
}

// at is a document and the position behind the first place of some words in it.
func at(uri, text, words string) string {
	before, _, _ := strings.Cut(text, words)
	before += words
	line := strings.Count(before, "\n")
	units := utf16.Encode([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
	return fmt.Sprintf(`{"textDocument": {"uri": %q}, "position": {"line": %d, "character": %d}}`, uri, line, len(units))
}

func TestEditorIsShownWhatLintFinds(t *testing.T) {
	e := openEditor(t, t.TempDir())
	file := filepath.Join(t.TempDir(), "not saved.feature")
	const begin = "Feature: f\n  Scenario: s\n    Given topic \"orders\" with 1 partition\n"
	uri := e.open(file, begin+"    And the record \"🐢ä\" is inn \"orders\" \n    Then \"orders\" is not empty\n")
	const want = "3:4-40 undefined step: And the record \"🐢ä\" is inn \"orders\"\n`kafkaspec steps` lists all steps\n" +
		"4:4-30 undefined step: Then \"orders\" is not empty\ndid you mean: Then {topic} is empty\n"
	if diff := cmp.Diff(want, e.diagnostics(uri, 1)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	e.change(uri, 2, begin+"    Then \"or")
	e.change(uri, 3, begin+"    Then \"orders\" is empty\n")
	if got := e.diagnostics(uri, 3); got != "" {
		t.Errorf("got %q of a feature with nothing to correct", got)
	}
	e.change(uri, 4, "")
	const empty = "0:0-0 the file is empty\nbegin with: Feature: what it is about\n"
	if got := e.diagnostics(uri, 4); got != empty {
		t.Errorf("got %q, want %q", got, empty)
	}
	e.tell("textDocument/didClose", fmt.Sprintf(`{"textDocument": {"uri": %q}}`, uri))
	if got := e.diagnostics(uri, 0); got != "" {
		t.Errorf("got %q of a closed feature", got)
	}
}

const profiledFeature = `Feature: f
  Background:
    Given topic "orders" with 1 partition

  Scenario: s
    Given application "shipping" is the profile's, in group "g" reading "orders"
    Then "shipping" has caught up with "orders"
`

func TestEditorIsShownWhatIsWrongWithTheProfile(t *testing.T) {
	folder := t.TempDir()
	profile := filepath.Join(folder, "kafkaspec.yaml")
	if err := os.WriteFile(profile, []byte("applications:\n  other:\n    command: [sh]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := openEditor(t, folder)
	text := strings.Replace(profiledFeature, "profile's,", "profile's", 1)
	uri := e.open(filepath.Join(folder, "a.feature"), text)
	if got := e.diagnostics(uri, 1); !strings.Contains(got, `5:4-79 `) || !strings.Contains(got, `"shipping"`) {
		t.Errorf("got %q, want the application that the profile lacks", got)
	}
	opened := e.open(profile, "applications:\n  shipping:\n    comand: [sh]\n")
	if got := e.diagnostics(opened, 0); !strings.Contains(got, `2:4-16 `) || !strings.Contains(got, `did you mean "command"?`) {
		t.Errorf("got %q, want the misspelt key", got)
	}
	e.change(opened, 2, "applications:\n  shipping:\n    command: [sh]\n")
	if got := e.diagnostics(opened, 0); got != "" {
		t.Errorf("got %q of a profile with nothing to correct", got)
	}
	var places []lspLocation
	e.ask(&places, "textDocument/definition", at(uri, text, `application "ship`))
	want := []lspLocation{{opened, lspRange{lspPosition{1, 2}, lspPosition{1, 11}}}}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestEditorIsShownWhatIsWrongWithTheProfileAlone(t *testing.T) {
	folder := t.TempDir()
	e := openEditor(t, folder)
	uri := e.open(filepath.Join(folder, "kafkaspec.yaml"), "defaults:\n  await: ä\n")
	if got := e.diagnostics(uri, 0); !strings.HasPrefix(got, `1:2-10 `) {
		t.Errorf("got %q, want the wrong time", got)
	}
	e.change(uri, 2, "defaults:\n  await: 5s\n")
	if got := e.diagnostics(uri, 0); got != "" {
		t.Errorf("got %q of a profile with nothing to correct", got)
	}
}

func TestEditorEnds(t *testing.T) {
	e := openEditor(t, t.TempDir())
	e.ask(nil, "shutdown", `null`)
	if err := e.conn.Call(t.Context(), "textDocument/hover", json.RawMessage(`{}`), nil); err == nil {
		t.Error("got an answer behind shutdown")
	}
	e.tell("exit", `null`)
	select {
	case err := <-e.ended:
		e.ended <- nil
		if err != nil {
			t.Errorf("got %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the server does not end")
	}
}

func TestEditorThatAsksWrongly(t *testing.T) {
	e := openEditor(t, t.TempDir())
	for method, params := range map[string]string{"textDocument/hover": `[]`, "initialize": `{}`, "no/such": `{}`} {
		if err := e.conn.Call(t.Context(), method, json.RawMessage(params), nil); err == nil {
			t.Errorf("%s: got an answer, want an error", method)
		}
	}
	for _, params := range []string{`{}`, `{"textDocument": {"uri": "file:///none.feature"}, "position": {"line": 9}}`} {
		var got any
		if e.ask(&got, "textDocument/hover", params); got != nil {
			t.Errorf("got %v of a document that is not open", got)
		}
	}
	uri := e.open("/a.feature", "Feature: f\n  Given x")
	for _, position := range []string{`{"line": 99, "character": 0}`, `{"line": -1, "character": -5}`,
		`{"line": 1, "character": -5}`, `{"line": 1, "character": 999999}`} {
		for _, method := range []string{"hover", "completion", "definition"} {
			e.ask(nil, "textDocument/"+method, fmt.Sprintf(`{"textDocument": {"uri": %q}, "position": %s}`, uri, position))
		}
	}
}

func TestServerEndsOnWhatIsNoMessage(t *testing.T) {
	for _, test := range []struct{ name, input, want string }{
		{"nothing", "", ""},
		{"words", "hello\r\n\r\n", `got the line "hello", want a header`},
		{"a huge header", strings.Repeat("x", 10_000_000), "got a header that does not end"},
		{"endless headers", strings.Repeat("X: y\r\n", 100), "got a header that does not end"},
		{"no length", "X: y\r\n\r\n{}", "got a message without Content-Length"},
		{"a huge length", "Content-Length: 99999999999999999999\r\n\r\n", "want a number up to 16777216"},
		{"a large length", "Content-Length: 2000000000\r\n\r\n", "want a number up to 16777216"},
		{"a length below zero", "Content-Length: -1\r\n\r\n", "want a number up to 16777216"},
		{"half a header", "Content-Le", "it ends within a header"},
		{"half a message", "Content-Length: 10\r\n\r\n{", "it ends within a message of 10 bytes"},
		{"a length alone", "Content-Length: 10\r\n\r\n", "it ends within a message of 10 bytes"},
		{"no JSON", "Content-Length: 3\r\n\r\n}}}", "got a message that is not JSON-RPC"},
		{"an empty message", "Content-Length: 0\r\n\r\n", "got a message that is not JSON-RPC"},
		{"another JSON", "Content-Length: 4\r\n\r\nnull", "got a message that is not JSON-RPC"},
		{"deep JSON", fmt.Sprintf("Content-Length: 1000000\r\n\r\n%s", strings.Repeat("[", 1_000_000)), "not JSON-RPC"},
		{"a batch", "Content-Length: 2\r\n\r\n[]", "got a message that is not JSON-RPC"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ended := make(chan error, 1)
			go func() {
				ended <- newLanguageServer("").serve(t.Context(), strings.NewReader(test.input), &bytes.Buffer{})
			}()
			select {
			case err := <-ended:
				if got := fmt.Sprint(err); (err == nil) != (test.want == "") || !strings.Contains(got, test.want) {
					t.Errorf("got %v, want %q", err, test.want)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("the server does not end")
			}
		})
	}
}
