package record

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// shownLength is how much of one key, value or header an error shows, in characters.
const shownLength = 120

// shorten cuts a text for display and says how long it was.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return fmt.Sprintf("%s… (%d bytes)", text[:cut], len(text))
}

// showBytes shows a key, a value or a header value in the notation one would write it in.
func showBytes(b []byte) string {
	switch {
	case b == nil:
		return "null"
	case len(b) == 0:
		return `""`
	case !readable(b):
		if len(b) > shownLength/2 {
			return fmt.Sprintf("0x%s… (%d bytes)", hex.EncodeToString(b[:shownLength/2]), len(b))
		}
		return "0x" + hex.EncodeToString(b)
	}
	text := string(b)
	if needsQuotes(text) {
		return shorten(quote(text), shownLength)
	}
	return shorten(text, shownLength)
}

func readable(b []byte) bool {
	return utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r'
	})
}

// needsQuotes is for text that, written bare, would mean something else or cannot be told from its surroundings.
func needsQuotes(text string) bool {
	return text == "null" || strings.TrimSpace(text) != text || strings.ContainsAny(text, "\n\r\t") ||
		strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "base64:")
}

// Show gives a record in one line: where it stands and what it holds.
func (r Record) Show() string {
	text := "key " + showBytes(r.Key) + ", value " + showBytes(r.Value)
	if place := r.place(); place != "" {
		text = place + ": " + text
	}
	for i, h := range r.onRecord() {
		text += map[bool]string{true: ", headers ", false: " "}[i == 0] + h.Key + "=" + showBytes(h.Value)
	}
	return shorten(text, 4*shownLength)
}

// onRecord are the headers that stand on the record itself.
func (r Record) onRecord() []Header {
	return slices.DeleteFunc(slices.Clone(r.Headers), func(h Header) bool { return h.From != "" })
}

// ShowHere is Show without the topic, for a message that names it.
func (r Record) ShowHere() string {
	r.Topic = ""
	return r.Show()
}

// place gives "partition 0 offset 3", with the topic where the record names one.
func (r Record) place() string {
	var parts []string
	if r.Topic != "" {
		parts = append(parts, r.Topic)
	}
	if r.Partition >= 0 {
		parts = append(parts, fmt.Sprintf("partition %d", r.Partition))
	}
	if r.Offset >= 0 {
		parts = append(parts, fmt.Sprintf("offset %d", r.Offset))
	}
	return strings.Join(parts, " ")
}

// showPair shows two keys or values that differ so that the difference is visible: long ones from where they part, and
// ones that look alike with every unusual character spelled out.
func showPair(want, got []byte) (string, string) {
	if want == nil || got == nil || !readable(want) || !readable(got) {
		return showBytes(want), showBytes(got)
	}
	return showTexts(string(want), string(got), func(text string) string {
		if text == "" || needsQuotes(text) {
			return quote(text)
		}
		return text
	})
}

// quote writes a text as a JSON string, which is how a cell says "exactly this".
func quote(text string) string { return string(appendJSON(nil, text)) }

// spellOut is quote with every character beyond ASCII as its \u escape.
func spellOut(text string) string {
	var b strings.Builder
	for _, r := range quote(text) {
		if r <= unicode.MaxASCII {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

func showTexts(want, got string, quoted func(string) string) (string, string) {
	if len(want) > shownLength || len(got) > shownLength {
		if at := commonPrefix(want, got); at > shownLength/4 {
			from := at - shownLength/4
			for from > 0 && !utf8.RuneStart(want[from]) {
				from--
			}
			return window(want, from, quoted), window(got, from, quoted)
		}
	}
	w, g := shorten(quoted(want), shownLength), shorten(quoted(got), shownLength)
	if lookAlike(want, got) {
		// A no-break space, a combining accent or a letter of another script is told apart only when spelled out.
		w, g = shorten(spellOut(want), shownLength), shorten(spellOut(got), shownLength)
	}
	return w, g
}

func window(text string, from int, quoted func(string) string) string {
	end := min(len(text), from+shownLength*2/3)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	tail := ""
	if end < len(text) {
		tail = "…"
	}
	return fmt.Sprintf("…%s%s (from byte %d of %d)", quoted(text[from:end]), tail, from, len(text))
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func lookAlike(a, b string) bool {
	hidden := func(r rune) bool { return r != ' ' && unicode.In(r, unicode.Mn, unicode.Cf, unicode.Zs) }
	foreign := func(r rune) bool { return r > unicode.MaxASCII }
	return strings.ContainsFunc(a, hidden) || strings.ContainsFunc(b, hidden) ||
		utf8.RuneCountInString(a) == utf8.RuneCountInString(b) &&
			strings.ContainsFunc(a, foreign) != strings.ContainsFunc(b, foreign)
}
