package verdict

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// Shares judges the ledger of a share group (KIP-932) on a topic: a record is worked on by one member at a time, is
// delivered less often than the limit, at which the group gives it up, and is accepted once, after its work, or
// rejected once. What is acknowledged was given before. A member processes a record once for each time that it was
// given it.
//
// A member that works longer than its lock holds, and does not renew it, works on what another one has meanwhile. A
// record that is released, or whose lock ran out, may be worked on again. An end of a member's session or connection
// gives back all that it held.
//
// Limit is how often the group delivers a record (group.share.delivery.count.limit). Applications must tell of their
// work; of one that accepts and never does, nothing can be said.
func Shares(s *membership.Shares, records *Records, limit int16) Result {
	l := ledger{shares: s, records: records, limit: limit, reporting: map[string]bool{}, silent: map[string]bool{}}
	for _, events := range s.Events {
		for _, e := range events {
			if e.What == membership.ShareWorked {
				l.reporting[e.App] = true
			}
		}
	}
	partitions := slices.AppendSeq(slices.Collect(maps.Keys(records.inputs)), maps.Keys(s.Events))
	slices.Sort(partitions)
	for _, partition := range slices.Compact(partitions) {
		l.partition, l.entries = partition, map[int64]*shareEntry{}
		for _, e := range s.Events[partition] {
			l.take(e)
		}
		l.close()
	}
	what := "ledger of share group " + s.Group + " on " + s.Topic
	if len(l.silent) > 0 {
		return l.found.pronounce(what, 0, "no line of "+strings.Join(slices.Sorted(maps.Keys(l.silent)), ", ")+
			" says what it processed; give it a log pattern \"processed\"")
	}
	result := l.found.pronounce(what, s.Records, "no record of "+s.Topic+
		" was seen to be given to a member of share group "+s.Group)
	return records.cleaned.or(result).Unclear(s.UnclearWork)
}

type ledger struct {
	shares            *membership.Shares
	records           *Records
	limit             int16
	found             collector
	reporting, silent map[string]bool // applications that tell of their work; that accept and do not
	partition         int32
	entries           map[int64]*shareEntry
}

// shareEntry is what is known of one record.
type shareEntry struct {
	holder       *membership.ShareEvent            // who was given it last, and has not said what becomes of it
	lost         map[string]*membership.ShareEvent // by application that held it then: who was given it instead
	given        map[string]bool                   // applications that ever were
	last         time.Duration                     // when one was given it for the last time
	worked       map[string]bool                   // applications that have finished it
	deliveriesOf map[string]*deliveries            // by application
	settled      journal.ShareType                 // accept or reject, once it is in force
	by           string                            // who settled it
	unsure       bool                              // who settled it got no answer, and may say it again
	at           time.Duration                     // when
	deliveries   int16
}

func (l *ledger) entry(offset int64) *shareEntry {
	if l.entries[offset] == nil {
		l.entries[offset] = &shareEntry{lost: map[string]*membership.ShareEvent{}, given: map[string]bool{},
			worked: map[string]bool{}, deliveriesOf: map[string]*deliveries{}}
	}
	return l.entries[offset]
}

// deliveries are how often an application was given a record and has not said what becomes of it, and for how many of
// these it has processed it. Which is of which is not known where it has several members.
type deliveries struct{ open, worked, ever int }

func (r *shareEntry) of(app string) *deliveries {
	if r.deliveriesOf[app] == nil {
		r.deliveriesOf[app] = &deliveries{}
	}
	return r.deliveriesOf[app]
}

// again takes work, and is true of one more than the application was given the record.
func (d *deliveries) again() bool {
	d.ever++
	if d.worked < d.open {
		d.worked++
		return false
	}
	return d.ever > 1 // the first may be late
}

func (d *deliveries) close() { d.open, d.worked = max(0, d.open-1), max(0, d.worked-1) }

// take does what an event says to each of its records, in order of time.
func (l *ledger) take(e membership.ShareEvent) {
	if e.What == membership.ShareEnded {
		for _, r := range l.entries {
			if r.holder != nil && r.holder.App == e.App && (e.Member == "" || r.holder.Member == e.Member) {
				r.holder = nil
			}
		}
		return
	}
	inputs := valueOf(l.records.inputs, l.partition)
	for offset := e.Range.First; offset <= e.Range.Last; offset++ {
		if !inputs.has(offset) {
			continue // a gap: a marker of a transaction, or compacted; or not looked at yet
		}
		r := l.entry(offset)
		switch e.What {
		case membership.ShareGiven:
			l.give(r, offset, &e)
		case membership.ShareWorked:
			l.work(r, offset, &e)
		default:
			l.say(r, offset, &e)
		}
	}
}

func (l *ledger) give(r *shareEntry, offset int64, e *membership.ShareEvent) {
	if r.settled != 0 && e.At > r.at {
		l.found.add(l.records.finding(SettledTwice, l.partition, offset), "%s was given it again, though %s had settled it",
			e.App, r.by)
	}
	if r.holder != nil && r.holder.App != e.App {
		r.lost[r.holder.App] = e
	}
	delete(r.lost, e.App)
	r.holder = e
	r.given[e.App], r.last = true, e.At
	r.of(e.App).open++
	if r.deliveries = max(r.deliveries, e.Range.Deliveries); e.Range.Deliveries > l.limit {
		l.found.add(l.records.finding(DeliveredTooOften, l.partition, offset), "%s was given it as delivery %d, and the "+
			"limit is %d", e.App, e.Range.Deliveries, l.limit)
	}
}

// work finds work of one whose lock had run out, and whose record another one had by then, and work that is done again
// without another delivery.
func (l *ledger) work(r *shareEntry, offset int64, e *membership.ShareEvent) {
	r.worked[e.App] = true
	if !e.Aside && r.of(e.App).again() {
		l.found.add(l.records.finding(ProcessedTwice, l.partition, offset), "%s processed it again, and was not given "+
			"it again", e.App)
	}
	if other := r.lost[e.App]; other != nil {
		l.found.add(l.records.finding(HeldByTwo, l.partition, offset), "%s finished it %v after its lock had run out and %s "+
			"was given it", e.App, shortly(e.At-other.At), other.App)
	}
}

func (l *ledger) say(r *shareEntry, offset int64, e *membership.ShareEvent) {
	kind := e.Range.Type
	if kind == journal.ShareGap || kind == journal.ShareRenew {
		return
	}
	if !e.Unknown { // else it may be said again
		r.of(e.App).close()
	}
	switch {
	case r.lost[e.App] != nil:
		return // another one has it, or has settled it: refused, or passed over, and found by its work
	case !r.given[e.App]:
		l.found.add(l.records.finding(AcknowledgedUnheld, l.partition, offset), "%s said %s of it, and was never given it",
			e.App, kind)
		return
	case r.settled != 0 && r.unsure && r.by == e.App && r.settled == kind:
		return
	case r.settled != 0 && e.At > r.at:
		l.found.add(l.records.finding(SettledTwice, l.partition, offset), "%s said %s of it, though %s had said %s", e.App,
			kind, r.by, r.settled)
		return
	}
	if kind == journal.ShareAccept && !r.worked[e.App] {
		if !l.reporting[e.App] {
			l.silent[e.App] = true
		} else {
			l.found.add(l.records.finding(AcceptedEarly, l.partition, offset), "%s accepted it before it had finished it", e.App)
		}
	}
	if r.holder != nil && r.holder.App == e.App && r.holder.Member == e.Member && (e.Taken || e.Unknown) {
		r.holder = nil
	}
	if e.Taken && kind.Final() {
		r.settled, r.by, r.at, r.unsure = kind, e.App, e.At, e.Unknown
	}
}

// lastGiven is when somebody was given it for the last time, or a range of offsets that it is gone from.
func (r *shareEntry) lastGiven() (time.Duration, bool) { return r.last, len(r.given) > 0 }

// close judges what has become of each record.
func (l *ledger) close() {
	valueOf(l.records.inputs, l.partition).each(func(offset int64) {
		r := l.entry(offset)
		switch {
		case r.settled != 0:
		case len(r.worked) == 0 && l.records.cleaned.excuses(l.partition, offset, r.lastGiven): // a range can have gaps
		case r.holder == nil && r.deliveries >= l.limit:
			l.found.add(l.records.finding(GivenUp, l.partition, offset), "the group gave it up after it was delivered %s, "+
				"and nobody accepted or rejected it", words.Counted(r.deliveries, "time"))
		case r.holder != nil:
			l.found.add(l.records.finding(NotSettled, l.partition, offset), "%s was given it and has not said what "+
				"becomes of it", r.holder.App)
		case r.deliveries > 0:
			l.found.add(l.records.finding(NotSettled, l.partition, offset), "it was delivered %s and given back",
				words.Counted(r.deliveries, "time"))
		default:
			l.found.add(l.records.finding(NotSettled, l.partition, offset), "no member of share group %s was given it",
				l.shares.Group)
		}
	})
}
