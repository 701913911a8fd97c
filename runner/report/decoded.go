package report

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decoded is a text as somebody reads it who undoes one kind of escape in it, and where each of its bytes began in the
// text that is shown.
type decoded struct {
	text string
	at   []int // one more than bytes: where the text ends
}

// An escape reads what stands at the beginning of a text: how many bytes are an escape, and what they stand for.
type escape struct {
	mark byte
	read func(text string) (length int, plain string)
}

// escapes are those that outputs and logs have: of URLs, of strings in programs and JSON, of HTML and XML.
var escapes = []escape{{'%', percent}, {'\\', backslash}, {'&', entity}}

// nested is how often a secret may be escaped: JSON in JSON, a URL within another.
const nested = 2

// readings are the ways to read a text whose escapes are undone, each at most nested times. What a console leaves out,
// and what stands between the bytes of a list, counts as an escape.
func readings(text string) []decoded {
	var all []decoded
	level, known := []decoded{{text: text}}, map[string]bool{} // %22 behind \" reads as \" behind %22 does
	for range nested {
		var next []decoded
		take := func(undone decoded, changed bool) {
			if changed && !known[undone.text] {
				known[undone.text] = true
				next = append(next, undone)
			}
		}
		for _, d := range level {
			for _, e := range escapes {
				if strings.IndexByte(d.text, e.mark) >= 0 {
					take(d.undo(e))
				}
			}
			take(d.seen())
			take(d.together())
		}
		all, level = append(all, next...), next
	}
	return all
}

func (d decoded) undo(e escape) (undone decoded, changed bool) {
	undone = d.rewrite(func(i int) (length int, plain string) {
		if d.text[i] == e.mark {
			length, plain = e.read(d.text[i:])
		}
		if length == 0 {
			return 1, d.text[i : i+1]
		}
		changed = true
		return length, plain
	})
	return undone, changed
}

// rewrite is the text with each part, which next measures, replaced by what it stands for.
func (d decoded) rewrite(next func(i int) (length int, plain string)) decoded {
	undone := decoded{at: make([]int, 0, len(d.text)+1)}
	text := make([]byte, 0, len(d.text))
	for i := 0; i < len(d.text); {
		length, plain := next(i)
		for range len(plain) {
			undone.at = append(undone.at, d.place(i))
		}
		text = append(text, plain...)
		i += length
	}
	undone.at = append(undone.at, d.place(len(d.text)))
	undone.text = string(text)
	return undone
}

// place is where a byte of the text began in the one that is shown.
func (d decoded) place(i int) int {
	if d.at == nil {
		return i
	}
	return d.at[i]
}

// percent reads %C3.
func percent(text string) (length int, plain string) { return digits(text, 1, 2, 16) }

// digits reads a byte by the digits that stand behind a prefix.
func digits(text string, prefix, count, base int) (length int, plain string) {
	if len(text) < prefix+count {
		return 0, ""
	}
	code, err := strconv.ParseUint(text[prefix:prefix+count], base, 8)
	if err != nil {
		return 0, ""
	}
	return prefix + count, string([]byte{byte(code)})
}

// plainEscapes are those of a letter; any other sign behind a backslash stands for itself.
var plainEscapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f", 'a': "\a", 'v': "\v"}

// backslash reads \n, \", \\, \x41, \101, \u00e9, two \u of a pair and \U0001f680.
func backslash(text string) (length int, plain string) {
	switch {
	case len(text) < 2:
		return 0, ""
	case text[1] == 'x':
		return digits(text, 2, 2, 16)
	case text[1] >= '0' && text[1] <= '7':
		return digits(text, 1, 3, 8)
	case text[1] == 'u':
		first, ok := codePoint(text, 4)
		if second, pair := codePoint(text[min(6, len(text)):], 4); ok && pair && utf16.IsSurrogate(first) {
			return 12, string(utf16.DecodeRune(first, second))
		}
		return 6 * one(ok), string(first)
	case text[1] == 'U':
		r, ok := codePoint(text, 8)
		return 10 * one(ok), string(r)
	case plainEscapes[text[1]] != "":
		return 2, plainEscapes[text[1]]
	case text[1] < utf8.RuneSelf:
		return 2, text[1:2]
	}
	return 0, ""
}

func one(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

// codePoint reads the digits behind \u or \U.
func codePoint(text string, count int) (r rune, ok bool) {
	if len(text) < 2+count || text[0] != '\\' {
		return 0, false
	}
	code, err := strconv.ParseUint(text[2:2+count], 16, 31)
	return rune(code), err == nil
}

// longestEntity is that of &CounterClockwiseContourIntegral;
const longestEntity = 33

// entity reads &amp;, &#39; and &#x27;.
func entity(text string) (length int, plain string) {
	end := strings.IndexByte(text[:min(len(text), longestEntity)], ';')
	if end < 0 {
		return 0, ""
	}
	if plain = html.UnescapeString(text[:end+1]); plain == text[:end+1] {
		return 0, ""
	}
	return end + 1, plain
}
