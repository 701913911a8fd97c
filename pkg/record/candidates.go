package record

import (
	"fmt"
	"strconv"

	"gopkg.in/yaml.v3"
)

// A comparison first groups patterns that say the same, and then finds the records that each group matches. The literal
// values of a pattern are looked up, all at once: ten thousand plain rows against ten thousand records cost ten
// thousand look-ups for each set of columns that rows have. Only what is found is compared.

// candidates is a bipartite graph of groups of equal patterns and of records.
type candidates struct {
	groups  [][]int   // by group: its patterns
	groupOf []int     // by pattern
	edges   [][]int32 // by group: the records it matches, ascending
}

// literal is a value that a pattern names as it is.
type literal struct {
	where string // what is looked at; "key", "json.order"
	of    func(b []byte, v *view) ([]byte, bool)
	value string // as of appends it for a record that has it; of is false for one without
}

// lookUp is for patterns that name values in the same places.
type lookUp struct {
	literals []literal
	begins   map[string]bool  // the values of the first one, of the first two, …
	groups   map[string][]int // by the values of all
}

func findCandidates(want []Pattern, views []view) *candidates {
	c := &candidates{groupOf: make([]int, len(want))}
	known := make(map[string]int, len(want))
	lookUps := map[string]*lookUp{}
	for i := range want {
		p := &want[i]
		g, ok := known[p.identity]
		if !ok {
			g = len(c.groups)
			known[p.identity] = g
			c.groups = append(c.groups, nil)
			places, values := "", ""
			for _, l := range p.literals {
				places += l.where + "\n"
			}
			look := lookUps[places]
			if look == nil {
				look = &lookUp{p.literals, map[string]bool{}, map[string][]int{}}
				lookUps[places] = look
			}
			for _, l := range p.literals {
				values += l.value
				look.begins[values] = true
			}
			look.groups[values] = append(look.groups[values], g)
		}
		c.groups[g] = append(c.groups[g], i)
		c.groupOf[i] = g
	}
	c.edges = make([][]int32, len(c.groups))
	for _, look := range lookUps {
		var b []byte
		for r := range views {
			for _, g := range look.find(&b, &views[r]) {
				if want[c.groups[g][0]].matches(&views[r]) {
					c.edges[g] = append(c.edges[g], int32(r))
				}
			}
		}
	}
	return c
}

// find gives the groups whose literals a record has.
func (l *lookUp) find(b *[]byte, v *view) []int {
	*b = (*b)[:0]
	for i := range l.literals {
		var has bool
		if *b, has = l.literals[i].of(*b, v); !has || !l.begins[string(*b)] {
			return nil
		}
	}
	return l.groups[string(*b)]
}

func (p *Pattern) matches(v *view) bool {
	quick := &collector{quick: true}
	p.check(quick, v)
	return !quick.failed
}

// findLiterals notes what the pattern names as it is.
func (p *Pattern) findLiterals() {
	for _, part := range p.parts {
		switch {
		case part.name == columnValue && part.want.isJSON():
			p.literals = part.want.literals(p.literals, nil)
		case part.want != nil && part.want.isBytes:
			p.literals = append(p.literals, literal{part.name, func(b []byte, v *view) ([]byte, bool) {
				return appendBytes(b, v.subject(part.name).bytes), true
			}, string(appendBytes(nil, part.want.bytes))})
		}
	}
}

// literals adds the node, or those parts of an object that are literal.
func (n *node) literals(all []literal, path []string) []literal {
	if value, ok := n.literalValue(); ok {
		return append(all, literal{fmt.Sprintf("json %q", path), func(b []byte, v *view) ([]byte, bool) {
			document, ok := v.document()
			for _, step := range path {
				if ok {
					document, ok = lookup(document, step)
				}
			}
			if !ok {
				return b, false
			}
			return appendCanonical(b, document), true
		}, string(appendCanonical(nil, value))})
	}
	for _, f := range n.fields {
		all = f.node.literals(all, append(path[:len(path):len(path)], f.name))
	}
	return all
}

// literalValue gives the one document that a node matches, if there is but one: matchers and what is left open are
// written in a way that is no JSON.
func (n *node) literalValue() (any, bool) {
	if n.literal {
		return n.value, true
	}
	return parseJSON(n.append(nil))
}

// appendBytes keeps null, empty and every length apart.
func appendBytes(b, value []byte) []byte {
	if value == nil {
		return append(b, '-', ':')
	}
	b = strconv.AppendInt(b, int64(len(value)), 10)
	return append(append(b, ':'), value...)
}

// identity is equal for records that are written in the same words.
func (e entry) identity() string {
	var b []byte
	for _, f := range e.fields {
		b = appendNode(strconv.AppendQuote(b, f.name), f.value)
	}
	return string(b)
}

func appendNode(b []byte, n *yaml.Node) []byte {
	b = strconv.AppendQuote(append(b, byte(n.Kind), byte(n.Style)), n.Tag)
	b = append(strconv.AppendQuote(b, n.Value), '(')
	for _, child := range n.Content {
		b = appendNode(b, child)
	}
	return append(b, ')')
}
