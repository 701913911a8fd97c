// Package journal keeps the facts of one scenario in the order they happened.
//
// Facts are for events: an assignment, a commit, an alert, a processed record
// of a scenario with thousands of records. The records of a ten-million-record
// run are judged as they stream by and never become facts.
//
// Log lines no pattern matched are the one thing that may come without bound;
// of these the last 10,000 of each application are kept, and those that Keep
// asks for, and how many were dropped is remembered and said.
package journal

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"sync"
	"time"
)

const (
	linesPerApp  = 10_000  // how many log lines are kept of an application
	wantedPerApp = 100_000 // how many beside them that somebody wants
)

// Journal is an append-only list of facts, safe for concurrent use.
type Journal struct {
	began time.Time

	mu      sync.Mutex
	last    int64             // Seq of the newest fact
	facts   []Fact            // all but log lines; a fact never changes once in
	lines   map[string][]Fact // application -> its last log lines
	dropped map[string]int64  // application -> log lines no longer kept
	wanted  func(string) bool // text of a log line that is always kept; nil: of none
	kept    map[string]int    // application -> wanted log lines, which are among the facts
	changed chan struct{}     // nil while nobody waits
	sha256  string            // of the file it was read from; "" where that has none
}

// New returns an empty journal whose time begins now.
func New() *Journal {
	return &Journal{began: time.Now(), lines: map[string][]Fact{}, dropped: map[string]int64{},
		kept: map[string]int{}}
}

// Keep has log lines with a text that is wanted kept, the first 100,000 of each application, however many others
// follow them. It is to be called before the first fact.
func (j *Journal) Keep(wanted func(text string) bool) { j.wanted = wanted }

// Lost is true once wanted log lines of an application may be no longer kept.
func (j *Journal) Lost(app string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.kept[app] >= wantedPerApp
}

// Add appends f, giving it its Seq and At; what the caller put there is ignored.
func (j *Journal) Add(f Fact) {
	j.mu.Lock()
	defer j.mu.Unlock()
	// Taken under the lock: the order of Seq is the order of At.
	f.Seq, f.At = j.last+1, time.Since(j.began)
	j.append(f)
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// Since is how long the journal had been kept at a moment: what a fact of that moment has as its At.
func (j *Journal) Since(moment time.Time) time.Duration { return moment.Sub(j.began) }

// append stores f as it is.
func (j *Journal) append(f Fact) {
	j.last = f.Seq
	if f.Kind == LogLine && j.wanted != nil && j.kept[f.App] < wantedPerApp && j.wanted(f.Text) {
		j.kept[f.App]++
	} else if f.Kind == LogLine {
		lines := append(j.lines[f.App], f)
		if len(lines) > linesPerApp {
			lines = lines[1:]
			j.dropped[f.App]++
		}
		j.lines[f.App] = lines
		return
	}
	j.facts = append(j.facts, f)
}

// Select returns the facts keep wants, oldest first. It sees the facts added
// before it was called. Keep must not change or hold on to the fact; nil wants all.
func (j *Journal) Select(keep func(*Fact) bool) []Fact { return j.SelectAfter(0, keep) }

// SelectAfter does the same with facts whose Seq is larger than seq, and does
// not look at the others: who waits for facts need not read all of them again.
func (j *Journal) SelectAfter(seq int64, keep func(*Fact) bool) []Fact {
	var found []Fact
	v := j.view(seq)
	v.each(func(f *Fact) {
		if keep == nil || keep(f) {
			found = append(found, *f)
		}
	})
	return found
}

// view is what a journal holds at a moment. Its facts no longer change, so they
// are read without the journal's lock.
type view struct {
	facts   []Fact
	lines   []*Fact // log lines, in no order
	dropped map[string]int64
}

// view has the facts with a Seq larger than after.
func (j *Journal) view(after int64) view {
	j.mu.Lock()
	defer j.mu.Unlock()
	newer := func(facts []Fact) []Fact {
		return facts[sort.Search(len(facts), func(i int) bool { return facts[i].Seq > after }):]
	}
	v := view{facts: newer(j.facts), dropped: maps.Clone(j.dropped)}
	for _, lines := range j.lines {
		lines = newer(lines)
		for i := range lines {
			v.lines = append(v.lines, &lines[i])
		}
	}
	return v
}

// each calls see with every fact in order of Seq.
func (v *view) each(see func(*Fact)) {
	slices.SortFunc(v.lines, func(a, b *Fact) int { return cmp.Compare(a.Seq, b.Seq) })
	lines := v.lines
	for i := range v.facts {
		f := &v.facts[i]
		for ; len(lines) > 0 && lines[0].Seq < f.Seq; lines = lines[1:] {
			see(lines[0])
		}
		see(f)
	}
	for _, f := range lines {
		see(f)
	}
}

// Last is the Seq of the newest fact; 0 while there is none.
func (j *Journal) Last() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// Until is the journal as it was while the fact with that Seq was its newest. Its time goes on from when the next one
// came, and from the last one where none did.
func (j *Journal) Until(seq int64) *Journal {
	j.mu.Lock()
	defer j.mu.Unlock()
	older := func(facts []Fact) []Fact {
		n := sort.Search(len(facts), func(i int) bool { return facts[i].Seq > seq })
		return facts[:n:n]
	}
	then := New()
	then.facts, then.dropped = older(j.facts), maps.Clone(j.dropped)
	var at time.Duration
	for app, lines := range j.lines {
		then.lines[app] = older(lines)
	}
	for _, facts := range append(slices.Collect(maps.Values(then.lines)), then.facts) {
		if n := len(facts); n > 0 {
			then.last, at = max(then.last, facts[n-1].Seq), max(at, facts[n-1].At)
		}
	}
	if n := len(then.facts); n < len(j.facts) {
		at = max(at, j.facts[n].At)
	}
	then.began = then.began.Add(-at)
	return then
}

// Changed returns a channel that is closed at the next Add. To miss nothing,
// take it before looking:
//
//	changed := j.Changed()
//	if !seen(j) { <-changed }
func (j *Journal) Changed() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	return j.changed
}

// Dropped returns, per application, how many log lines are no longer kept.
func (j *Journal) Dropped() map[string]int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.dropped)
}

// Kinds is a choice for Select: facts of any of these kinds.
func Kinds(kinds ...Kind) func(*Fact) bool {
	return func(f *Fact) bool { return slices.Contains(kinds, f.Kind) }
}
