// Package plain reads JSON objects that have only plain fields: texts without escapes, numbers without exponents, true,
// false and null. Most events are like that, and it takes a tenth of the time of encoding/json. Whatever it does not
// understand, well formed or not, is for that.
package plain

import "strconv"

// Number is the number in a field; not ok when the text is no plain object, or has none there.
func Number(text []byte, field string) (value float64, ok bool) {
	plain := fields(text, func(name, digits, _ []byte) bool {
		if string(name) != field {
			return true
		}
		var err error
		value, err = strconv.ParseFloat(string(digits), 64)
		ok = err == nil // digits may be none
		return ok
	})
	return value, ok && plain
}

// Object tells whether the text is a plain object, and whether one of its fields has the word as its name or as its
// value.
func Object(text []byte, word string) (has, ok bool) {
	ok = fields(text, func(name, _, value []byte) bool {
		has = has || string(name) == word || string(value) == word
		return true
	})
	return has, ok
}

// fields calls each with the name and the value, if it is a number or a text, of each field. It is false when the text
// is no plain object, or each was.
func fields(text []byte, each func(name, digits, value []byte) bool) bool {
	s := scanner{text: text}
	if !s.take('{') {
		return false
	}
	for {
		name, isText := s.plainText()
		if !isText || !s.take(':') {
			return false
		}
		var digits, value []byte
		s.space()
		if s.at < len(s.text) && s.text[s.at] == '"' {
			if value, isText = s.plainText(); !isText {
				return false
			}
		} else if digits = s.digits(); digits == nil && !s.word("true") && !s.word("false") && !s.word("null") {
			return false
		}
		if !each(name, digits, value) {
			return false
		}
		if s.take('}') {
			s.space()
			return s.at == len(s.text)
		}
		if !s.take(',') {
			return false
		}
	}
}

// scanner is a place in a text.
type scanner struct {
	text []byte
	at   int
}

func (s *scanner) space() {
	for s.at < len(s.text) && s.text[s.at] <= ' ' { // mostly there is none
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// take goes past one character, which may have space before it.
func (s *scanner) take(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	s.space()
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) word(word string) bool {
	s.space()
	if end := s.at + len(word); end <= len(s.text) && string(s.text[s.at:end]) == word {
		s.at = end
		return true
	}
	return false
}

// plainText goes past a text in quotes that has printable ASCII only, and no escapes.
func (s *scanner) plainText() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	rest := s.text[s.at:]
	for i, c := range rest {
		if inText[c] {
			continue
		}
		s.at += i + 1
		return rest[:i], c == '"'
	}
	return nil, false
}

// inText has the characters that stand in a plain text.
var inText = func() (is [256]bool) {
	for c := ' '; c <= '~'; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

// digits goes past a number without an exponent; nil when there is none.
func (s *scanner) digits() []byte {
	s.space()
	start := s.at
	if s.at < len(s.text) && s.text[s.at] == '-' {
		s.at++
	}
	whole := s.run()
	zero := whole > 1 && s.text[s.at-whole] == '0'
	if whole == 0 || zero {
		s.at = start
		return nil
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if s.run() == 0 {
			s.at = start
			return nil
		}
	}
	return s.text[start:s.at]
}

// run goes past digits and counts them.
func (s *scanner) run() (n int) {
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
		n++
	}
	return n
}
