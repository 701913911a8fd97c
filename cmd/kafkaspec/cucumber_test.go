package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// startCucumber starts the server as its package does, but for the folder of its grammars: npm installs them beside it.
const startCucumber = `const at = process.env.MODULES + "/@cucumber/", server = at + "language-server/dist/cjs/src/";
const { NodeFiles } = require(server + "node/NodeFiles");
const { startStandaloneServer } = require(server + "wasm/startStandaloneServer");
startStandaloneServer(at + "language-service/dist", (uri) => new NodeFiles(uri));`

// cucumber is an editor beside the language server of the Cucumber extension.
type cucumber struct {
	*testing.T
	conn     *jsonrpc2.Conn
	folder   string
	indexed  chan string         // what it says once it has read everything
	shown    chan lspDiagnostics // of one document each
	settings map[string][]string // of the section cucumber
}

// TestCucumberExtension opens a folder that init wrote in the language server of the Cucumber extension: the steps of
// all of kafkaspec's features are known there, and those of the repository's own code; others are marked.
func TestCucumberExtension(t *testing.T) {
	modules := filepath.Join(testenv.Clients(t), "cucumber", "node_modules")
	if _, err := os.Stat(modules); err != nil {
		t.Skip("needs the language server of the Cucumber extension; make cucumber fetches it")
	}
	folder := ownRepository(t, map[string]string{"go.mod": "module own\n", "own.go": importsSteps +
		"func register(s *steps.Registry) {\n\ts.Then(\"every order of {string} is {manner}\", polite)\n" +
		"\ts.Then(`it's \\{here\\} and\\/or there`, f)\n\ts.Then(`it is not \\'here'`, f)\n}\n"})
	if code, stdout, stderr := kafkaspec(t, "init", folder); code != exitPassed {
		t.Fatalf("got exit %d\n%s%s", code, stdout, stderr)
	}
	began := time.Now()
	e := openCucumber(t, modules, folder)
	said := within(t, e.indexed, "the server to read the steps")
	t.Logf("ready after %s: %s", time.Since(began).Round(time.Millisecond), said)

	e.nothing("first.feature", e.read(filepath.Join(folder, "first.feature")))
	features := 0
	err := filepath.WalkDir("../../features", func(file string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(file) == ".feature" {
			features++
			e.nothing(file, e.read(file))
		}
		return err
	})
	if err != nil || features < 100 {
		t.Fatalf("got %d features, %v, want all of kafkaspec's", features, err)
	}
	t.Logf("%d features have no undefined step", features)

	text := "Feature: f\n  Scenario: s\n    Given topic \"orders\" with 1_000 partitions\n    Then \"orders\" is empti\n" +
		"    And every order of \"Ada\" is polite\n    And within 5s every order of \"Ada\" is polite\n" +
		"    And it's {here} and/or there\n    And for 2s topic \"orders\" exists\n" +
		"    And once \"x\" has caught up, within 2s \"orders\" contains no records\n" +
		"    And \"orders\" cont\n"
	want := []string{`3 Undefined step: "orders" is empti`, `7 Undefined step: for 2s topic "orders" exists`,
		`9 Undefined step: "orders" cont`}
	if got := e.marked("a.feature", text); !slices.Equal(got, want) {
		t.Errorf("got marked %q, want %q", got, want)
	}
	e.offers(text, `And "orders" cont`, `"{topic}" contains exactly {count} record(s)`,
		`"${1|orders,orders_dlq|}" contains exactly ${2|2|} ${3|record,records|}`)
	e.defined(text, `Given topic`)
}

func openCucumber(t *testing.T, modules, folder string) *cucumber {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs Node:", err)
	}
	c := exec.Command(node, "-e", startCucumber, "--", "server", "--stdio")
	c.Env, c.Dir, c.Stderr = append(os.Environ(), "MODULES="+modules), folder, t.Output()
	in, errIn := c.StdinPipe()
	out, errOut := c.StdoutPipe()
	if err := cmp.Or(errIn, errOut, c.Start()); err != nil {
		t.Fatal(err)
	}
	e := &cucumber{T: t, folder: folder, indexed: make(chan string, 100), shown: make(chan lspDiagnostics, 1000)}
	var settings map[string][]string
	if err := json.Unmarshal([]byte(e.read(filepath.Join(folder, ".vscode", "settings.json"))), &settings); err != nil {
		t.Fatal(err)
	}
	e.settings = map[string][]string{}
	for name, value := range settings {
		e.settings[strings.TrimPrefix(name, "cucumber.")] = value
	}
	e.conn = jsonrpc2.NewConn(t.Context(), jsonrpc2.NewBufferedStream(struct {
		io.Reader
		io.WriteCloser
	}{out, in}, jsonrpc2.VSCodeObjectCodec{}), jsonrpc2.HandlerWithError(e.answer))
	t.Cleanup(func() {
		_ = e.conn.Close()
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	e.ask(nil, "initialize", fmt.Sprintf(`{"processId": null, "rootUri": %q, "capabilities": {"workspace": {"configuration":
		true}, "textDocument": {"definition": {}, "completion": {"completionItem": {"snippetSupport": true}}}}}`,
		fileURI(folder)))
	e.tell("initialized", `{}`)
	return e
}

// answer takes note of what the server says, and gives it the settings of the folder.
func (e *cucumber) answer(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
	switch r.Method {
	case "workspace/configuration":
		return []any{e.settings}, nil
	case "window/logMessage":
		var said struct {
			Type    int
			Message string
		}
		if err := json.Unmarshal(*r.Params, &said); err != nil {
			return nil, err
		}
		if said.Type == 1 { // an error, such as a step definition that it could not read
			e.Errorf("the server says %s", said.Message)
		}
		if strings.Contains(said.Message, "suggestions for auto complete") {
			e.indexed <- said.Message
		}
	case "textDocument/publishDiagnostics":
		var d lspDiagnostics
		if err := json.Unmarshal(*r.Params, &d); err != nil {
			return nil, err
		}
		e.shown <- d
	}
	return nil, nil
}

func within[T any](t *testing.T, from chan T, what string) (got T) {
	t.Helper()
	select {
	case got = <-from:
	case <-time.After(time.Minute):
		t.Fatalf("waited a minute for %s", what)
	}
	return got
}

func (e *cucumber) read(file string) string {
	e.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		e.Fatal(err)
	}
	return string(content)
}

func (e *cucumber) ask(into any, method, params string) {
	e.Helper()
	ctx, cancel := context.WithTimeout(e.Context(), time.Minute)
	defer cancel()
	if err := e.conn.Call(ctx, method, json.RawMessage(params), into); err != nil {
		e.Fatalf("%s: %v", method, err)
	}
}

func (e *cucumber) tell(method, params string) {
	e.Helper()
	if err := e.conn.Notify(e.Context(), method, json.RawMessage(params)); err != nil {
		e.Fatalf("%s: %v", method, err)
	}
}

// marked opens a text as a document and closes it, and returns the lines, from 0, of what is marked there.
func (e *cucumber) marked(name, text string) (marked []string) {
	e.Helper()
	uri := fileURI(filepath.Join(e.folder, filepath.Base(name)))
	e.tell("textDocument/didOpen", fmt.Sprintf(`{"textDocument": {"uri": %q, "languageId": "cucumber", "version": 1, "text":
		%s}}`, uri, quote(text)))
	for {
		d := within(e.T, e.shown, "what is marked in "+name)
		if d.URI != uri {
			continue
		}
		for _, one := range d.Diagnostics {
			marked = append(marked, fmt.Sprintf("%d %s", one.Range.Start.Line, one.Message))
		}
		return marked
	}
}

func (e *cucumber) nothing(name, text string) {
	e.Helper()
	if marked := e.marked(name, text); len(marked) > 0 {
		e.Errorf("%s: got marked %q, want nothing", name, marked)
	}
}

// offers looks for a step, and for what is put in, among those that are offered behind some words of a.feature.
func (e *cucumber) offers(text, behind, label, inserted string) {
	e.Helper()
	var items []lspItem
	began := time.Now()
	e.ask(&items, "textDocument/completion", at(fileURI(filepath.Join(e.folder, "a.feature")), text, behind))
	e.Logf("%d steps are offered after %s", len(items), time.Since(began).Round(time.Millisecond))
	if !slices.ContainsFunc(items, func(i lspItem) bool { return i.Label == label && i.TextEdit.NewText == inserted }) {
		e.Errorf("got %d items behind %s, want among them %s, which puts in %s", len(items), behind, label, inserted)
	}
}

// defined goes to the definition of a step of a.feature.
func (e *cucumber) defined(text, words string) {
	e.Helper()
	var found []struct{ TargetURI string }
	e.ask(&found, "textDocument/definition", at(fileURI(filepath.Join(e.folder, "a.feature")), text, words))
	if len(found) != 1 || !strings.HasSuffix(found[0].TargetURI, "/"+glueFile) {
		e.Errorf("got %q, want a place in %s", found, glueFile)
	}
}
