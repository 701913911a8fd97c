package record

import "strconv"

// A comparison first groups patterns that say the same and records that are the same, and then finds for each group of
// patterns the groups of records it matches. Patterns that name literal values find them by a hash of those values, so
// that ten thousand plain rows against ten thousand records cost ten thousand look-ups; only the rest is tried one by
// one.

// group is a number of equal patterns or equal records, by their indexes.
type group struct{ members []int }

// candidates is a bipartite graph: edges[p] lists the record groups that pattern group p matches, ascending.
type candidates struct {
	patterns []group
	records  []group
	edges    [][]int32
}

// findCandidates builds the graph. With exactText it finds for literal JSON only records with the very same text, which
// spares parsing them: a first try that may miss some edges but has no false ones.
func findCandidates(want []Pattern, got []Record, exactText bool) *candidates {
	c := &candidates{}
	patternKeys := make(map[string]int, len(want))
	var looks looksAt
	for i := range want {
		c.patterns = addTo(c.patterns, patternKeys, want[i].identity(), i)
		looks.add(&want[i])
	}
	recordKeys := make(map[string]int, len(got))
	var key []byte
	for i := range got {
		key = looks.identity(key[:0], &got[i])
		c.records = addTo(c.records, recordKeys, string(key), i)
	}
	views := make([]view, len(c.records))
	for i, g := range c.records {
		views[i].Record = &got[g.members[0]]
	}
	x := newIndex(views)
	literals := make([][]literal, len(c.patterns))
	for i, g := range c.patterns {
		literals[i] = want[g.members[0]].literals(exactText)
		x.expect(literals[i])
	}
	c.edges = make([][]int32, len(c.patterns))
	for i, g := range c.patterns {
		p := &want[g.members[0]]
		for _, r := range x.find(literals[i]) {
			if p.matches(&views[r]) {
				c.edges[i] = append(c.edges[i], r)
			}
		}
	}
	return c
}

func addTo(groups []group, keys map[string]int, key string, member int) []group {
	i, ok := keys[key]
	if !ok {
		i = len(groups)
		keys[key] = i
		groups = append(groups, group{})
	}
	groups[i].members = append(groups[i].members, member)
	return groups
}

func (p *Pattern) matches(v *view) bool {
	quick := collector{quick: true}
	p.check(&quick, v)
	return !quick.failed
}

// identity is equal for patterns that say the same in the same words.
func (p *Pattern) identity() string {
	var b []byte
	b = append(b, p.topic...)
	for _, e := range []*expectation{p.partition, p.offset, p.key, p.value} {
		b = e.identity(append(b, 0))
	}
	for _, h := range p.headers {
		b = h.want.identity(append(strconv.AppendQuote(append(b, 0), h.key), '='))
	}
	if p.timestamp != nil {
		b = append(append(b, 0), p.timestamp.text...)
	}
	return string(b)
}

func (e *expectation) identity(b []byte) []byte {
	switch {
	case e == nil:
		return b
	case e.matcher != nil:
		return strconv.AppendQuote(append(b, 'm'), e.matcher.text)
	case e.raw != nil:
		return append(append(b, 'r'), e.raw...)
	case e.tree != nil:
		return e.tree.append(append(b, 'j'))
	}
	return appendBytes(b, e.bytes)
}

// appendBytes keeps null, empty and every length apart.
func appendBytes(b, value []byte) []byte {
	if value == nil {
		return append(b, '-', ':')
	}
	b = strconv.AppendInt(b, int64(len(value)), 10)
	return append(append(b, ':'), value...)
}

// looksAt says which of the fields that differ from record to record any pattern asks about.
type looksAt struct{ partition, offset, timestamp, headers bool }

func (l *looksAt) add(p *Pattern) {
	l.partition = l.partition || p.partition != nil
	l.offset = l.offset || p.offset != nil
	l.timestamp = l.timestamp || p.timestamp != nil
	l.headers = l.headers || len(p.headers) > 0
}

// identity is equal for records that no pattern can tell apart.
func (l *looksAt) identity(b []byte, r *Record) []byte {
	b = append(b, r.Topic...)
	b = appendBytes(append(b, 0), r.Key)
	b = appendBytes(b, r.Value)
	if l.partition {
		b = strconv.AppendInt(append(b, 'p'), int64(r.Partition), 10)
	}
	if l.offset {
		b = strconv.AppendInt(append(b, 'o'), r.Offset, 10)
	}
	if l.timestamp {
		b = strconv.AppendInt(append(b, 't'), r.Timestamp.UnixMilli(), 10)
	}
	if l.headers {
		for _, h := range r.Headers {
			b = strconv.AppendQuote(append(b, 'h'), h.Key)
			b = appendBytes(b, h.Value)
		}
	}
	return b
}
