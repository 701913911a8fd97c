package record

import (
	"slices"
	"strings"
)

// checkHeaders wants, for each header named, that many of that key with these values in this order; others may stand
// between.
func (p *Pattern) checkHeaders(c *collector, got []Header) {
	if len(p.headers) == 0 {
		return
	}
	next := make(map[string]int, len(p.headers)) // where to go on looking, by key
	for _, h := range p.headers {
		if h.want.matches != nil && h.want.text == matchAbsent {
			if i := slices.IndexFunc(got, func(g Header) bool { return g.Key == h.name }); i >= 0 && c.fail() {
				c.add("headers."+h.name, matchAbsent, showBytes(got[i].Value))
			}
			continue
		}
		if i := h.find(got, next[h.name]); i >= 0 {
			next[h.name] = i + 1
		} else if c.fail() {
			h.explain(c, got)
		}
	}
}

func (h part) find(got []Header, from int) int {
	for i := from; i < len(got); i++ {
		if got[i].Key == h.name && h.want.takes(bytesSubject(got[i].Value)) {
			return i
		}
	}
	return -1
}

func (h part) explain(c *collector, got []Header) {
	field := "headers." + h.name
	var values [][]byte
	for _, g := range got {
		if g.Key == h.name {
			values = append(values, g.Value)
		}
	}
	switch len(values) {
	case 0:
		c.add(field, h.want.written(), "absent")
	case 1:
		before := len(c.list)
		h.want.check(c, field, bytesSubject(values[0]))
		if len(c.list) == before { // it matches, but an earlier expected header has taken it
			c.add(field, h.want.written()+" once more", "once")
		}
	default:
		shown := make([]string, len(values))
		for i, v := range values {
			shown[i] = showBytes(v)
		}
		c.add(field, h.want.written(), shorten(strings.Join(shown, ", "), shownLength))
	}
}
