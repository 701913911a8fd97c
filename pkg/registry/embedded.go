package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// NewEmbedded is the registry in this process, a fresh one for each scenario.
//
// srfake keeps schemas and levels of compatibility, but checks neither: it takes any text for a schema, and every
// schema for compatible. So what is registered is parsed and compared here before it. The compatibility of JSON Schema
// is not known here: where a level was set for a subject, it is refused with status 501 rather than taken unchecked.
func NewEmbedded() Backend { return embedded{} }

type embedded struct{}

func (embedded) Describe() string            { return "embedded (srfake)" }
func (embedded) Close(context.Context) error { return nil }

func (embedded) Open(context.Context) (*Gate, error) {
	c := &checked{fake: srfake.NewRegistry(), levels: map[string]sr.CompatibilityLevel{}}
	return newGate(c, gateOptions{checks: func(t schema.Type) bool { return t == schema.Avro }})
}

// checked is srfake behind the checks it lacks.
type checked struct {
	fake *srfake.Registry

	mu     sync.Mutex // one registration at a time
	levels map[string]sr.CompatibilityLevel
}

// Error codes of Confluent's registry.
const (
	codeIncompatible = 409
	codeInvalid      = 42201
	codeNotChecked   = 50101 // not Confluent's
)

// ServeHTTP implements http.Handler.
func (c *checked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	segments, at := subjectSegment(r.URL.EscapedPath())
	subject, ok := subjectOf(r)
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		respond(w, http.StatusBadRequest, codeInvalid, err.Error())
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case ok && r.Method == http.MethodPut && segments[0] == "config":
		var level struct {
			Compatibility sr.CompatibilityLevel `json:"compatibility"`
		}
		if json.Unmarshal(body, &level) == nil {
			c.levels[subject] = level.Compatibility
		}
	case ok && r.Method == http.MethodPost && segments[0] == "compatibility":
		c.answerCompatibility(w, subject, segments[at+1:], body)
		return
	case ok && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/versions"):
		if status, code, err := c.refuse(subject, body); err != nil {
			respond(w, status, code, err.Error())
			return
		}
	}
	c.fake.Handler().ServeHTTP(w, r)
}

// refuse says why a schema may not be registered.
func (c *checked) refuse(subject string, body []byte) (status, code int, err error) {
	next, err := parseBody(body)
	if err != nil {
		return http.StatusUnprocessableEntity, codeInvalid, err
	}
	versions, err := c.versions(subject)
	if err != nil {
		return http.StatusInternalServerError, codeInvalid, err
	}
	for _, v := range versions {
		if v.Text == next.Text {
			return 0, 0, nil // it is there
		}
	}
	level, set := c.levels[subject]
	if !set {
		level = sr.CompatBackward // Confluent's default
	}
	err = schema.Compatible(level, next, versions)
	switch {
	case err == nil, errors.Is(err, schema.ErrNotChecked) && !set:
		return 0, 0, nil
	case errors.Is(err, schema.ErrNotChecked):
		return http.StatusNotImplemented, codeNotChecked, fmt.Errorf("the embedded registry: %w; use --registry local", err)
	}
	return http.StatusConflict, codeIncompatible, fmt.Errorf("the schema is incompatible with those of subject %q: %w",
		subject, err)
}

// answerCompatibility compares a schema with one version of a subject, or with all.
func (c *checked) answerCompatibility(w http.ResponseWriter, subject string, rest []string, body []byte) {
	next, err := parseBody(body)
	if err != nil {
		respond(w, http.StatusUnprocessableEntity, codeInvalid, err.Error())
		return
	}
	versions, err := c.versions(subject)
	if err != nil {
		respond(w, http.StatusNotFound, 40401, err.Error())
		return
	}
	if len(rest) > 1 && rest[1] != "latest" { // one version alone
		var number int
		if _, err := fmt.Sscanf(rest[1], "%d", &number); err != nil || number < 1 || number > len(versions) {
			respond(w, http.StatusNotFound, 40402, "version not found")
			return
		}
		versions = versions[number-1 : number]
	}
	level, set := c.levels[subject]
	if !set {
		level = sr.CompatBackward
	}
	answer := map[string]any{"is_compatible": true}
	switch err := schema.Compatible(level, next, versions); {
	case errors.Is(err, schema.ErrNotChecked):
		respond(w, http.StatusNotImplemented, codeNotChecked, err.Error()+"; use --registry local")
		return
	case err != nil:
		answer = map[string]any{"is_compatible": false, "messages": []string{err.Error()}}
	}
	write(w, http.StatusOK, answer)
}

func parseBody(body []byte) (*schema.Schema, error) {
	var sent struct {
		Schema     string `json:"schema"`
		Type       string `json:"schemaType"`
		References []any  `json:"references"`
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		return nil, err
	}
	if len(sent.References) > 0 {
		return nil, errors.New("the embedded registry takes no schema that refers to others; use --registry local")
	}
	if sent.Type == "" {
		sent.Type = string(schema.Avro)
	}
	return schema.Parse(schema.Type(sent.Type), sent.Schema)
}

// versions are the schemas of a subject that are not deleted, the oldest first.
func (c *checked) versions(subject string) ([]*schema.Schema, error) {
	var numbers []int
	if status := c.ask("/subjects/"+url.PathEscape(subject)+"/versions", &numbers); status == http.StatusNotFound {
		return nil, nil
	}
	var found []*schema.Schema
	for _, n := range numbers {
		s, ok := c.fake.GetSchema(subject, n)
		if !ok {
			continue
		}
		parsed, err := schema.Parse(schema.Type(s.Type.String()), s.Schema.Schema)
		if err != nil {
			return nil, fmt.Errorf("version %d of subject %q: %w", n, subject, err)
		}
		found = append(found, parsed)
	}
	return found, nil
}

// ask asks srfake, within the process.
func (c *checked) ask(path string, into any) (status int) {
	answer := httptest.NewRecorder()
	c.fake.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	if json.Unmarshal(answer.Body.Bytes(), into) != nil && answer.Code == http.StatusOK {
		return http.StatusInternalServerError
	}
	return answer.Code
}

func respond(w http.ResponseWriter, status, code int, message string) {
	write(w, status, map[string]any{"error_code": code, "message": message})
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
