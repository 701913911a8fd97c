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
		if h.want.matcher != nil && h.want.matcher.text == matchAbsent {
			if i := slices.IndexFunc(got, func(g Header) bool { return g.Key == h.key }); i >= 0 && c.fail() {
				c.add("headers."+h.key, matchAbsent, showBytes(got[i].Value))
			}
			continue
		}
		if i := h.find(got, next[h.key]); i >= 0 {
			next[h.key] = i + 1
		} else if c.fail() {
			h.explain(c, got)
		}
	}
}

func (h headerPattern) find(got []Header, from int) int {
	for i := from; i < len(got); i++ {
		if got[i].Key != h.key {
			continue
		}
		quick := &collector{quick: true}
		h.want.check(quick, "", got[i].Value, func() (any, bool) { return parseJSON(got[i].Value) })
		if !quick.failed {
			return i
		}
	}
	return -1
}

func (h headerPattern) explain(c *collector, got []Header) {
	field := "headers." + h.key
	var values [][]byte
	for _, g := range got {
		if g.Key == h.key {
			values = append(values, g.Value)
		}
	}
	switch len(values) {
	case 0:
		c.add(field, h.want.text, "absent")
	case 1:
		before := len(c.list)
		h.want.check(c, field, values[0], func() (any, bool) { return parseJSON(values[0]) })
		if len(c.list) == before { // it matches, but an earlier expected header has taken it
			c.add(field, h.want.text+" once more", "once")
		}
	default:
		shown := make([]string, len(values))
		for i, v := range values {
			shown[i] = showBytes(v)
		}
		c.add(field, h.want.text, shorten(strings.Join(shown, ", "), shownLength))
	}
}
