package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/listen"
)

// openAPI describes the HTTP interface; a test holds it against the routes below.
//
//go:embed openapi.json
var openAPI []byte

const (
	mostBody   = 8 << 20          // bytes of a request
	mostAnswer = 16 << 20         // bytes of keys and values in an answer, about
	mostWait   = 60 * time.Second // for facts that have not come yet
)

// control is the HTTP interface of the broker.
type control struct{ stand *stand }

// handler answers one request; its error is told as JSON.
type handler func(*control, http.ResponseWriter, *http.Request) error

// routes are all that the interface has.
var routes = map[string]handler{
	"GET /openapi.json":            (*control).describe,
	"GET /ready":                   (*control).ready,
	"POST /reset":                  (*control).reset,
	"GET /topics":                  (*control).listTopics,
	"POST /topics":                 (*control).createTopic,
	"DELETE /topics/{topic}":       (*control).deleteTopic,
	"GET /topics/{topic}/records":  (*control).readRecords,
	"POST /topics/{topic}/records": (*control).sendRecords,
	"GET /faults":                  (*control).listFaults,
	"POST /faults":                 (*control).injectFault,
	"DELETE /faults":               (*control).liftAll,
	"DELETE /faults/{fault}":       (*control).liftFault,
	"GET /facts":                   (*control).readFacts,
}

// refusal is an error with the HTTP status that goes with it.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, format string, arguments ...any) error {
	return &refusal{status, fmt.Sprintf(format, arguments...)}
}

// serveControl opens the HTTP interface and returns its address, and what ends it.
func (s *stand) serveControl(at string) (address string, warning string, end func() error, err error) {
	listener, err := net.Listen("tcp", at)
	if err != nil {
		return "", "", nil, fmt.Errorf("cannot listen for HTTP: %w; choose another --http", err)
	}
	host, _, _ := net.SplitHostPort(at) // it could be listened at
	place := listen.Place{Listen: host}
	if host == "" {
		place.Listen = "0.0.0.0"
	}
	if place.Beyond() {
		warning = "warning: the HTTP interface listens beyond this machine, without a password: whoever reaches it can " +
			"change all of the broker (--http)"
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	return "http://" + place.Address(listener.Addr()), warning, func() error {
		cancel() // those that wait for facts
		err := server.Close()
		if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
			err = errors.Join(err, failed)
		}
		return err
	}, nil
}

// handler is the interface without its listener. Pages in a browser are kept out: they are of others.
func (s *stand) handler() http.Handler {
	c, mux := &control{s}, http.NewServeMux()
	for pattern, handle := range routes {
		mux.Handle(pattern, c.answer(handle))
	}
	mux.Handle("/", c.answer((*control).unknown))
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(c.answer(func(*control, http.ResponseWriter, *http.Request) error {
		return refuse(http.StatusForbidden, "got a request of a page from elsewhere; ask from a program")
	}))
	return protection.Handler(mux)
}

// answer carries out a handler, and tells its error.
func (c *control) answer(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		err := handle(c, w, r)
		if err == nil || errors.Is(err, errGone) {
			return
		}
		status := http.StatusInternalServerError
		if known := (*refusal)(nil); errors.As(err, &known) {
			status = known.status
		}
		_ = write(w, status, errorAnswer{err.Error()}) // nobody listens any more
	})
}

// errorAnswer is the body of every answer that is an error.
type errorAnswer struct {
	Error string `json:"error"`
}

// errGone says that an answer was begun and that nobody reads it any more.
var errGone = errors.New("the client is gone")

func write(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encode := json.NewEncoder(w)
	encode.SetEscapeHTML(false)
	if err := encode.Encode(body); err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	return nil
}

// read takes a body apart. What it does not know is refused, since a misspelt field would be passed over.
func read(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("got more behind the JSON object")
		}
	}
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return refuse(http.StatusRequestEntityTooLarge, "got a body of more than %d bytes; send less at a time", large.Limit)
	}
	if typed := (*json.UnmarshalTypeError)(nil); errors.As(err, &typed) {
		return refuse(http.StatusBadRequest, "got a %s as %s; want the JSON that GET /openapi.json describes", typed.Value,
			cmp.Or(typed.Field, "the body"))
	}
	if err != nil {
		return refuse(http.StatusBadRequest, "cannot read the body: %v; want the JSON that GET /openapi.json describes",
			strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

func (c *control) unknown(w http.ResponseWriter, r *http.Request) error {
	if allowed := allowedFor(r); len(allowed) > 0 {
		var methods []string
		for _, route := range allowed {
			method, _, _ := strings.Cut(route, " ")
			methods = append(methods, method)
		}
		w.Header().Set("Allow", strings.Join(methods, ", "))
		return refuse(http.StatusMethodNotAllowed, "got %s %s, want %s; GET /openapi.json describes them", r.Method,
			r.URL.Path, strings.Join(withBodies(allowed), " or "))
	}
	known := strings.Join(slices.Sorted(maps.Keys(routes)), ", ")
	return refuse(http.StatusNotFound, "got %s %s, want one of %s", r.Method, r.URL.Path, known)
}

// allowedFor are the routes that the path of a request has with other methods.
func allowedFor(r *http.Request) (allowed []string) {
	mux := http.NewServeMux()
	for pattern := range routes {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		with := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := mux.Handler(with); routes[pattern] != nil {
			allowed = append(allowed, pattern)
		}
	}
	return allowed
}

// bodies are examples of what is sent; a test sends them.
var bodies = map[string]string{
	"POST /topics":                 `{"name": "orders", "partitions": 3}`,
	"POST /topics/{topic}/records": `{"records": [{"key": "u1", "value": "x"}]}`,
	"POST /faults":                 `{"step": "the next 3 Produce requests fail with REQUEST_TIMED_OUT"}`,
}

// withBodies are routes with an example of what is sent to them.
func withBodies(allowed []string) (all []string) {
	for _, route := range allowed {
		if body := bodies[route]; body != "" {
			route += " with such as " + body
		}
		all = append(all, route)
	}
	return all
}

func (c *control) describe(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(openAPI); err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	return nil
}

// readyAnswer says where clients get in.
type readyAnswer struct {
	Ready     bool             `json:"ready"`
	Cluster   string           `json:"cluster"`
	Listeners []listenerAnswer `json:"listeners"`
}

type listenerAnswer struct {
	Name      string   `json:"name"` // what faults call its clients
	Bootstrap []string `json:"bootstrap"`
}

func (c *control) ready(w http.ResponseWriter, _ *http.Request) error {
	return c.stand.use(func() error { return write(w, http.StatusOK, c.stand.readiness()) })
}

func (s *stand) readiness() readyAnswer {
	answer := readyAnswer{Ready: true, Cluster: s.world.Session.Describe().String(), Listeners: []listenerAnswer{}}
	for _, l := range s.listeners {
		answer.Listeners = append(answer.Listeners, listenerAnswer{l.name, l.addresses})
	}
	return answer
}

func (c *control) reset(w http.ResponseWriter, r *http.Request) error {
	if err := c.stand.reset(context.WithoutCancel(r.Context())); err != nil {
		return fmt.Errorf("cannot start a fresh cluster: %w; start kafkaspec broker again", err)
	}
	return c.ready(w, r)
}
