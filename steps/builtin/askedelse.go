package builtin

// What a failure says of requests that came otherwise than a step looks for.

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

const (
	shownRequests = 3   // that came otherwise
	shownPart     = 200 // bytes of a header, and of a body
)

// askedElse lists the requests that do not count, each once, those first that the service has no answer for; empty for
// none.
func askedElse(facts []journal.Fact, counts func(*journal.Exchange) bool) string {
	var unknown, others []string
	for i := range facts {
		e := facts[i].Detail.(*journal.Exchange)
		switch name := e.Method + " " + e.Path; {
		case counts(e):
		case e.Unknown && !slices.Contains(unknown, name):
			unknown = append(unknown, name)
		case !e.Unknown && !slices.Contains(others, name):
			others = append(others, name)
		}
	}
	for i := range unknown {
		unknown[i] += " (it has no answer for that)"
	}
	all := append(unknown, others...)
	text := strings.Join(all[:min(len(all), shownRequests)], ", ")
	if more := len(all) - shownRequests; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// unanswered adds to what was wrong the requests that the service has no answer for: they may be those that are missed.
func unanswered(err error, service string, facts []journal.Fact) error {
	text := askedElse(facts, func(e *journal.Exchange) bool { return !e.Unknown })
	if err == nil || text == "" {
		return err
	}
	return fmt.Errorf("%w\nthe HTTP service %q was asked %s", err, service, text)
}

// shownRequest is what a request has in it beside its method and path: headers that are its own, and its body.
func shownRequest(e *journal.Exchange) string {
	var parts []string
	for _, h := range e.Headers {
		if !slices.Contains(usual, h.Key) {
			parts = append(parts, h.Key+": "+shortPart(h.Value))
		}
	}
	text := "no headers of its own"
	if len(parts) > 0 {
		text = "headers " + strings.Join(parts, ", ")
	}
	if e.Body == "" {
		return text + ", no body"
	}
	return text + ", body " + shortPart(e.Body)
}

// shortPart is the beginning of a text, in one line.
func shortPart(text string) string {
	line := strings.Join(strings.Fields(text), " ")
	if len(line) <= shownPart {
		return line
	}
	end := shownPart
	for !utf8.RuneStart(line[end]) {
		end--
	}
	return line[:end] + "…"
}
