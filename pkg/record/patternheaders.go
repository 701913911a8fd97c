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
		if got[i].Key == h.name && h.takes(got[i]) {
			return i
		}
	}
	return -1
}

// takes is true of a header with the wanted value, of whose two names a scenario may want either; one that must not be
// something must be it by neither.
func (h part) takes(got Header) bool {
	takes := h.want.takes(bytesSubject(got.Value))
	if got.OnCluster == nil {
		return takes
	}
	alsoTakes := h.want.takes(bytesSubject(got.OnCluster))
	if h.want.matches != nil && strings.HasPrefix(h.want.text, "!") {
		return takes && alsoTakes
	}
	return takes || alsoTakes
}

func (h part) explain(c *collector, got []Header) {
	field := "headers." + h.name
	var values []string
	var only subject
	taken := false
	for _, g := range got {
		if g.Key == h.name {
			only, taken = bytesSubject(g.Value), h.takes(g)
			if h.want.takes(only) {
				only = bytesSubject(g.OnCluster)
			}
			values = append(values, showBytes(g.Value))
		}
	}
	if len(values) == 1 && !taken {
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
