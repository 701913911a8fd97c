package record

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Matchers, in a cell or a scalar where a record is expected:
//
//	/regex/           the text matches (Go's RE2, not anchored)
//	<any>             there, and not null
//	<number>          a JSON number, or bytes that read as one
//	<uuid>            a UUID in its usual form of 36 characters
//	<absent>          no such field or header; a null key or value
//	<null>            null
//	> 5 >= 5 < 5 <= 5 a number compared by value
//	!= x              there, and not x
//
// Text that looks like a matcher is meant literally when it is quoted: "<any>".

type matcherKind int

const (
	matchAny matcherKind = iota
	matchNumber
	matchUUID
	matchAbsent
	matchNull
	matchRegexp
	matchLess
	matchLessEqual
	matchGreater
	matchGreaterEqual
	matchNot
)

// matcher is anything but equality with a literal.
type matcher struct {
	kind   matcherKind
	text   string // as written
	regexp *regexp.Regexp
	number decimal
	not    *expectation // matchNot
}

// subject is what a matcher looks at: a key, a value or a header as bytes, or a node of a JSON document.
type subject struct {
	present bool
	null    bool
	bytes   []byte // of a key, value or header
	node    any    // of a JSON document
	json    bool   // node counts, not bytes
}

func bytesSubject(b []byte) subject { return subject{present: true, null: b == nil, bytes: b} }

func nodeSubject(v any, present bool) subject {
	return subject{present: present, null: v == nil, node: v, json: true}
}

var named = map[string]matcherKind{
	"<any>": matchAny, "<number>": matchNumber, "<uuid>": matchUUID, "<absent>": matchAbsent, "<null>": matchNull,
}

var namedList = []string{"<any>", "<number>", "<uuid>", "<absent>", "<null>"}

// operators in the order to try them: the longer first.
var operators = []struct {
	text string
	kind matcherKind
}{{">=", matchGreaterEqual}, {"<=", matchLessEqual}, {">", matchGreater}, {"<", matchLess}}

var nameLike = regexp.MustCompile(`^<[a-zA-Z-]+>$`)

// parseMatcher gives nil when the text is no matcher. The operand of != is read by the given function.
func parseMatcher(text string, operand func(string) (*expectation, error)) (*matcher, error) {
	if kind, ok := named[text]; ok {
		return &matcher{kind: kind, text: text}, nil
	}
	if nameLike.MatchString(text) {
		return nil, fmt.Errorf("unknown matcher %s: %s; quote it to mean the text", text, didYouMean(text, namedList))
	}
	if len(text) > 2 && text[0] == '/' && text[len(text)-1] == '/' {
		re, err := regexp.Compile(text[1 : len(text)-1])
		if err != nil {
			return nil, fmt.Errorf("got %s, which is no regular expression of Go (RE2): %s; quote it to mean the text", text,
				strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		return &matcher{kind: matchRegexp, text: text, regexp: re}, nil
	}
	if rest, ok := strings.CutPrefix(text, "!="); ok {
		not, err := operand(strings.TrimSpace(rest))
		if err != nil {
			return nil, err
		}
		if not == nil {
			return nil, fmt.Errorf("got %q, want something behind !=; quote it to mean the text", text)
		}
		return &matcher{kind: matchNot, text: text, not: not}, nil
	}
	return parseComparison(text)
}

func parseComparison(text string) (*matcher, error) {
	for _, op := range operators {
		rest, ok := strings.CutPrefix(text, op.text)
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		number, ok := parseDecimal(rest)
		if !ok {
			// "<b>bold</b>" is text; "> five" is a mistake.
			if op.text == "<" && strings.Contains(text, ">") {
				return nil, nil
			}
			return nil, fmt.Errorf("got %q, want a number behind %s; quote it to mean the text", text, op.text)
		}
		return &matcher{kind: op.kind, text: op.text + " " + rest, number: number}, nil
	}
	return nil, nil
}

func (m *matcher) matches(s subject) bool {
	switch m.kind {
	case matchAbsent:
		return !s.present || !s.json && s.null
	case matchNull:
		return s.present && s.null
	case matchNot:
		return s.present && !m.not.equal(s)
	}
	if !s.present || s.null {
		return false
	}
	switch m.kind {
	case matchAny:
		return true
	case matchNumber:
		_, ok := s.number()
		return ok
	case matchUUID:
		return isUUID(s.text())
	case matchRegexp:
		return m.regexp.MatchString(s.text())
	}
	n, ok := s.number()
	if !ok {
		return false
	}
	c := n.compare(m.number)
	switch m.kind {
	case matchLess:
		return c < 0
	case matchLessEqual:
		return c <= 0
	case matchGreater:
		return c > 0
	default:
		return c >= 0
	}
}

func (s subject) number() (decimal, bool) {
	if !s.json {
		return parseDecimal(string(s.bytes))
	}
	n, ok := s.node.(json.Number)
	if !ok {
		return decimal{}, false
	}
	return parseDecimal(n.String())
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
	case !s.present:
		return "absent"
	case s.json:
		return showJSON(s.node)
	}
	return showBytes(s.bytes)
}

func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range []byte(text) {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			digit, letter := c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'f'
			if !digit && !letter {
				return false
			}
		}
	}
	return true
}
