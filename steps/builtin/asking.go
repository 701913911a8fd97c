package builtin

// Asking: requests over HTTP to applications, and what they answer. An application is asked at the port that its entry
// in the profile has as ${port.http}, at http: of that entry, or at the address of its last log line of the kind
// "listening". Redirections are not followed. An answer is to come within 10s, and may have 1MiB.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func askSteps(s *steps.Registry) {
	s.When("{peer} is asked {count} times over {duration} {method} {path}", askedOver, steps.Checked(askedAtAll))
	s.When("{peer} is asked {count} times {method} {path}", askedOften, steps.Checked(askedAtAll))
	s.When("{peer} is asked {method} {path}", askedOnce)
	s.Then("the answer(s) has/have status {status}", answersHave, steps.FromJournal)
	s.Then("the answer(s) is/are like:", answersAreLike, steps.FromJournal)
	s.Then("{peer} answers {method} {path} like:", answersLike, steps.Checked(onlyLooks))
	s.Then("{peer} answers {method} {path} with status {status}", answersWith, steps.Checked(onlyLooks))
	s.Then("{peer} does not answer {method} {path}", doesNotAnswer, steps.Checked(onlyLooks))
}

// askParts are who can be asked.
func askParts(s *steps.Registry) {
	steps.AddPart[peer](s, "peer", "who is asked over HTTP",
		steps.Form("{app}", applicationAsked),
		steps.Form("the HTTP service {http}", serviceAsked))
}

// peer finds who is asked.
type peer func(w *world.World) (world.Peer, error)

// applicationAsked is an application under test.
//
//	Given topic "orders" with 1 partition
//	And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
//	When "monitor" is asked GET "/metrics"
//	Then the answer has status 200
func applicationAsked(name string) peer {
	return func(w *world.World) (world.Peer, error) { return w.Application(name) }
}

// serviceAsked is an HTTP service that the scenario itself stands in for, to see what applications would be answered.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the answer has status 200
func serviceAsked(name string) peer {
	return func(w *world.World) (world.Peer, error) { return w.Service(name) }
}

// message is what stands under a step that asks: a body, as a doc string, or a table of two columns with body and
// headers.NAME. It may be absent.
type message struct {
	body    string
	headers http.Header
}

// MayBeAbsent lets a step have neither table nor doc string.
func (*message) MayBeAbsent() {}

// Decode reads it with variables put in, but for ${number}, which is another one for each request.
func (m *message) Decode(a steps.Argument, vars record.Vars) error {
	vars = maps.Clone(vars)
	vars[world.Number] = "${" + world.Number + "}"
	m.headers = http.Header{}
	var errs []error
	if a.Doc != nil {
		var err error
		if m.body, err = vars.Expand(*a.Doc); err != nil {
			return a.Source.Errorf("%w", err)
		}
		if a.MediaType == "json" {
			m.headers.Set("Content-Type", "application/json")
		}
	}
	seen := map[string]bool{}
	for i, row := range a.Rows {
		if len(row) != 2 || seen[row[0]] {
			return a.Source.Row(i).Errorf("got %s, want rows of two cells, each name once: body, or headers.NAME",
				words.Quoted(row))
		}
		seen[row[0]] = true
		value, err := vars.Expand(row[1])
		name, isHeader := strings.CutPrefix(row[0], "headers.")
		switch {
		case err != nil:
		case row[0] == "body":
			m.body = value
		case isHeader && plainHeader(name, value):
			m.headers.Add(name, value)
		default:
			err = fmt.Errorf("got %q, want body, or headers.NAME", row[0])
		}
		if err != nil {
			errs = append(errs, a.Source.Row(i).Errorf("%w", err))
		}
	}
	if m.headers.Get("Content-Type") == "" && strings.ContainsAny(firstOf(m.body), "{[") {
		m.headers.Set("Content-Type", "application/json")
	}
	return errors.Join(errs...)
}

// plainHeader says whether a header can be sent.
func plainHeader(name, value string) bool {
	return name != "" && !strings.ContainsAny(name, " :\r\n\t") && !strings.ContainsAny(value, "\r\n\x00")
}

// firstOf is the first character that is no blank.
func firstOf(text string) string {
	text = strings.TrimSpace(text)
	return text[:min(len(text), 1)]
}

// ask sends requests, whose path may have variables in it.
func ask(ctx context.Context, of peer, times int64, over time.Duration, method, path string, m message) error {
	w := world.FromContext(ctx)
	who, r, err := addressed(w, of, method, path, m)
	if err != nil {
		return err
	}
	return world.Ask(ctx, who, r, times, over)
}

func addressed(w *world.World, of peer, method, path string, m message) (world.Peer, world.Request, error) {
	who, err := of(w)
	return who, world.Request{Method: method, Path: path, Headers: m.headers, Body: m.body}, err
}

// askedOnce sends a request and keeps the answer. Under the step stands the body, as a doc string, or a table of two
// columns with rows body and headers.NAME; a body that begins with { or [ goes as application/json. Nobody answering is
// a failure of the step: refused connections, one that is closed, and more than 10s without an answer.
//
//	Given an HTTP service "payments" that answers:
//	  | method | path      | status | body           |
//	  | POST   | /payments | 201    | {"state":"ok"} |
//	When the HTTP service "payments" is asked POST "/payments"
//	  | headers.Idempotency-Key | o-1           |
//	  | body                    | {"id": "o-1"} |
//	Then the answer has status 201
func askedOnce(ctx context.Context, of peer, method, path string, m message) error {
	return ask(ctx, of, 1, 0, method, path, m)
}

// askedOften sends so many requests, each when the one before it was answered. ${number} in the path, in a header and
// in the body is the number of the request, from 1. An expectation of the answers is one of each.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked 20 times POST "/payments/${number}"
//	Then the answers have status 200
//	And the HTTP service "payments" was asked 20 times
func askedOften(ctx context.Context, of peer, times int64, method, path string, m message) error {
	return ask(ctx, of, times, 0, method, path, m)
}

// askedOver does the same evenly over a time, as far as the answers come in time.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked 20 times over 100ms POST "/payments/${number}"
//	Then the answers have status 200
func askedOver(ctx context.Context, of peer, times int64, over time.Duration, method, path string, m message) error {
	return ask(ctx, of, times, over, method, path, m)
}

// mostAsked is how many requests one step may send.
const mostAsked = 10_000

func askedAtAll(_ world.Surroundings, m steps.Match) error {
	if n := m.Values[1].Value.(int64); n < 1 || n > mostAsked {
		return fmt.Errorf("got %d requests, want 1 to %d", n, mostAsked)
	}
	return nil
}
