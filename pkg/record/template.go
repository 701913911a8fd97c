package record

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/holes"
)

// template is a text with functions in it, compiled to pieces.
type template struct {
	pieces []piece
	null   uint64 // share per billion of records where the whole is null
}

// piece writes one part of a text.
type piece struct {
	write     func(b []byte, s *stream) []byte
	literal   []byte               // of a piece that is always the same; write is nil
	bare      bool                 // reads as a JSON number, true or false
	null      func(s *stream) bool // a let that may be null
	time      bool                 // uses the record's timestamp
	partition bool                 // writes whole numbers that can be a partition
}

// render writes the text, or says that it is null.
func (t *template) render(b []byte, s *stream) ([]byte, bool) {
	if t.null == billion || t.null > 0 && s.below(billion) < t.null ||
		len(t.pieces) == 1 && t.pieces[0].null != nil && t.pieces[0].null(s) {
		return b, true
	}
	for i := range t.pieces {
		if p := &t.pieces[i]; p.write == nil {
			b = append(b, p.literal...)
		} else {
			b = p.write(b, s)
		}
	}
	return b, false
}

// bare says that the whole reads as a JSON number, true or false.
func (t *template) bare() bool { return len(t.pieces) == 1 && t.pieces[0].bare }

// constant gives the text of a template without functions.
func (t *template) constant() (text string, ok bool) {
	for _, p := range t.pieces {
		text += string(p.literal)
	}
	return text, t.null == 0 && !slices.ContainsFunc(t.pieces, func(p piece) bool { return p.write != nil })
}

// json gives the piece that writes the template as one JSON value.
func (t *template) json() piece {
	return piece{write: func(b []byte, s *stream) []byte {
		start := len(b)
		b, null := t.render(append(b, '"'), s)
		text := b[start+1:]
		switch {
		case null:
			return append(b[:start], "null"...)
		case t.bare():
			return append(b[:start], text...)
		}
		for _, c := range text {
			if c < ' ' || c == '"' || c == '\\' {
				return append(b[:start], quote(string(text))...)
			}
		}
		return append(b, '"')
	}}
}

// add puts a literal behind the pieces.
func (t *template) add(text string) {
	if n := len(t.pieces); n > 0 && t.pieces[n-1].write == nil {
		t.pieces[n-1].literal = append(t.pieces[n-1].literal, text...)
	} else if text != "" {
		t.pieces = append(t.pieces, piece{literal: []byte(text)})
	}
}

// parseTemplate reads a text with ${function …} in it; $${ is a plain ${.
func parseTemplate(text string, lets []named) (*template, error) {
	t := &template{}
	err := holes.Each(text, t.add, func(text string) (string, error) {
		words, rest, err := splitCall(text[2:])
		if err != nil {
			return "", fmt.Errorf("%q: %w", shorten(text, 60), err)
		}
		if err := t.call(words, lets); err != nil {
			return "", fmt.Errorf("%s: %w", text[:len(text)-len(rest)], err)
		}
		return rest, nil
	})
	return t, err
}

func (t *template) call(words []word, lets []named) error {
	if len(words) == 0 {
		return fmt.Errorf("got nothing inside, want a function (%s) or a name from let; write $${ for a plain ${",
			strings.Join(functionList(), ", "))
	}
	name, args := words[0].text, words[1:]
	if name == "null" {
		if t.null > 0 || len(args) != 1 {
			return fmt.Errorf("want ${null 5%%} once: the share of nulls")
		}
		var err error
		t.null, err = parseShare(args[0].text)
		return err
	}
	for i, l := range lets {
		if l.name == name && len(args) == 0 {
			t.pieces = append(t.pieces, letPiece(i, l))
			return nil
		}
	}
	f, ok := functions[name]
	if !ok {
		known := functionList()
		for _, l := range lets {
			known = append(known, l.name)
		}
		return fmt.Errorf("unknown function %q: %s", name, didYouMean(name, known))
	}
	p, err := piece{}, tooMany(args, f.most)
	if err == nil {
		p, err = f.build(args)
	}
	if err != nil {
		return fmt.Errorf("%w; usage: ${%s}", err, f.usage)
	}
	t.pieces = append(t.pieces, p)
	return nil
}

func letPiece(i int, l named) piece {
	p := piece{
		write:     func(b []byte, s *stream) []byte { return append(b, s.lets[i].text...) },
		bare:      l.bare(),
		partition: len(l.pieces) == 1 && l.pieces[0].partition,
	}
	if l.null > 0 || len(l.pieces) == 1 && l.pieces[0].null != nil {
		p.null = func(s *stream) bool { return s.lets[i].null }
	}
	return p
}

// word is one part of a call: an item, maybe quoted, maybe with a weight behind a colon.
type word struct {
	text   string
	quoted bool
	weight string
}

// wordForm is the end of a call, a JSON string with perhaps a weight, or a plain word.
var wordForm = regexp.MustCompile(`(?s)^[ \t\n]*(?:(})|("(?:[^"\\]|\\.)*")(?::([^ \t\n}]*))?|([^ \t\n}"][^ \t\n}]*))`)

// splitCall reads the words up to the closing brace.
func splitCall(text string) (words []word, rest string, err error) {
	for {
		m := wordForm.FindStringSubmatch(text)
		if m == nil && strings.TrimLeft(text, " \t\n") == "" {
			return nil, "", fmt.Errorf("want a closing }; write $${ for a plain ${")
		}
		if m == nil {
			return nil, "", fmt.Errorf("want a closing quote")
		}
		text = text[len(m[0]):]
		switch content, ok := unquote(m[2]); {
		case m[1] != "":
			return words, text, nil
		case m[4] != "":
			words = append(words, plainWord(m[4]))
		case ok:
			words = append(words, word{text: content, quoted: true, weight: m[3]})
		default:
			return nil, "", fmt.Errorf("got %s, want a JSON string", m[2])
		}
	}
}

func plainWord(text string) word {
	if i := strings.LastIndexByte(text, ':'); i > 0 && isDigits(text[i+1:]) {
		return word{text: text[:i], weight: text[i+1:]}
	}
	return word{text: text}
}
