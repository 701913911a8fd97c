package record

import (
	"fmt"
	"slices"
	"strings"
)

// template is a text with functions in it, compiled to pieces.
type template struct {
	pieces []piece
	null   uint64 // share per billion of records where the whole is null
	always bool   // always null
	number bool   // a constant number
}

// piece writes one part of a text.
type piece struct {
	write   func(b []byte, s *stream) []byte
	literal []byte               // of a piece that is always the same; write is nil
	bare    bool                 // reads as a JSON number, true or false
	safe    bool                 // needs no escapes inside a JSON string
	null    func(s *stream) bool // a let that may be null
	time    bool                 // uses the record's timestamp
	whole   bool                 // writes whole numbers from low to high
	low     int64
	high    int64
}

// render writes the text, or says that it is null.
func (t *template) render(b []byte, s *stream) ([]byte, bool) {
	if t.isNull(s) {
		return b, true
	}
	for i := range t.pieces {
		b = t.pieces[i].append(b, s)
	}
	return b, false
}

func (p *piece) append(b []byte, s *stream) []byte {
	if p.write == nil {
		return append(b, p.literal...)
	}
	return p.write(b, s)
}

func (t *template) isNull(s *stream) bool {
	if t.always || t.null > 0 && s.below(billion) < t.null {
		return true
	}
	return len(t.pieces) == 1 && t.pieces[0].null != nil && t.pieces[0].null(s)
}

// bare says that the whole reads as a JSON number, true or false.
func (t *template) bare() bool { return t.number || len(t.pieces) == 1 && t.pieces[0].bare }

func (t *template) constant() bool {
	return t.null == 0 && !slices.ContainsFunc(t.pieces, func(p piece) bool { return p.write != nil })
}

func (t *template) text() string {
	var b strings.Builder
	for _, p := range t.pieces {
		b.Write(p.literal)
	}
	return b.String()
}

// jsonPieces gives the pieces that write the template as one JSON value.
func (t *template) jsonPieces() []piece {
	if t.always {
		return []piece{{literal: []byte("null")}}
	}
	inner := t.pieces
	if !t.bare() {
		inner = []piece{{literal: []byte{'"'}}}
		for _, p := range t.pieces {
			inner = append(inner, p.escaped())
		}
		inner = append(inner, piece{literal: []byte{'"'}})
	}
	if t.null == 0 && !slices.ContainsFunc(t.pieces, func(p piece) bool { return p.null != nil }) {
		return inner
	}
	return []piece{{write: func(b []byte, s *stream) []byte {
		if t.isNull(s) {
			return append(b, "null"...)
		}
		for i := range inner {
			b = inner[i].append(b, s)
		}
		return b
	}}}
}

// escaped gives the piece as it stands inside the quotes of a JSON string.
func (p piece) escaped() piece {
	switch {
	case p.write == nil:
		quoted := quote(string(p.literal))
		return piece{literal: []byte(quoted[1 : len(quoted)-1])}
	case p.safe:
		return p
	}
	write := p.write
	p.write = func(b []byte, s *stream) []byte {
		start := len(b)
		b = write(b, s)
		for _, c := range b[start:] {
			if c < ' ' || c == '"' || c == '\\' {
				quoted := quote(string(b[start:]))
				return append(b[:start], quoted[1:len(quoted)-1]...)
			}
		}
		return b
	}
	return p
}

// join merges literals that stand side by side, so that rendering makes few steps.
func join(pieces []piece) []piece {
	var joined []piece
	for _, p := range pieces {
		if n := len(joined); n > 0 && p.write == nil && joined[n-1].write == nil {
			joined[n-1].literal = append(slices.Clone(joined[n-1].literal), p.literal...)
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

// parseTemplate reads a text with ${function …} in it; $${ is a plain ${.
func parseTemplate(text string, lets []let) (*template, error) {
	t := &template{}
	err := eachReference(text, func(text string) {
		if text != "" {
			t.pieces = append(t.pieces, piece{literal: []byte(text)})
		}
	}, func(text string) (string, error) {
		words, rest, err := splitCall(text[2:])
		if err != nil {
			return "", fmt.Errorf("%q: %w", shorten(text, 60), err)
		}
		if err := t.call(words, lets); err != nil {
			return "", fmt.Errorf("%s: %w", text[:len(text)-len(rest)], err)
		}
		return rest, nil
	})
	t.pieces = join(t.pieces)
	return t, err
}

func (t *template) call(words []word, lets []let) error {
	if len(words) == 0 {
		return fmt.Errorf("got nothing inside, want a function (%s) or a name from let; write $${ for a plain ${",
			functionNames())
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
	p, err := f.build(args)
	if err != nil {
		return fmt.Errorf("%w; usage: ${%s}", err, f.usage)
	}
	t.pieces = append(t.pieces, p)
	return nil
}

func letPiece(i int, l let) piece {
	p := piece{
		write: func(b []byte, s *stream) []byte { return append(b, s.lets[i].text...) },
		bare:  l.bare(),
		safe:  !slices.ContainsFunc(l.pieces, func(p piece) bool { return p.write == nil || !p.safe }),
	}
	if len(l.pieces) == 1 {
		p.whole, p.low, p.high = l.pieces[0].whole, l.pieces[0].low, l.pieces[0].high
	}
	if l.null > 0 || l.always || len(l.pieces) == 1 && l.pieces[0].null != nil {
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

// splitCall reads the words up to the closing brace.
func splitCall(text string) (words []word, rest string, err error) {
	for {
		text = strings.TrimLeft(text, " \t\n")
		switch {
		case text == "":
			return nil, "", fmt.Errorf("want a closing }; write $${ for a plain ${")
		case text[0] == '}':
			return words, text[1:], nil
		case text[0] == '"':
			end := 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(text) {
				return nil, "", fmt.Errorf("want a closing quote")
			}
			content, ok := unquote(text[:end+1])
			if !ok {
				return nil, "", fmt.Errorf("got %s, want a JSON string", text[:end+1])
			}
			w := word{text: content, quoted: true}
			text = text[end+1:]
			if tail, ok := strings.CutPrefix(text, ":"); ok {
				n := strings.IndexAny(tail, " \t\n}")
				if n < 0 {
					n = len(tail)
				}
				w.weight, text = tail[:n], tail[n:]
			}
			words = append(words, w)
		default:
			n := strings.IndexAny(text, " \t\n}")
			if n < 0 {
				n = len(text)
			}
			words = append(words, plainWord(text[:n]))
			text = text[n:]
		}
	}
}

func plainWord(text string) word {
	if i := strings.LastIndexByte(text, ':'); i > 0 && i+1 < len(text) && digits(text[i+1:]) == len(text)-i-1 {
		return word{text: text[:i], weight: text[i+1:]}
	}
	return word{text: text}
}
