package record

// Mode is a word of comparison.
type Mode int

const (
	// Contains wants a record of its own for each pattern; there may be others.
	Contains Mode = iota
	// ContainsExactly wants a record of its own for each pattern and no other record, in any order.
	ContainsExactly
	// InOrder wants the patterns in this order among the records as they are given, others may stand between. Patterns
	// that name a topic are in order among the records of that topic.
	InOrder
	// Only wants every record to match one of the patterns, any number of times, and at least one record.
	Only
)

// String gives the word as a step says it.
func (m Mode) String() string {
	return [...]string{"contains", "contains exactly", "contains in order", "contains only"}[m]
}

// Compare returns nil when the records are as expected, and else a *Difference. The records are taken in the order
// given; the Difference keeps want and got, and works out its text only when asked, so that comparing again and again
// while waiting is cheap.
func Compare(mode Mode, want []Pattern, got []Record) error {
	d := &Difference{Mode: mode, want: want, got: got}
	switch mode {
	case InOrder:
		d.inOrder()
	case Contains, ContainsExactly:
		d.match()
	default:
		d.only()
	}
	if len(d.missing) == 0 && len(d.unexpected) == 0 && (mode != Only || len(got) > 0) {
		return nil
	}
	return d
}

// Difference says how records differ from what was expected.
type Difference struct {
	Mode Mode

	want       []Pattern
	got        []Record
	taken      []int // by pattern: the record it took, or -1
	missing    []int // patterns without a record
	unexpected []int // records without a pattern, where the mode forbids them
	candidates *candidates
}

func (d *Difference) match() {
	d.candidates = findCandidates(d.want, viewsOf(d.got))
	d.taken = d.candidates.assign(len(d.got))
	used := make([]bool, len(d.got))
	for p, r := range d.taken {
		if r < 0 {
			d.missing = append(d.missing, p)
		} else {
			used[r] = true
		}
	}
	if d.Mode != ContainsExactly {
		return
	}
	for r, used := range used {
		if !used {
			d.unexpected = append(d.unexpected, r)
		}
	}
}

// inOrder takes for each pattern the first match behind the one before it, which finds a subsequence if there is one.
// It stops at the first pattern that is missing: what follows cannot be judged without it.
func (d *Difference) inOrder() {
	d.taken = make([]int, len(d.want))
	views := viewsOf(d.got)
	next := map[string]int{} // by topic
	for p := range d.want {
		topic := d.want[p].topic()
		r := next[topic]
		for r < len(views) && !d.want[p].matches(&views[r]) {
			r++
		}
		if r == len(views) {
			for ; p < len(d.want); p++ {
				d.taken[p] = -1
				d.missing = append(d.missing, p)
			}
			return
		}
		d.taken[p] = r
		next[topic] = r + 1
	}
}

// only looks for records that match no pattern; one pattern may serve many records.
func (d *Difference) only() {
	matches := make([]bool, len(d.got))
	d.candidates = findCandidates(d.want, viewsOf(d.got))
	for _, edges := range d.candidates.edges {
		for _, r := range edges {
			matches[r] = true
		}
	}
	for r, match := range matches {
		if !match {
			d.unexpected = append(d.unexpected, r)
		}
	}
}

func viewsOf(records []Record) []view {
	views := make([]view, len(records))
	for i := range records {
		views[i].Record = &records[i]
	}
	return views
}
