package report

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// matcher finds secrets by pieces of them, windows, so that it finds what is left of one that was cut.
type matcher struct {
	secret, value pieces
	forms         []string          // of the values, in full
	short         *strings.Replacer // forms that are shorter than a window
}

// pieces are windows by their length.
type pieces struct {
	windows [hexWindow + 1]map[string]bool
	sizes   []int // of those there are
	begins  [256]bool
}

func newMatcher(secrets, values []string) *matcher {
	m := &matcher{}
	var short []string
	take := func(texts []string, into *pieces) {
		for _, text := range texts {
			for _, f := range formsOf(text) {
				if len(f.text) < f.window {
					short = append(short, f.text)
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
	slices.SortFunc(short, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(short))
	for _, text := range short {
		pairs = append(pairs, text, hidden)
	}
	m.short = strings.NewReplacer(pairs...)
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

// find lists the longest parts of a text that are made of windows only.
func (p *pieces) find(text string) (found []span) {
	for i := range len(text) {
		end := 0
		if p.begins[text[i]] {
			for _, size := range p.sizes {
				if i+size <= len(text) && p.windows[size][text[i:i+size]] {
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

func (m *matcher) replace(text string) string {
	found := m.secret.find(text)
	for _, s := range m.value.find(text) {
		if m.whole(text[s.from:s.to]) || wasCut(text, s) {
			found = append(found, s)
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
			b.WriteString(m.short.Replace(text[end:max(s.from, end)]))
			b.WriteString(hidden)
		}
		end = s.to
	}
	b.WriteString(m.short.Replace(text[end:]))
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
