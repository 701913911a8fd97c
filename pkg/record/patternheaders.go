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
			if i := slices.IndexFunc(got, func(g Header) bool { return g.Key == h.name }); i >= 0 {
				c.differs("headers."+h.name, h.want, bytesSubject(got[i].Value))
			}
			continue
		}
		if i := h.find(got, next[h.name]); i >= 0 {
			next[h.name] = i + 1
		} else {
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
	var values []string
	var only subject
	for _, g := range got {
		if g.Key == h.name {
			only = bytesSubject(g.Value)
			values = append(values, showBytes(g.Value))
		}
	}
	if len(values) == 1 && !h.want.takes(only) {
		h.want.check(c, field, only)
		return
	}
	c.add(field, func() (want, got string) {
		switch len(values) {
		case 0:
			return h.want.written(), "absent"
		case 1: // it matches, but an earlier expected header has taken it
			return h.want.written() + " once more", "once"
		}
		return h.want.written(), shorten(strings.Join(values, ", "), shownLength)
	})
}
