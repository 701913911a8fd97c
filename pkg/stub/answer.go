package stub

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Answer is what a service says to the requests that it is meant for.
type Answer struct {
	Method  string // "": any
	Path    string // * stands for one segment, ** at the end for any others, as in /orders/*; "": any
	Status  int    // 0: 200
	Headers http.Header
	Body    []byte
	Delay   time.Duration // before it is given
}

// methods are those that requests may have.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodOptions}

// CheckMethod is an error for what is no method.
func CheckMethod(text string) error {
	if slices.Contains(methods, text) {
		return nil
	}
	if near := nearest.Word(strings.ToUpper(text), methods); near != "" {
		return fmt.Errorf("got the method %q; did you mean %s?", text, near)
	}
	return fmt.Errorf("got the method %q, want one of %s", text, strings.Join(methods, ", "))
}

// CheckPath is an error for what is no path of a request, with or without a query.
func CheckPath(text string) error {
	switch {
	case strings.Contains(text, "://"):
		return fmt.Errorf("got %q, want a path such as /orders; the address of an application is its port.http, or http: of "+
			"its entry in the profile", text)
	case !strings.HasPrefix(text, "/"):
		return fmt.Errorf("got the path %q, want one that begins with /, such as /orders", text)
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '#' }):
		return fmt.Errorf("got the path %q, which has a blank, a # or a control character in it; write it as in a URL: %%20",
			text)
	}
	return nil
}

// CheckStatus is an error for what is no status of an answer.
func CheckStatus(status int64) error {
	if status < 200 || status > 599 {
		return fmt.Errorf("got status %d, want one of HTTP: 200 to 599", status)
	}
	return nil
}

// Fits says whether a pattern, as in Answer.Path, is that of a path, with or without a query. Of one with a * it gives
// the text that stands there, at the first of them.
func Fits(pattern, path string) (at string, fits bool) {
	if pattern == "" {
		return "", true
	}
	path, _, _ = strings.Cut(path, "?")
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, segment := range want {
		if segment == "**" && i == len(want)-1 {
			return at, true
		}
		if i >= len(got) || segment != "*" && segment != got[i] || segment == "*" && got[i] == "" {
			return "", false
		}
		if segment == "*" && at == "" {
			at = got[i]
		}
	}
	return at, len(got) == len(want)
}

// fits says whether the answer is meant for a request.
func (a *Answer) fits(r *http.Request) bool {
	_, fits := Fits(a.Path, r.URL.EscapedPath())
	return fits && (a.Method == "" || a.Method == r.Method)
}

// hides says whether no request can get an answer because another one stands before it.
func (a *Answer) hides(b *Answer) bool {
	return (a.Method == "" || a.Method == b.Method) && (a.Path == "" || a.Path == "/**" || a.Path == b.Path)
}

// Check is an error where an answer is none, or can never be given.
func Check(answers []Answer) error {
	for i := range answers {
		a := &answers[i]
		for j := range answers[:i] {
			if answers[j].hides(a) {
				return fmt.Errorf("answer %d is never given, as answer %d is meant for the same requests; put it before that, or "+
					"remove one", i+1, j+1)
			}
		}
		if a.Status == http.StatusNoContent && len(a.Body) > 0 {
			return errors.New("got a body with status 204, which has none")
		}
	}
	return nil
}
