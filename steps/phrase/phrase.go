// Package phrase compiles the Cucumber Expressions that steps are registered with and reads the values out of a step's
// text.
//
// Supported: plain text, {parameter} types, (optional) text, alternative/words, and the escapes \{ \( \/ \\.
// Not supported: anonymous {} parameters and regular expressions. The grammar is the one of
// https://github.com/cucumber/cucumber-expressions, so editors that know it complete and check the same phrases.
package phrase

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Phrase is a compiled Cucumber Expression, safe for concurrent use.
type Phrase struct {
	text     string
	plain    string // the pattern, without groups
	params   []Param
	places   [][2]int              // of the parameters in the text, braces included
	fixed    string                // the longest run of plain words: text without it is not looked at more closely
	expected func() *regexp.Regexp // compiled when first needed: a scenario uses few of the phrases there are
}

// Value is one parameter read from a step's text.
type Value struct {
	Param string  // name of the parameter type, such as "topic"
	Text  string  // as it stands in the step, without quotes
	Value any     // of the Go type that Param.Type returns
	Inner []Value // that stand inside of the value: the application and the topic of {requests}, all of a part's
	Form  *Form   // of a part: what made the value of those inside; nil for other parameters
}

// Compile reads a Cucumber Expression. The error names the column.
func (s Params) Compile(text string) (*Phrase, error) {
	c := compiler{known: s, text: text}
	if err := c.compile(); err != nil {
		return nil, fmt.Errorf("phrase %q: %w", text, err)
	}
	pattern := "^" + c.out.grouped + "$" // valid: quoted text and the patterns of parameters
	return &Phrase{text: text, plain: c.out.plain, params: c.params, places: c.places, fixed: fixedWords(text),
		expected: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })}, nil
}

// optional is text that may be left out, words and blanks.
var optional = regexp.MustCompile(`\([^)]*\)`)

// fixedWords returns the longest run of words without anything special in them.
func fixedWords(text string) string {
	longest, run := "", ""
	for _, word := range strings.Split(optional.ReplaceAllString(text, "()"), " ") {
		switch {
		case strings.ContainsAny(word, `{}()/\`):
			run = ""
		case run == "":
			run = word
		default:
			run += " " + word
		}
		if len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// String returns the expression as it was written.
func (p *Phrase) String() string { return p.text }

// Pattern is the regular expression of texts that have the phrase's form, without groups and anchors.
func (p *Phrase) Pattern() string { return p.plain }

// Params lists the parameter types in the order of their appearance.
func (p *Phrase) Params() []Param { return p.params }

// Matches says whether the text has the phrase's form. Its values may still be wrong: see Read.
func (p *Phrase) Matches(text string) bool {
	return strings.Contains(text, p.fixed) && p.expected().MatchString(text)
}

// Read returns the values in text. Text that has the phrase's form but a bad value ("within 5x") is an error that says
// what a good one looks like.
func (p *Phrase) Read(text string) ([]Value, error) {
	groups := p.expected().FindStringSubmatch(text)
	if groups == nil {
		return nil, fmt.Errorf("got %q, want the form %q", text, p.text)
	}
	values := make([]Value, len(p.params))
	for i, param := range p.params {
		raw := groups[i+1]
		if param.Forms != nil {
			var err error
			if values[i], err = param.read(raw); err != nil {
				return nil, err
			}
			continue
		}
		value, err := param.Parse(raw)
		if err != nil {
			return nil, err
		}
		values[i] = Value{Param: param.Name, Text: Unquote(raw), Value: value}
		if param.Inner != nil {
			values[i].Inner = param.Inner(value)
		}
	}
	return values, nil
}

// compiler walks an expression once, left to right.
type compiler struct {
	known  Params
	text   string
	at     int
	out    pattern
	params []Param
	places [][2]int
}

func (c *compiler) compile() error {
	if strings.TrimSpace(c.text) == "" {
		return fmt.Errorf("is empty")
	}
	if !utf8.ValidString(c.text) {
		return fmt.Errorf("is not UTF-8")
	}
	for c.at < len(c.text) {
		if c.text[c.at] == ' ' {
			c.out.add(" ", " ")
			c.at++
			continue
		}
		if err := c.word(); err != nil {
			return err
		}
	}
	return nil
}

// word reads up to the next space outside brackets; a slash in it separates alternatives.
func (c *compiler) word() error {
	var alternatives []pattern
	var part pattern
	for c.at < len(c.text) && c.text[c.at] != ' ' {
		switch c.text[c.at] {
		case '\\':
			if c.at+1 == len(c.text) {
				return fmt.Errorf("column %d: a backslash at the end escapes nothing", c.at+1)
			}
			part.literal(c.text[c.at+1 : c.at+2])
			c.at += 2
		case '/':
			alternatives = append(alternatives, part)
			part = pattern{}
			c.at++
		case '(':
			inner, err := c.until(')')
			if err != nil {
				return err
			}
			maybe := "(?:" + regexp.QuoteMeta(inner) + ")?"
			part.add(maybe, maybe)
		case '{':
			start := c.at
			inner, err := c.until('}')
			if err != nil {
				return err
			}
			param, ok := c.known[inner]
			if !ok {
				meant := ";"
				if near := nearest.Slip("{"+inner+"}", c.known.Names()); near != "" {
					meant = "; did you mean " + near + "?"
				}
				return fmt.Errorf("column %d: unknown parameter type {%s}%s known are %s", c.at, inner, meant,
					strings.Join(c.known.Names(), ", "))
			}
			c.params = append(c.params, param)
			c.places = append(c.places, [2]int{start, c.at})
			part.add("("+param.Pattern+")", "(?:"+param.Pattern+")")
		default:
			part.literal(c.text[c.at : c.at+1])
			c.at++
		}
	}
	return c.finishWord(append(alternatives, part))
}

func (c *compiler) finishWord(alternatives []pattern) error {
	if len(alternatives) == 1 {
		c.out.add(alternatives[0].grouped, alternatives[0].plain)
		return nil
	}
	grouped, plain := make([]string, len(alternatives)), make([]string, len(alternatives))
	for i, a := range alternatives {
		if a.plain == "" {
			return fmt.Errorf("column %d: an alternative is empty; escape a plain slash as \\/", c.at)
		}
		grouped[i], plain[i] = a.grouped, a.plain
	}
	c.out.add("(?:"+strings.Join(grouped, "|")+")", "(?:"+strings.Join(plain, "|")+")")
	return nil
}

// pattern is a regular expression, with a group for each parameter and without.
type pattern struct{ grouped, plain string }

func (p *pattern) add(grouped, plain string) {
	p.grouped += grouped
	p.plain += plain
}

func (p *pattern) literal(text string) {
	quoted := regexp.QuoteMeta(text)
	p.add(quoted, quoted)
}

// until returns what stands between the bracket at c.at and its closing one, and moves past both.
func (c *compiler) until(closing byte) (string, error) {
	start := c.at + 1
	end := strings.IndexByte(c.text[start:], closing)
	if end <= 0 {
		return "", fmt.Errorf("column %d: %q is not closed by %q, or holds nothing", c.at+1, c.text[c.at], closing)
	}
	c.at = start + end + 1
	return c.text[start : start+end], nil
}
