package stub

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// mostUnknown is how many requests that no answer fits are named.
const mostUnknown = 10

// serve takes one request: it is told, and then answered.
func (s *Service) serve(app string, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	closed := s.over.Err() != nil
	if !closed {
		s.work.Add(1) // a server that is closed does not wait for its handlers
	}
	s.mu.Unlock()
	if closed {
		cut(w)
		return
	}
	defer s.work.Done()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return // it has gone before it had asked
	}
	answer, unknown := s.answerTo(r)
	if tooLarge != nil {
		answer, unknown = &Answer{Status: http.StatusRequestEntityTooLarge}, false
	}
	said := &journal.Exchange{Service: s.options.Name, Method: r.Method, Path: r.URL.RequestURI(),
		Headers: Headers(r.Header), Body: string(body), Cut: tooLarge != nil, Unknown: unknown,
		Status: answer.status(), Reply: string(answer.Body), ReplyHeaders: Headers(answer.Headers)}
	fault, effect := s.strike(said)
	if fault != nil && fault.status > 0 {
		said.Status, said.Reply, said.ReplyHeaders = fault.status, "", nil
		answer = &Answer{Status: fault.status}
	}
	said.Accepted = said.Status > 0 && said.Status < http.StatusBadRequest || fault != nil && fault.acts && !unknown
	if app == Unseen {
		s.give(w, r, answer, fault)
		return
	}
	if effect != nil {
		effect.App = app
		s.options.Tell(*effect)
	}
	s.tell(app, said)
	s.give(w, r, answer, fault)
}

func (a *Answer) status() int {
	if a.Status == 0 {
		return http.StatusOK
	}
	return a.Status
}

// answerTo finds the answer to a request. Where none fits it notes that.
func (s *Service) answerTo(r *http.Request) (answer *Answer, unknown bool) {
	answers := s.options.Answers
	if len(answers) == 0 {
		return &Answer{}, false
	}
	if i := slices.IndexFunc(answers, func(a Answer) bool { return a.fits(r) }); i >= 0 {
		return &answers[i], false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if name := r.Method + " " + r.URL.EscapedPath(); !slices.Contains(s.unknown, name) && len(s.unknown) < mostUnknown {
		s.unknown = append(s.unknown, name)
	}
	return &Answer{Status: http.StatusNotFound}, true
}

// tell makes a fact of a request, while there are not too many.
func (s *Service) tell(app string, said *journal.Exchange) {
	s.mu.Lock()
	if s.told++; s.told > MostTold {
		s.mu.Unlock()
		return
	}
	for _, text := range []*string{&said.Body, &said.Reply} {
		if room := min(mostKeptBody, mostKept-s.kept); len(*text) > room {
			*text, said.Cut = (*text)[:max(room, 0)], true
		}
		s.kept += len(*text)
	}
	s.mu.Unlock()
	f := journal.Fact{Kind: journal.ServiceAsked, Source: journal.SourceService, App: app, Partition: -1, Offset: -1,
		Detail: said}
	if said.Status == 0 {
		f.Error = "no answer"
	}
	s.options.Tell(f)
}

// give answers a request, or does to it what is wrong with the service.
func (s *Service) give(w http.ResponseWriter, r *http.Request, answer *Answer, fault *Trouble) {
	delay := answer.Delay
	switch {
	case fault == nil:
	case fault.holds:
		var left time.Duration
		if fault.For > 0 {
			left = max(time.Until(fault.until), 1)
		}
		s.pause(r.Context(), fault.over, left)
		cut(w)
		return
	case fault.cuts:
		cut(w)
		return
	default:
		delay += fault.delay
	}
	if delay > 0 && !s.pause(r.Context(), nil, delay) {
		cut(w)
		return
	}
	header := w.Header()
	maps.Copy(header, answer.Headers)
	w.WriteHeader(answer.status())
	if r.Method != http.MethodHead {
		_, _ = w.Write(answer.Body) // it has gone: its business
	}
}

// pause waits for so long, or until over is closed where that is 0. It is false once there is nobody to answer.
func (s *Service) pause(ctx context.Context, over <-chan struct{}, d time.Duration) bool {
	var timer <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-timer:
		return true
	case <-over:
		return true
	case <-ctx.Done():
	case <-s.over.Done():
	}
	return false
}

// cut closes a connection in place of an answer.
func cut(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // cuts it as well
	}
	_ = connection.Close()
}

// secret are the headers whose values are not told.
var secret = regexp.MustCompile(`(?i)^(?:(?:proxy-)?authorization|(?:set-)?cookie|.*(?:api-?key|token|secret|password).*)$`)

// IsSecret is true of the name of a header whose values are not told.
func IsSecret(header string) bool { return secret.MatchString(header) }

// hidden stands in place of a secret.
const hidden = "***"

// Headers are those of a request or an answer, sorted by name, without the values of secret ones.
func Headers(all http.Header) (told []journal.Header) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, value := range all[name] {
			if IsSecret(name) {
				value = hidden
			}
			told = append(told, journal.Header{Key: name, Value: value})
		}
	}
	return told
}
