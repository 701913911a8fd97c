package record

import "strconv"

// literal is a value that a pattern names as it is, so that the records which have it are found by a look-up.
type literal struct {
	where string   // what is looked at; "key", "json.order"
	field string   // "topic", "key", "bytes" (the value), "json" (the value as JSON) or a part of it
	path  []string // of "json"
	value string   // as of gives it
}

const (
	// indexedFields bounds how many literals of a pattern are looked up; the rest is compared afterwards.
	indexedFields = 8
	// fewCandidates are tried one by one without a look at the pattern's other literals.
	fewCandidates = 16
)

// literals gives those of a pattern, first those that need no parsing of JSON.
func (p *Pattern) literals(exactText bool) []literal {
	var all []literal
	add := func(field string, value []byte) {
		all = append(all, literal{where: field, field: field, value: string(appendBytes(nil, value))})
	}
	if p.topic != "" {
		add(columnTopic, []byte(p.topic))
	}
	if p.key != nil && p.key.tree == nil && p.key.matcher == nil {
		add(columnKey, p.key.bytes)
	}
	switch {
	case p.value == nil || p.value.matcher != nil:
	case p.value.tree == nil:
		add("bytes", p.value.bytes)
	case exactText && p.value.raw != nil:
		add("bytes", p.value.raw)
	default:
		all = p.value.tree.literals(all, "json", nil)
	}
	return all
}

// literals adds the node, or those parts of an object that are literal.
func (n *node) literals(all []literal, where string, path []string) []literal {
	if v, ok := n.literalValue(); ok {
		return append(all, literal{where, "json", path, string(appendCanonical(nil, v))})
	}
	for _, f := range n.fields {
		if len(all) >= indexedFields {
			break
		}
		all = f.node.literals(all, where+strconv.Quote(f.name), append(path[:len(path):len(path)], f.name))
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

// of gives a record's value in the literal's place, and false when it has none.
func (l *literal) of(b []byte, v *view) ([]byte, bool) {
	switch l.field {
	case columnTopic:
		return appendBytes(b, []byte(v.Topic)), true
	case columnKey:
		return appendBytes(b, v.Key), true
	case "bytes":
		return appendBytes(b, v.Value), true
	}
	document, ok := v.document()
	for _, step := range l.path {
		if ok {
			document, ok = lookup(document, step)
		}
	}
	if !ok {
		return b, false
	}
	return appendCanonical(b, document), true
}

// index finds records by the literals of patterns.
type index struct {
	views   []view
	all     []int32
	byPlace map[string]*postings
}

// postings are the records with each wanted value of one place, ascending.
type postings struct {
	filled  bool
	records map[string][]int32
}

func newIndex(views []view) *index {
	x := &index{views: views, all: make([]int32, len(views)), byPlace: map[string]*postings{}}
	for i := range x.all {
		x.all[i] = int32(i)
	}
	return x
}

// expect notes what will be looked for; all is noted before the first find.
func (x *index) expect(literals []literal) {
	for _, l := range literals {
		if x.byPlace[l.where] == nil {
			x.byPlace[l.where] = &postings{records: map[string][]int32{}}
		}
		x.byPlace[l.where].records[l.value] = nil
	}
}

// find gives the records that may match a pattern with these literals: those that have the rarest of them, ascending.
func (x *index) find(literals []literal) []int32 {
	best := x.all
	for i := range literals {
		if len(best) <= fewCandidates {
			break
		}
		if found := x.with(&literals[i]); len(found) < len(best) {
			best = found
		}
	}
	return best
}

func (x *index) with(l *literal) []int32 {
	p := x.byPlace[l.where]
	if !p.filled {
		p.filled = true
		var b []byte
		for i := range x.views {
			var has bool
			if b, has = l.of(b[:0], &x.views[i]); !has {
				continue
			}
			if found, wanted := p.records[string(b)]; wanted {
				p.records[string(b)] = append(found, int32(i))
			}
		}
	}
	return p.records[l.value]
}
