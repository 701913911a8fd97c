package main

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// languageServer is what the server knows of its editor. Messages are handled one after the other; only the check of
// features goes on beside them.
type languageServer struct {
	registry           *steps.Registry
	ready, ended, left bool // the editor has said initialize, shutdown, exit
	snippets           bool // the editor can jump from value to value of what it inserts
	changed            chan struct{}
	mu                 sync.Mutex
	profile            string             // its path, whether there is one or not
	documents          map[string]*edited // what is open, by URI
	ofProfile          map[string][]lspDiagnostic
	profileShown       bool                 // that has diagnostics in the editor
	own                map[string]*ownSteps // by the folder in which they were looked for; only the check uses it
}

// edited is a document that is open in the editor.
type edited struct {
	path    string
	text    string
	version int
	feature bool
	stale   bool // not checked since it changed
}

func newLanguageServer(file string) *languageServer {
	s := &languageServer{registry: steps.NewRegistry(), changed: make(chan struct{}, 1), profile: file,
		documents: map[string]*edited{}, ofProfile: map[string][]lspDiagnostic{}, own: map[string]*ownSteps{}}
	builtin.Register(s.registry)
	return s
}

// handle answers a request, or takes note of a notification.
func (s *languageServer) handle(_ context.Context, conn *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
	switch {
	case r.Method == "exit":
		s.left = true
		return nil, conn.Close()
	case r.Method == "initialize" && !s.ready:
		return s.initialize(r)
	case r.Notif && (!s.ready || s.ended):
		return nil, nil
	case !s.ready:
		return nil, &jsonrpc2.Error{Code: lspNotReady, Message: "got " + r.Method + " before initialize"}
	case s.ended:
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "got " + r.Method + " behind shutdown"}
	}
	switch r.Method {
	case "shutdown":
		s.ended = true
		return nil, nil
	case "textDocument/didOpen":
		return noted(r, func(p lspOf) { s.open(p.TextDocument) })
	case "textDocument/didChange":
		return noted(r, s.change)
	case "textDocument/didClose":
		return noted(r, func(p lspOf) { s.close(conn, p.TextDocument.URI) })
	case "textDocument/completion":
		return answered(r, s.complete)
	case "completionItem/resolve":
		return answered(r, s.resolve)
	case "textDocument/hover":
		return answered(r, s.hover)
	case "textDocument/definition":
		return answered(r, s.definition)
	}
	if r.Notif {
		return nil, nil
	}
	return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "got the unknown method " + r.Method}
}

// answered reads the parameters of a request and answers it.
func answered[P, A any](r *jsonrpc2.Request, answer func(P) A) (any, error) {
	var p P
	if r.Params == nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: r.Method + " has no parameters"}
	}
	if err := json.Unmarshal(*r.Params, &p); err != nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: r.Method + ": " + err.Error()}
	}
	return answer(p), nil
}

func noted[P any](r *jsonrpc2.Request, note func(P)) (any, error) {
	return answered(r, func(p P) any { note(p); return nil })
}

func (s *languageServer) initialize(r *jsonrpc2.Request) (any, error) {
	return answered(r, func(p lspInitialize) any {
		s.ready = true
		s.snippets = p.Capabilities.TextDocument.Completion.CompletionItem.SnippetSupport
		root := p.RootURI
		if len(p.Folders) > 0 {
			root = p.Folders[0].URI
		}
		if s.profile == "" {
			s.profile, _ = filepath.Abs(filepath.Join(pathOf(root), profile.DefaultFile))
		}
		return map[string]any{
			"serverInfo": map[string]string{"name": "kafkaspec"},
			"capabilities": map[string]any{
				"textDocumentSync":   map[string]any{"openClose": true, "change": lspWholeDocument},
				"completionProvider": map[string]any{"resolveProvider": true, "triggerCharacters": []string{" ", `"`}},
				"hoverProvider":      true,
				"definitionProvider": true,
			},
		}
	})
}

func (s *languageServer) open(d lspDocument) {
	path := pathOf(d.URI)
	s.put(d.URI, &edited{path: path, text: d.Text, version: d.Version,
		feature: strings.HasSuffix(path, ".feature") || d.LanguageID == "cucumber" || d.LanguageID == "gherkin"})
}

func (s *languageServer) change(c lspChange) {
	old := s.documents[c.TextDocument.URI]
	if old == nil {
		return
	}
	text := old.text
	for _, change := range c.ContentChanges {
		if change.Range == nil {
			text = change.Text
		}
	}
	s.put(c.TextDocument.URI, &edited{path: old.path, text: text, version: c.TextDocument.Version, feature: old.feature})
}

// put notes the text of a document, and has it checked: all features where it is the profile.
func (s *languageServer) put(uri string, d *edited) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.stale = true
	s.documents[uri] = d
	s.touch(d)
}

// touch asks for a check. s.mu is held.
func (s *languageServer) touch(d *edited) {
	if d.path == s.profile {
		for _, other := range s.documents {
			other.stale = true
		}
	}
	select {
	case s.changed <- struct{}{}:
	default: // it is asked for already
	}
}

func (s *languageServer) close(conn *jsonrpc2.Conn, uri string) {
	s.mu.Lock()
	d := s.documents[uri]
	delete(s.documents, uri)
	delete(s.ofProfile, uri)
	if d != nil {
		s.touch(d)
	}
	s.mu.Unlock()
	if d != nil && d.feature {
		_ = conn.Notify(context.Background(), "textDocument/publishDiagnostics", lspDiagnostics{URI: uri,
			Diagnostics: []lspDiagnostic{}})
	}
}

// feature is an open feature by its URI; nil for other documents.
func (s *languageServer) feature(uri string) *editedFeature {
	if d := s.documents[uri]; d != nil && d.feature { // written by handlers only
		return readFeature(d.text)
	}
	return nil
}

// pathOf is the path of a file's URI. A document that was never saved has a name only.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		_, name, _ := strings.Cut(uri, ":")
		return name
	}
	path := u.Path
	if len(path) > 2 && path[0] == '/' && path[2] == ':' && os.PathSeparator == '\\' {
		path = path[1:] // a drive
	}
	return filepath.FromSlash(path)
}
