package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/typeschema"
)

// asker asks the interface, and holds each answer against the description.
type asker struct {
	*testing.T
	address  string
	known    description
	answered sync.Map // routes that have been answered well
}

// do asks, wants one of the statuses, and returns the answer's body and headers. A nil body is none.
func (a *asker) do(route, path string, body any, want ...int) ([]byte, http.Header) {
	a.Helper()
	method, described, _ := strings.Cut(route, " ")
	var sent io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		sent = strings.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			a.Fatal(err)
		}
		sent = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(a.Context(), method, a.address+path, sent)
	if err != nil {
		a.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.Fatal(err)
	}
	answer, err := io.ReadAll(response.Body)
	if err := response.Body.Close(); err != nil {
		a.Fatal(err)
	}
	if err != nil || !slices.Contains(want, response.StatusCode) {
		a.Fatalf("%s %s: got status %d, %v and %s, want one of %d", method, path, response.StatusCode, err, answer, want)
	}
	if response.StatusCode < 300 {
		a.answered.Store(route, true)
	}
	a.valid(a.known.Paths[described][strings.ToLower(method)], response, answer)
	return answer, response.Header
}

// valid holds an answer against what the description says of its status.
func (a *asker) valid(of operation, response *http.Response, answer []byte) {
	a.Helper()
	status := response.Status[:3]
	if _, known := of.Responses[status]; !known {
		status = "default"
	}
	if len(of.Responses[status].Content) == 0 {
		if len(answer) > 0 {
			a.Errorf("status %s: got %s, want nothing", status, answer)
		}
		return
	}
	content, known := of.Responses[status].Content[response.Header.Get("Content-Type")]
	if !known {
		a.Fatalf("status %s: got the type %q, which is not described", status, response.Header.Get("Content-Type"))
	}
	schema := map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema",
		"components": map[string]any{"schemas": a.known.Components.Schemas}, "allOf": []any{content.Schema}}
	text, err := json.Marshal(schema)
	if err != nil {
		a.Fatal(err)
	}
	validate, err := typeschema.Compile(text)
	if err != nil {
		a.Fatal(err)
	}
	pieces := [][]byte{answer}
	if strings.HasSuffix(response.Header.Get("Content-Type"), "ndjson") {
		pieces = slices.Collect(bytes.Lines(answer))
	}
	for _, piece := range pieces {
		if err := validate(piece); err != nil {
			a.Errorf("status %s: %s: %v", status, piece, err)
		}
	}
}

// steered starts a broker with its interface, and ends it with the test.
func steered(t *testing.T, arguments ...string) *asker {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, problems, ended := new(screen), new(screen), make(chan int, 1)
	go func() {
		ended <- execute(append([]string{"broker", "--http", "127.0.0.1:0", "--listen", "127.0.0.1:0"}, arguments...),
			&console{ctx: ctx, stdout: out, stderr: problems})
	}()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		if code := <-ended; code != exitPassed || problems.String() != "" {
			t.Errorf("got exit code %d and %q, want %d and nothing", code, problems, exitPassed)
		}
	})
	return &asker{T: t, address: out.awaitText(ctx, t, `HTTP interface: (\S+)`)[1], known: described(t)}
}

// client is one of the broker.
func (a *asker) client(options ...kgo.Opt) *kgo.Client {
	a.Helper()
	var ready readyAnswer
	answer, _ := a.do("GET /ready", "/ready", nil, 200)
	if err := json.Unmarshal(answer, &ready); err != nil {
		a.Fatal(err)
	}
	client, err := kgo.NewClient(append(options, kgo.SeedBrokers(ready.Listeners[0].Bootstrap...))...)
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(client.Close)
	return client
}
