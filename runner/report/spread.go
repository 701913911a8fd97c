package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// seen is the text without what nobody sees, such as colours and the NULs of UTF-16: a console drops it, and then shows
// together what stood around it.
func (d decoded) seen() (undone decoded, changed bool) {
	if !hasUnseen(d.text) {
		return d, false
	}
	colours := ansi.FindAllStringIndex(d.text, -1)
	return d.rewrite(func(i int) (length int, plain string) {
		for len(colours) > 0 && colours[0][0] < i {
			colours = colours[1:]
		}
		if len(colours) > 0 && colours[0][0] == i {
			return colours[0][1] - i, ""
		}
		r, size := utf8.DecodeRuneInString(d.text[i:])
		if isUnseen(r) {
			return size, ""
		}
		return size, d.text[i : i+size]
	}), true
}

func hasUnseen(text string) bool { return strings.IndexFunc(text, isUnseen) >= 0 }

// isUnseen is true of what clean drops, and of characters without a width.
func isUnseen(r rune) bool {
	return r != '\t' && r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError ||
		r == 0xfffe || r == 0xffff)
}

// shortestList is how many items are a list: what has fewer gives too little of a secret away.
const shortestList = plainWindow

// An item reads what may be one of a list at the beginning of a text: its length, and what it stands for.
type item func(text string) (length int, plain string)

// items are those of which programs show bytes and characters: [90 113], {0x5a, 0x71}, ["Z", "q"], [Z, q], and Z q.
var items = []item{number, quoted, single}

// list is that of the kind of its items, which end at the end of it.
type list struct{ from, to, kind int }

// lists are those in a text, in order.
func lists(text string) (found []list) {
	for i := 0; i < len(text); i++ {
		if i > 0 && isWord(text[i-1]) || !mayBegin(text[i:]) {
			continue
		}
		for kind := range items {
			count, end := 0, i
			eachItem(text, i, kind, func(at span, _ string) { count, end = count+1, at.to })
			if count >= shortestList {
				found = append(found, list{i, end, kind})
				i = end - 1
				break
			}
		}
	}
	return found
}

// mayBegin is false of most beginnings of words, at little cost.
func mayBegin(text string) bool {
	const more = utf8.UTFMax + 1
	b := text[0]
	return b >= '0' && b <= '9' || strings.IndexByte(`-"'`, b) >= 0 ||
		strings.ContainsAny(text[1:min(more, len(text))], ", \t\r\n")
}

// eachItem visits the items of a list that begins at i, if one does, until something else follows.
func eachItem(text string, i, kind int, visit func(at span, plain string)) {
	for between, count := "", 0; ; count++ {
		length, plain := items[kind](text[i:])
		if length == 0 {
			return
		}
		visit(span{i, i + length}, plain)
		i += length
		next := separator(text[i:])
		if next == "" || count > 0 && next != between && kind > 0 { // numbers are aligned
			return
		}
		between = next
		i += len(next)
	}
}

// together is the text with the items of its lists side by side.
func (d decoded) together() (undone decoded, changed bool) {
	found := lists(d.text)
	if len(found) == 0 {
		return d, false
	}
	plains, lengths := map[int]string{}, map[int]int{} // by where an item begins
	for _, l := range found {
		previous := l.from
		eachItem(d.text[:l.to], l.from, l.kind, func(at span, plain string) {
			plains[at.from], lengths[at.from] = plain, at.to-at.from
			if at.from > previous { // what stands between two items belongs to the first
				lengths[previous] = at.from - previous
			}
			previous = at.from
		})
	}
	return d.rewrite(func(i int) (length int, plain string) {
		if length, is := lengths[i]; is {
			return length, plains[i]
		}
		return 1, d.text[i : i+1]
	}), true
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

// separator is what stands between two items at the beginning of a text: a comma, blanks, or both.
func separator(text string) string {
	rest := strings.TrimLeft(strings.TrimPrefix(text, ","), " \t\r\n")
	return text[:len(text)-len(rest)]
}

// number reads a byte, which is signed in Java.
func number(text string) (length int, plain string) {
	if length, plain = hexadecimal(text); length > 0 {
		return length, plain
	}
	const most = len("-128")
	for length < min(len(text), most) && (text[length] >= '0' && text[length] <= '9' || length == 0 && text[0] == '-') {
		length++
	}
	value, err := strconv.Atoi(text[:length])
	if err != nil || value < -128 || value > 255 || length < len(text) && isWord(text[length]) {
		return 0, ""
	}
	return length, string([]byte{byte(value)})
}

// hexadecimal reads 0x5a.
func hexadecimal(text string) (length int, plain string) {
	if !strings.HasPrefix(text, "0x") {
		return 0, ""
	}
	return digits(text, 2, 2, 16)
}

// quoted reads "Z" and 'Z'.
func quoted(text string) (length int, plain string) {
	if text == "" || text[0] != '"' && text[0] != '\'' {
		return 0, ""
	}
	_, size := utf8.DecodeRuneInString(text[1:])
	if len(text) < size+2 || text[size+1] != text[0] {
		return 0, ""
	}
	return size + 2, text[1 : size+1]
}

// single reads a character.
func single(text string) (length int, plain string) {
	if text == "" || strings.IndexByte(" \t\r\n", text[0]) >= 0 {
		return 0, ""
	}
	_, size := utf8.DecodeRuneInString(text)
	return size, text[:size]
}
