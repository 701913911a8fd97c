package report

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// matcher finds secrets by pieces of them, windows, so that it finds what is left of one that was cut.
type matcher struct {
	secret, value pieces
	forms         []string // of the values, in full
}

// pieces are windows by their length.
type pieces struct {
	windows [apartWindow + 1]map[string]bool
	sizes   []int // of those there are
	begins  [256]bool
}

func newMatcher(secrets, values []string) *matcher {
	m := &matcher{}
	take := func(texts []string, into *pieces) {
		for _, text := range texts {
			for _, f := range formsOf(text) {
				if f.window > len(f.text) { // hidden as a whole, of whichever kind it is
					m.secret.add(form{f.text, len(f.text)})
				}
				into.add(f)
			}
		}
	}
	take(secrets, &m.secret)
	take(values, &m.value)
	for _, value := range values {
		for _, f := range formsOf(value) {
			m.forms = append(m.forms, f.text)
		}
	}
	return m
}

func (p *pieces) add(f form) {
	for i := 0; i+f.window <= len(f.text); i++ {
		if p.windows[f.window] == nil {
			p.windows[f.window] = map[string]bool{}
			p.sizes = append(p.sizes, f.window)
		}
		p.windows[f.window][f.text[i:i+f.window]] = true
		p.begins[f.text[i]] = true
	}
}

// span is a part of a text.
type span struct{ from, to int }

// tooShort is true of a part of one to three characters within a word, where hiding it would only tell what it is.
func tooShort(text string, from, to int) bool {
	isWord := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] == '_' || text[i] >= utf8.RuneSelf || unicode.IsLetter(rune(text[i])) ||
			unicode.IsDigit(rune(text[i])))
	}
	return to-from <= 3 && (isWord(from-1) && isWord(from) || isWord(to-1) && isWord(to))
}

// find lists the longest parts of a text that are made of windows only.
func (p *pieces) find(text string) (found []span) {
	for i := range len(text) {
		end := 0
		if p.begins[text[i]] {
			for _, size := range p.sizes {
				if i+size <= len(text) && p.windows[size][text[i:i+size]] && !tooShort(text, i, i+size) {
					end = max(end, i+size)
				}
			}
		}
		switch last := len(found) - 1; {
		case end == 0:
		case last >= 0 && i <= found[last].to:
			found[last].to = max(found[last].to, end)
		default:
			found = append(found, span{i, end})
		}
	}
	return found
}

// find lists the parts of a text that are to be hidden.
func (m *matcher) find(text string) []span {
	found := m.secret.find(text)
	for _, s := range m.value.find(text) {
		if m.whole(text[s.from:s.to]) || wasCut(text, s) {
			found = append(found, s)
		}
	}
	return found
}

func (m *matcher) replace(text string) string {
	found := m.find(text)
	for _, d := range readings(text) {
		for _, s := range m.find(d.text) {
			s = atCharacters(d.text, s)
			found = append(found, span{d.at[s.from], d.at[s.to]})
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	end := 0
	for _, s := range found {
		s = atCharacters(text, s)
		if s.to <= end {
			continue
		}
		if s.from > end || end == 0 {
			b.WriteString(text[end:max(s.from, end)])
			b.WriteString(hidden)
		}
		end = s.to
	}
	b.WriteString(text[end:])
	return b.String()
}

func (m *matcher) whole(part string) bool {
	return slices.ContainsFunc(m.forms, func(form string) bool { return strings.Contains(part, form) })
}

// wasCut says whether what stands beside a part shows that there was more of it.
func wasCut(text string, s span) bool {
	before := strings.TrimRight(text[:s.from], `"'\`)
	after := strings.TrimLeft(text[s.to:], `"'\`)
	for _, mark := range []string{"…", "..."} {
		if strings.HasSuffix(before, mark) || strings.HasPrefix(after, mark) {
			return true
		}
	}
	return false
}

// atCharacters widens a part so that it neither begins nor ends within a character.
func atCharacters(text string, s span) span {
	for s.from > 0 && !utf8.RuneStart(text[s.from]) {
		s.from--
	}
	for s.to < len(text) && !utf8.RuneStart(text[s.to]) {
		s.to++
	}
	return s
}
