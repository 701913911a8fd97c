package schema

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/access"
)

// requestWithin bounds each request to a registry.
const requestWithin = 3 * time.Second

// What went wrong with a registry. Errors of Client wrap one of them, where it is one of these.
var (
	ErrUnknown     = errors.New("not known to the registry") // an id, a subject or a version
	ErrUnavailable = errors.New("the registry did not answer as one")
	ErrDenied      = fmt.Errorf("%w: it denies access", ErrUnavailable) // it may be allowed later, but hardly by itself
	ErrRefused     = errors.New("refused by the registry")              // a schema that is not compatible, or no schema
	ErrUnsupported = errors.New("a schema that is not supported")
)

// Client asks a registry with Confluent's API, and remembers what cannot change: which schema an id stands for.
type Client struct {
	api  *sr.Client
	http *http.Client

	mu   sync.Mutex
	byID map[int]*Schema
}

// NewClient makes a client of the registry at an address, such as http://registry.example.org:8081. It asks nothing
// yet.
func NewClient(address string, options ...sr.ClientOpt) (*Client, error) {
	if _, err := CheckAddress(address); err != nil {
		return nil, err
	}
	web := &http.Client{Timeout: requestWithin, Transport: Bounded{http.DefaultTransport.(*http.Transport).Clone()}}
	api, err := sr.NewClient(append(options, sr.URLs(address), sr.HTTPClient(web), sr.UserAgent("kafkaspec"))...)
	if err != nil {
		return nil, err
	}
	return &Client{api: api, http: web, byID: map[int]*Schema{}}, nil
}

// CheckAddress reads the address of a registry.
func CheckAddress(address string) (*url.URL, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return nil, fmt.Errorf("got the registry %q, want an address such as http://registry.example.org:8081",
			access.Shown(address))
	}
	return parsed, nil
}

// Close gives up its connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Subject is where the schemas of a topic's values are kept (Confluent's TopicNameStrategy).
func Subject(topic string) string { return topic + "-value" }

// Ping asks the registry for something every registry has.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.api.Subjects(ctx)
	return c.explain(err, "its subjects")
}

// ByID is the schema an id stands for.
func (c *Client) ByID(ctx context.Context, id int) (*Schema, error) {
	c.mu.Lock()
	known := c.byID[id]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	found, err := c.api.SchemaByID(ctx, id)
	if err != nil {
		return nil, c.explain(err, fmt.Sprintf("schema id %d", id))
	}
	s, err := c.parse(ctx, found, fmt.Sprintf("schema id %d", id), nil)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byID[id] = s
	return s, nil
}

// Latest is the newest version, whichever number it has.
const Latest = -1

// Version is one version of a subject's schema, counted from 1, or Latest.
func (c *Client) Version(ctx context.Context, subject string, version int) (id int, s *Schema, err error) {
	what := fmt.Sprintf("subject %q version %d", subject, version)
	if version == Latest {
		what = fmt.Sprintf("the latest version of subject %q", subject)
	}
	found, err := c.api.SchemaByVersion(ctx, subject, version)
	if err != nil {
		return 0, nil, c.explain(err, what)
	}
	s, err = c.parse(ctx, found.Schema, what, nil)
	return found.ID, s, err
}

// Register adds a schema to a subject, or finds it there, and returns its id. What it refers to is registered before,
// each under a subject of the reference's name.
func (c *Client) Register(ctx context.Context, subject string, s *Schema) (int, error) {
	id, _, err := c.register(ctx, subject, s)
	return id, err
}

// register also returns what was sent, with the versions of what the schema refers to.
func (c *Client) register(ctx context.Context, subject string, s *Schema) (id int, sent sr.Schema, err error) {
	sent = sr.Schema{Schema: s.Text, Type: typesOfAPI[s.Type]}
	for _, r := range s.References {
		_, inner, err := c.register(ctx, r.Name, r.Schema)
		if err != nil {
			return 0, sent, err
		}
		found, err := c.api.LookupSchema(ctx, r.Name, inner)
		if err != nil {
			return 0, sent, c.explain(err, fmt.Sprintf("the version of a schema of subject %q", r.Name))
		}
		sent.References = append(sent.References, sr.SchemaReference{Name: r.Name, Subject: r.Name, Version: found.Version})
	}
	id, err = c.api.RegisterSchema(ctx, subject, sent, -1, -1)
	return id, sent, c.explain(err, fmt.Sprintf("a schema for subject %q", subject))
}

// Versions lists the versions of a subject; none for a subject that is not there.
func (c *Client) Versions(ctx context.Context, subject string) ([]int, error) {
	versions, err := c.api.SubjectVersions(ctx, subject)
	if err = c.explain(err, fmt.Sprintf("the versions of subject %q", subject)); errors.Is(err, ErrUnknown) {
		return nil, nil
	}
	return versions, err
}

// SetCompatibility says what new versions of a subject must be to those that are there.
func (c *Client) SetCompatibility(ctx context.Context, subject string, level sr.CompatibilityLevel) error {
	result := c.api.SetCompatibility(ctx, sr.SetCompatibility{Level: level}, subject)[0]
	return c.explain(result.Err, fmt.Sprintf("the compatibility of subject %q", subject))
}

// Delete removes a subject for good.
func (c *Client) Delete(ctx context.Context, subject string) error {
	for _, how := range []sr.DeleteHow{sr.SoftDelete, sr.HardDelete} {
		_, err := c.api.DeleteSubject(ctx, subject, how)
		if err = c.explain(err, fmt.Sprintf("the deletion of subject %q", subject)); err != nil &&
			!errors.Is(err, ErrUnknown) {
			return err
		}
	}
	return nil
}

var typesOfAPI = map[Type]sr.SchemaType{Avro: sr.TypeAvro, JSON: sr.TypeJSON, Protobuf: sr.TypeProtobuf}

// parse reads a schema that a registry has, and asks for all that it refers to, each once. A nil entry is one that is
// being read, so that what goes round in circles is found.
func (c *Client) parse(ctx context.Context, found sr.Schema, what string, read map[sr.SchemaReference]*Schema,
) (*Schema, error) {
	if read == nil {
		read = map[sr.SchemaReference]*Schema{}
	}
	var references []Reference
	for _, r := range found.References {
		key := sr.SchemaReference{Subject: r.Subject, Version: r.Version}
		s, known := read[key]
		if known && s == nil || len(read) > mostReferences {
			return nil, fmt.Errorf("%s: %w: it refers to itself, or to more than %d schemas", what, ErrUnsupported,
				mostReferences)
		}
		if !known {
			read[key] = nil
			what := fmt.Sprintf("%s: what it refers to as %q: subject %q version %d", what, r.Name, r.Subject, r.Version)
			of, err := c.api.SchemaByVersion(ctx, r.Subject, r.Version)
			if err != nil {
				return nil, c.explain(err, what)
			}
			if s, err = c.parse(ctx, of.Schema, what, read); err != nil {
				return nil, err
			}
			read[key] = s
		}
		references = append(references, Reference{r.Name, s})
	}
	s, err := Parse(Type(found.Type.String()), found.Schema, references...)
	switch {
	case errors.Is(err, ErrUnsupported):
		return nil, fmt.Errorf("%s: %w", what, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %w", what, ErrUnavailable, err)
	}
	return s, nil
}

// explain tells apart what a registry says from what it is unable to say.
func (c *Client) explain(err error, what string) error {
	if err == nil {
		return nil
	}
	var answer *sr.ResponseError
	if !errors.As(err, &answer) {
		var request *url.Error
		if errors.As(err, &request) { // what follows leaves out the address, which may hold a password
			err = request.Err
		} else if cause := errors.Unwrap(err); cause != nil {
			err = fmt.Errorf("its answer cannot be read: %w", cause)
		}
		return fmt.Errorf("%s: %w: %w", what, ErrUnavailable, err)
	}
	says := fmt.Sprintf("status %d, %.300s", answer.StatusCode, answer.Error())
	switch {
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%s: %w: %s; check its user and password, and what this user may do", what, ErrDenied, says)
	case answer.ErrorCode == 0: // no registry's error, whatever it is
		return fmt.Errorf("%s: %w: %s", what, ErrUnavailable, says)
	case answer.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%s: %w: %s", what, ErrUnknown, says)
	case answer.StatusCode == http.StatusConflict, answer.StatusCode == http.StatusUnprocessableEntity:
		return fmt.Errorf("%s: %w: %s", what, ErrRefused, says)
	}
	return fmt.Errorf("%s: %w: %s", what, ErrUnavailable, says)
}
