package record

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// Matchers, in a cell or a scalar where a record is expected:
//
//	/regex/           the text matches (Go's RE2, not anchored)
//	<any>             there, and not null
//	<number>          a JSON number, or bytes that read as one
//	<uuid>            a UUID in its usual form of 36 characters
//	<absent>          no such field or header, also below null; a null key or value
//	<null>            null
//	> 5 >= 5 < 5 <= 5 a number compared by value
//	!= x              there, and not x
//
// Text that looks like a matcher is meant literally when it is quoted: "<any>".

// subject is what an expectation looks at: a key, a value or a header as bytes, or a node of a JSON document.
type subject struct {
	present bool
	null    bool
	bytes   []byte // of a key, value or header
	node    any    // of a JSON document
	json    bool   // node counts, not bytes
	view    *view  // of a value, for its JSON
	shown   string // "": as it is
}

func bytesSubject(b []byte) subject { return subject{present: true, null: b == nil, bytes: b} }

func nodeSubject(v any, present bool) subject {
	return subject{present: present, null: v == nil, node: v, json: true}
}

func numberSubject(n int64, present bool) subject {
	return nodeSubject(json.Number(strconv.FormatInt(n, 10)), present)
}

// document gives the JSON of bytes.
func (s subject) document() (any, bool) {
	switch {
	case s.null:
		return nil, false
	case s.view != nil:
		return s.view.document()
	}
	return parseJSON(s.bytes)
}

const (
	matchAbsent = "<absent>"
	matchAny    = "<any>"
)

var namedMatchers = map[string]func(subject) bool{
	matchAny:    subject.hasValue,
	"<number>":  func(s subject) bool { _, ok := s.number(); return ok && s.hasValue() },
	"<uuid>":    func(s subject) bool { return s.hasValue() && uuid.MatchString(s.text()) },
	matchAbsent: func(s subject) bool { return !s.present || !s.json && s.null },
	"<null>":    func(s subject) bool { return s.present && s.null },
}

var matcherNames = []string{matchAny, "<number>", "<uuid>", matchAbsent, "<null>"}

// comparisons in the order to try them: the longer first. holds is given the result of comparing.
var comparisons = []struct {
	text  string
	holds func(int) bool
}{
	{">=", func(c int) bool { return c >= 0 }},
	{"<=", func(c int) bool { return c <= 0 }},
	{">", func(c int) bool { return c > 0 }},
	{"<", func(c int) bool { return c < 0 }},
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

var nameLike = regexp.MustCompile(`^<[a-zA-Z-]+>$`)

// parseMatcher gives nil when the text is no matcher.
func parseMatcher(text string, where place) (*node, error) {
	if matches, ok := namedMatchers[text]; ok {
		return &node{text: text, matches: matches}, nil
	}
	if nameLike.MatchString(text) {
		return nil, fmt.Errorf("unknown matcher %s: %s; quote it to mean the text", text, didYouMean(text, matcherNames))
	}
	if len(text) > 2 && text[0] == '/' && text[len(text)-1] == '/' {
		re, err := regexp.Compile(text[1 : len(text)-1])
		if err != nil {
			return nil, fmt.Errorf("got %s, which is no regular expression of Go (RE2): %s; quote it to mean the text", text,
				strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		return &node{text: text, matches: func(s subject) bool { return s.hasValue() && re.MatchString(s.text()) }}, nil
	}
	if rest, ok := strings.CutPrefix(text, "!="); ok {
		if rest = strings.TrimSpace(rest); rest == "" {
			return nil, fmt.Errorf("got %q, want something behind !=; quote it to mean the text", text)
		}
		if where == placeText {
			where = placeField
		}
		not, err := parseExpectation(rest, where)
		if err != nil {
			return nil, err
		}
		return &node{text: text, matches: func(s subject) bool { return s.present && !not.takes(s) }}, nil
	}
	return parseComparison(text)
}

func parseComparison(text string) (*node, error) {
	for _, op := range comparisons {
		rest, ok := strings.CutPrefix(text, op.text)
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		number, ok := parseNumber(rest)
		if !ok {
			// "<b>bold</b>" is text; "> five" is a mistake.
			if op.text == "<" && strings.Contains(text, ">") {
				return nil, nil
			}
			return nil, fmt.Errorf("got %q, want a number behind %s; quote it to mean the text", text, op.text)
		}
		return &node{text: op.text + " " + rest, matches: func(s subject) bool {
			n, ok := s.number()
			return ok && s.hasValue() && op.holds(n.Cmp(number))
		}}, nil
	}
	return nil, nil
}

func (s subject) hasValue() bool { return s.present && !s.null }

func (s subject) number() (*big.Rat, bool) {
	if !s.json {
		return parseNumber(string(s.bytes))
	}
	n, _ := s.node.(json.Number)
	return parseNumber(n.String())
}

// text is what a regular expression sees: bytes as they are, a JSON string without its quotes, other JSON compactly.
func (s subject) text() string {
	if !s.json {
		return string(s.bytes)
	}
	if text, ok := s.node.(string); ok {
		return text
	}
	return string(appendJSON(nil, s.node))
}

func (s subject) show() string {
	switch {
	case s.shown != "":
		return s.shown
	case !s.present:
		return "absent"
	case s.json:
		return showJSON(s.node)
	}
	return showBytes(s.bytes)
}
