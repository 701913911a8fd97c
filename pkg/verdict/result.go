// Package verdict judges whole histories of records and facts.
//
// A judge is made by New…, fed, and asked for its Result. It waits for
// nothing, talks to no cluster, keeps no record it is shown, and gives the same
// result whatever the order in which independent partitions are fed. It is not
// safe for concurrent use.
//
// A result is pass, fail or inconclusive. What was not looked at never passes:
// a judge that was shown nothing is inconclusive.
//
// Each judge's file says what its memory grows with. Judges of ten million records keep hashes and bitmaps, not
// payloads, so they know the place of what they found but, past the first ones, not its key.
package verdict

import (
	"slices"
	"strings"
)

// Outcome is what a judge decided.
type Outcome string

// The outcomes. Inconclusive is not a pass: there was not enough to judge.
const (
	Pass         Outcome = "pass"
	Fail         Outcome = "fail"
	Inconclusive Outcome = "inconclusive"
)

// maxFindings is how many findings a result holds; Total counts all.
const maxFindings = 1000

// Result is what a judge found out.
type Result struct {
	Judge    string // what was judged, as a sentence's beginning: "copy of orders to orders_copy"
	Outcome  Outcome
	Findings []Finding   // ordered by kind, topic, partition, offset; at most maxFindings, each kind has its share
	Total    int64       // findings in all
	Kinds    []KindTotal // exact totals per kind, in the order of Findings
	Judged   int64       // records or facts looked at
	Passing  int64       // findings that Lasting left out
	Why      string      // when inconclusive
	Nothing  bool        // when inconclusive: there was nothing to judge, and nothing of what happened is unclear
}

// KindTotal counts the findings of a kind. Records is larger where a finding
// stands for many records, such as a range that is missing.
type KindTotal struct {
	Kind              string
	Findings, Records int64
	Staying           int64 // findings of a kind that heals, which do not
}

// Err is nil on pass, else an *Error.
func (r Result) Err() error {
	if r.Outcome == Pass {
		return nil
	}
	return &Error{Result: r}
}

// Which tells findings by their kind, and by whether waiting cannot heal them.
type Which func(kind string, stays bool) bool

// AllBut are all findings but those of some kinds, of which there are only those that stay.
func AllBut(kinds ...string) Which {
	return func(kind string, stays bool) bool { return stays || !slices.Contains(kinds, kind) }
}

// Just are the findings of some kinds.
func Just(kinds ...string) Which {
	return func(kind string, _ bool) bool { return slices.Contains(kinds, kind) }
}

// Both are those that two tell.
func (w Which) Both(other Which) Which {
	return func(kind string, stays bool) bool { return w(kind, stays) && other(kind, stays) }
}

// Lasting leaves only findings that waiting cannot heal, if there are any: the rest may be of records that were still
// on their way.
func (r Result) Lasting() (lasting Result, found bool) {
	lasting, found = r.Only(func(kind string, stays bool) bool {
		at := kindAt(kind)
		return stays || at < len(kinds) && !kinds[at].Heals
	})
	lasting.Passing = r.Total - lasting.Total
	return lasting, found
}

// Only leaves only certain findings, if there are any.
func (r Result) Only(which Which) (left Result, found bool) {
	left = r
	left.Findings = slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return !which(f.Kind, f.Stays) })
	left.Kinds, left.Total = nil, 0
	for _, k := range r.Kinds {
		if !which(k.Kind, false) {
			if k.Staying == 0 || !which(k.Kind, true) {
				continue
			}
			k = KindTotal{k.Kind, k.Staying, k.Staying, k.Staying}
		} else if !which(k.Kind, true) {
			k = KindTotal{k.Kind, k.Findings - k.Staying, k.Records - k.Staying, 0}
		}
		if k.Findings == 0 {
			continue
		}
		left.Kinds = append(left.Kinds, k)
		left.Total += k.Findings
	}
	return left, left.Total > 0
}

// pronounce makes the result. Nothing names what was missing when nothing was judged.
func (c *collector) pronounce(judge string, judged int64, nothing string) Result {
	r := Result{Judge: judge, Judged: judged}
	r.Findings, r.Kinds = c.sorted()
	for _, k := range r.Kinds {
		r.Total += k.Findings
	}
	switch {
	case r.Total > 0:
		r.Outcome = Fail
	case judged == 0:
		r.Outcome, r.Why, r.Nothing = Inconclusive, "nothing was judged: "+nothing, true
	default:
		r.Outcome = Pass
	}
	return r
}

// Unclear turns a result into an inconclusive one where it is not known who did what was judged. Findings of some kinds
// are true whoever it was.
func (r Result) Unclear(why string, certain ...string) Result {
	return r.UnclearBut(why, Just(certain...))
}

// UnclearBut does so with findings of which only some are certain.
func (r Result) UnclearBut(why string, certain Which) Result {
	if why == "" {
		return r
	}
	if r.Outcome == Inconclusive {
		r.Nothing = false
		return r
	}
	if left, found := r.Only(certain); found {
		return left
	}
	return Result{Judge: r.Judge, Judged: r.Judged, Outcome: Inconclusive, Why: why}
}

// inconclusive turns a pass into inconclusive. What was found stays found.
func (r Result) inconclusive(why ...string) Result {
	if text := strings.Join(why, ""); r.Outcome == Pass && text != "" {
		r.Outcome, r.Why = Inconclusive, text
	}
	return r
}
