package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
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
// Protobuf that differs in spaces and comments only is one schema, as for Confluent's registry.
func NewEmbedded() Backend { return embedded{} }

type embedded struct{}

func (embedded) Describe() string            { return "embedded (srfake)" }
func (embedded) Close(context.Context) error { return nil }

func (embedded) Open(context.Context) (*Gate, error) {
	c := &checked{fake: srfake.NewRegistry(), levels: map[string]sr.CompatibilityLevel{}, texts: map[string]string{}}
	return newGate(c, gateOptions{checks: func(t schema.Type) bool { return t != schema.JSON }})
}

// checked is srfake behind the checks it lacks.
type checked struct {
	fake *srfake.Registry

	mu     sync.Mutex                       // one registration at a time
	levels map[string]sr.CompatibilityLevel // by subject; "" is that of subjects without one
	texts  map[string]string                // the first of each schema, by its canonical form
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
		(&refusal{http.StatusBadRequest, codeInvalid, err}).respond(w)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case segments[0] == "config":
		c.note(r.Method, subject, body)
	case ok && r.Method == http.MethodPost && segments[0] == "compatibility":
		c.answerCompatibility(w, subject, segments[at+1:], body)
		return
	case ok && r.Method == http.MethodPost && segments[0] == "subjects":
		next, refused := c.refuse(subject, body, strings.HasSuffix(r.URL.Path, "/versions"))
		if refused != nil {
			refused.respond(w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(c.known(next, body)))
	case r.Method == http.MethodGet && r.URL.Query().Get("format") == "serialized":
		c.answerSerialized(w, r)
		return
	}
	c.fake.Handler().ServeHTTP(w, r)
}

// note keeps the level that a subject is given, or with the name "" those that have none of their own.
func (c *checked) note(method, subject string, body []byte) {
	var sent struct {
		Compatibility sr.CompatibilityLevel `json:"compatibility"`
	}
	switch {
	case method == http.MethodDelete:
		delete(c.levels, subject)
	case method == http.MethodPut && json.Unmarshal(body, &sent) == nil && sent.Compatibility != 0:
		c.levels[subject] = sent.Compatibility
	}
}

// level is that of a subject, else that of all, else Confluent's default; set says whether somebody gave it.
func (c *checked) level(subject string) (level sr.CompatibilityLevel, set bool) {
	if level, set = c.levels[subject]; !set {
		level, set = c.levels[""]
	}
	if !set {
		level = sr.CompatBackward
	}
	return level, set
}

// refusal is an answer that is an error.
type refusal struct {
	status, code int
	error
}

func (r *refusal) respond(w http.ResponseWriter) {
	write(w, r.status, map[string]any{"error_code": r.code, "message": r.Error()})
}

// refuse says why a schema may not be registered, or not be looked for.
func (c *checked) refuse(subject string, body []byte, registers bool) (*schema.Schema, *refusal) {
	next, versions, refused := c.read(subject, body)
	if refused != nil || !registers ||
		slices.ContainsFunc(versions, func(v *schema.Schema) bool { return v.Canonical() == next.Canonical() }) {
		return next, refused
	}
	refused = c.compare(subject, next, versions)
	if _, set := c.level(subject); refused != nil && refused.code == codeNotChecked && !set {
		return next, nil
	}
	return next, refused
}

// known is the body of a request with the text that its schema had when it was first sent: srfake compares texts.
func (c *checked) known(s *schema.Schema, body []byte) []byte {
	first, ok := c.texts[string(s.Type)+s.Canonical()]
	if !ok {
		c.texts[string(s.Type)+s.Canonical()] = s.Text
		return body
	}
	var sent map[string]any
	if first == s.Text || json.Unmarshal(body, &sent) != nil {
		return body
	}
	sent["schema"] = first
	changed, _ := json.Marshal(sent) // it was JSON before
	return changed
}

// answerCompatibility compares a schema with one version of a subject, or with all.
func (c *checked) answerCompatibility(w http.ResponseWriter, subject string, rest []string, body []byte) {
	next, versions, refused := c.read(subject, body)
	if refused == nil && len(rest) > 1 && rest[1] != "latest" { // one version alone
		number, err := strconv.Atoi(rest[1])
		if err != nil || number < 1 || number > len(versions) {
			refused = &refusal{http.StatusNotFound, 40402, errors.New("version not found")}
		} else {
			versions = versions[number-1 : number]
		}
	}
	if refused == nil {
		refused = c.compare(subject, next, versions)
	}
	switch {
	case refused == nil:
		write(w, http.StatusOK, map[string]any{"is_compatible": true})
	case refused.code == codeIncompatible:
		write(w, http.StatusOK, map[string]any{"is_compatible": false,
			"messages": []string{errors.Unwrap(refused.error).Error()}})
	default:
		refused.respond(w)
	}
}

// answerSerialized answers with a schema in the form for programs, where it has one.
func (c *checked) answerSerialized(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	c.fake.Handler().ServeHTTP(answer, r)
	var found map[string]any
	if answer.Code == http.StatusOK && json.Unmarshal(answer.Body.Bytes(), &found) == nil {
		if s, err := c.parseBody(answer.Body.Bytes()); err == nil {
			if text, ok := s.Serialized(); ok {
				found["schema"] = text
				write(w, http.StatusOK, found)
				return
			}
		}
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// compare says why a schema may not stand beside others by the level of its subject.
func (c *checked) compare(subject string, next *schema.Schema, versions []*schema.Schema) *refusal {
	level, _ := c.level(subject)
	switch err := schema.Compatible(level, next, versions); {
	case err == nil:
		return nil
	case errors.Is(err, schema.ErrNotChecked):
		return &refusal{http.StatusNotImplemented, codeNotChecked,
			fmt.Errorf("the embedded registry: %w; use --registry local", err)}
	default:
		return &refusal{http.StatusConflict, codeIncompatible,
			fmt.Errorf("the schema is incompatible with those of subject %q: %w", subject, err)}
	}
}

// read reads the schema that was sent, and those of its subject that are not deleted, the oldest first.
func (c *checked) read(subject string, body []byte) (*schema.Schema, []*schema.Schema, *refusal) {
	next, err := c.parseBody(body)
	if err != nil {
		return nil, nil, &refusal{http.StatusUnprocessableEntity, codeInvalid, err}
	}
	var numbers []int
	answer := httptest.NewRecorder()
	c.fake.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/subjects/"+url.PathEscape(subject)+
		"/versions", nil))
	_ = json.Unmarshal(answer.Body.Bytes(), &numbers) // an error: there is no such subject
	var versions []*schema.Schema
	for _, n := range numbers {
		s, ok := c.fake.GetSchema(subject, n)
		if !ok {
			continue
		}
		parsed, err := c.parse(s.Schema, map[sr.SchemaReference]*schema.Schema{})
		if err != nil {
			return nil, nil, &refusal{http.StatusInternalServerError, codeInvalid,
				fmt.Errorf("version %d of subject %q: %w", n, subject, err)}
		}
		versions = append(versions, parsed)
	}
	return next, versions, nil
}

// parseBody reads a schema that was sent, with all that it refers to.
func (c *checked) parseBody(body []byte) (*schema.Schema, error) {
	var sent sr.Schema
	if err := json.Unmarshal(body, &sent); err != nil {
		return nil, err
	}
	return c.parse(sent, map[sr.SchemaReference]*schema.Schema{})
}

// parse reads a schema and what it refers to, each once: srfake takes none that refers to itself.
func (c *checked) parse(s sr.Schema, read map[sr.SchemaReference]*schema.Schema) (*schema.Schema, error) {
	var references []schema.Reference
	for _, r := range s.References {
		key := sr.SchemaReference{Subject: r.Subject, Version: r.Version}
		if read[key] == nil {
			found, ok := c.fake.GetSchema(r.Subject, r.Version)
			if !ok {
				return nil, fmt.Errorf("it refers to %q, version %d of subject %q, which is not there; register that before it",
					r.Name, r.Version, r.Subject)
			}
			of, err := c.parse(found.Schema, read)
			if err != nil {
				return nil, fmt.Errorf("what it refers to as %q: %w", r.Name, err)
			}
			read[key] = of
		}
		references = append(references, schema.Reference{Name: r.Name, Schema: read[key]})
	}
	return schema.Parse(schema.Type(s.Type.String()), s.Schema, references...)
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
