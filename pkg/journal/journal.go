// Package journal keeps the facts of one scenario in the order they happened.
//
// Facts are for events: an assignment, a commit, an alert, a processed record
// of a scenario with thousands of records. The records of a ten-million-record
// run are judged as they stream by and never become facts.
//
// Log lines no pattern matched are the one thing that may come without bound;
// of these the last 10,000 of each application are kept, and how many were
// dropped is remembered and said.
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
	factsPerChunk = 512    // chunks are never copied, so adding stays cheap
	linesPerApp   = 10_000 // log lines kept per application
)

// Journal is an append-only list of facts, safe for concurrent use.
type Journal struct {
	began time.Time

	mu      sync.Mutex
	last    int64            // Seq of the newest fact
	chunks  [][]Fact         // all facts but log lines; a fact never changes once in
	kept    int              // facts in chunks
	rings   map[string]*ring // application -> its last log lines
	dropped map[string]int64 // application -> log lines no longer kept
	changed chan struct{}    // nil while nobody waits
}

// New returns an empty journal whose time begins now.
func New() *Journal {
	return &Journal{began: time.Now(), rings: map[string]*ring{}, dropped: map[string]int64{}}
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
	if f.Kind == LogLine {
		r := j.rings[f.App]
		if r == nil {
			r = &ring{}
			j.rings[f.App] = r
		}
		if !r.add(&f) {
			j.dropped[f.App]++
		}
		return
	}
	n := len(j.chunks)
	if n == 0 || len(j.chunks[n-1]) == factsPerChunk {
		j.chunks = append(j.chunks, make([]Fact, 0, factsPerChunk))
		n++
	}
	j.chunks[n-1] = append(j.chunks[n-1], f)
	j.kept++
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
	chunks  [][]Fact
	lines   []*Fact // log lines
	after   int64   // facts in chunks up to this Seq are not part of the view
	dropped map[string]int64
}

func (j *Journal) view(after int64) view {
	j.mu.Lock()
	defer j.mu.Unlock()
	first := sort.Search(len(j.chunks), func(i int) bool { return j.chunks[i][len(j.chunks[i])-1].Seq > after })
	v := view{chunks: slices.Clone(j.chunks[first:]), after: after, dropped: maps.Clone(j.dropped)}
	for _, r := range j.rings {
		v.lines = r.appendAfter(v.lines, after)
	}
	return v
}

// each calls see with every fact in order of Seq.
func (v *view) each(see func(*Fact)) {
	slices.SortFunc(v.lines, func(a, b *Fact) int { return cmp.Compare(a.Seq, b.Seq) })
	lines := v.lines
	for _, chunk := range v.chunks {
		for i := range chunk {
			f := &chunk[i]
			if f.Seq <= v.after {
				continue
			}
			for ; len(lines) > 0 && lines[0].Seq < f.Seq; lines = lines[1:] {
				see(lines[0])
			}
			see(f)
		}
	}
	for _, f := range lines {
		see(f)
	}
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

// Len returns how many facts are kept; dropped log lines do not count.
func (j *Journal) Len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := j.kept
	for _, r := range j.rings {
		n += len(r.facts)
	}
	return n
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

// ring holds the last log lines of an application.
type ring struct {
	facts []*Fact
	next  int // where the oldest is, once full; the newest is before it
}

// add reports whether f fitted; if not, the oldest went.
func (r *ring) add(f *Fact) bool {
	if len(r.facts) < linesPerApp {
		r.facts = append(r.facts, f)
		return true
	}
	r.facts[r.next] = f
	r.next = (r.next + 1) % linesPerApp
	return false
}

// appendAfter appends the facts whose Seq is larger than after, newest first.
func (r *ring) appendAfter(to []*Fact, after int64) []*Fact {
	for i := range r.facts {
		f := r.facts[(r.next-1-i+2*len(r.facts))%len(r.facts)]
		if f.Seq <= after {
			break
		}
		to = append(to, f)
	}
	return to
}
