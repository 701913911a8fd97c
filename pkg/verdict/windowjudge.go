package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// Result judges what was fed so far.
func (w *Windows) Result() Result {
	found := w.found.clone()
	w.complete()
	w.judgeAside(&found)
	if w.merges() {
		w.judgeOrder(&found)
	}
	closes := w.closes()
	ids := maps.Clone(w.want)
	for id := range w.got {
		ids[id] = w.want[id]
	}
	for id := range ids {
		w.judgeWindow(&found, id, closes)
	}
	judged, nothing := w.judged, ""
	switch {
	case w.inputs == 0:
		judged, nothing = 0, "no record of "+w.input+" was read"
	case len(ids) == 0:
		judged, nothing = 0, "no record of "+w.input+" belongs to a window; look for records without a key or a value"
	case w.judged == w.inputs: // what was not emitted or set aside, and should be, was found
		judged, nothing = 0, "no window of "+w.input+" has closed, and "+w.windows+" has none; write a record that is later "+
			"than the end of one and its grace, or say: holds no windows"
	}
	return found.pronounce("windows of "+w.input+" in "+w.windows, judged, nothing)
}

// complete has windows lack nothing that others of the topic have: a number that is left out is 0, and an end is none.
func (w *Windows) complete() {
	var has emitted
	for _, all := range w.got {
		for _, e := range all {
			has.end = cmp.Or(has.end, e.end)
			for i, n := range e.numbers() {
				*has.numbers()[i] = cmp.Or(*has.numbers()[i], *n)
			}
		}
	}
	for _, all := range w.got {
		for k := range all {
			if all[k].end == nil && has.end != nil {
				none := int64(noTime)
				all[k].end = &none
			}
			for i, n := range all[k].numbers() {
				if *n == nil && *has.numbers()[i] != nil {
					*n = new(big.Float)
				}
			}
		}
	}
}

// judgeAside looks at what was set aside though it was in time, and at what was set aside and is no event.
func (w *Windows) judgeAside(found *collector) {
	for _, s := range w.inTime {
		if w.mayHaveBeenIdle(s) {
			continue
		}
		f := w.keys.name(Finding{Kind: SetAsideInTime, Topic: w.input, Partition: s.at.partition, Offset: s.at.offset},
			s.at.offset)
		before := "nothing came before it"
		if s.before != noTime {
			before = "stream time was " + instant(s.before).String()
		}
		found.add(f, "of %s, and %s: its window takes events until %s", instant(s.stream), before,
			instant(s.end+w.rules.Grace.Milliseconds()))
	}
	for number, p := range w.partitions {
		p.aside.without(&p.seen, func(offset int64) {
			found.add(Finding{Kind: Unexpected, Topic: w.input, Partition: number, Offset: offset},
				"set aside, though it is not in the topic")
		})
	}
	for id, aside := range w.asideIDs {
		if !aside.seen {
			found.add(aside.at, "%s was set aside, though it is not in %s", readable(id), w.input)
		}
	}
}

// mayHaveBeenIdle tells whether an event's partition may have woken up with it.
func (w *Windows) mayHaveBeenIdle(s setAside) bool {
	if w.rules.Stream == PerPartition || s.before == noTime {
		return false
	}
	fastest := int64(noTime)
	for number, p := range w.partitions {
		if number != s.at.partition {
			fastest = max(fastest, p.stream)
		}
	}
	return fastest >= s.end+w.rules.Grace.Milliseconds() && fastest-s.before > w.rules.IdleAfter.Milliseconds()
}

// judged is one window of a key while it is judged.
type judgedWindow struct {
	*Windows
	found *collector
	id    windowID
	end   int64
	left  map[int]*total // what must be emitted and was not seen yet
	at    int64          // the stream time that closed the last of them
}

func (w *Windows) judgeWindow(found *collector, id windowID, closes func(int) (int64, string)) {
	j := judgedWindow{Windows: w, found: found, id: id, end: id.start + w.rules.Size.Milliseconds(),
		left: map[int]*total{}}
	if len(w.want[id]) == 0 {
		for _, e := range w.got[id] {
			j.tell(WindowUnexpected, e, "no event of %s belongs into it", w.input)
		}
		return
	}
	open, stream, whose := map[int]*total{}, int64(noTime), ""
	for group, t := range w.want[id] {
		at, name := closes(group)
		if at >= j.end+w.rules.Grace.Milliseconds() || w.rules.Updates {
			j.left[group], j.at = t, at
			continue
		}
		open[group] = t
		if stream == noTime || at < stream {
			stream, whose = at, name
		}
	}
	others := j.match(w.emissions(id), j.left)
	if len(open) > 0 {
		early := others
		if others = nil; len(j.left) > 0 { // those that are of no open window stand for what is left
			others = j.match(early, open)
			early = slices.DeleteFunc(early, func(e emitted) bool { return slices.Contains(others, e) })
		}
		for _, e := range early {
			j.tell(WindowEarly, e, "emitted, and %s is only at %s", whose, instant(stream))
		}
	}
	j.tellRest(others)
}

// emissions are what counts of what was emitted for a window.
func (w *Windows) emissions(id windowID) []emitted {
	got := w.got[id]
	if !w.rules.Updates || len(got) < 2 {
		return got
	}
	// A key is in one partition; the last record of each is what the window came to.
	slices.SortStableFunc(got, func(a, b emitted) int {
		return cmp.Or(cmp.Compare(a.partition, b.partition), cmp.Compare(a.offset, b.offset))
	})
	var last []emitted
	for i, e := range got {
		if i+1 == len(got) || got[i+1].partition != e.partition {
			last = append(last, e)
		}
	}
	return last
}

// match takes what was emitted as it must be out of totals, and returns the rest.
func (j *judgedWindow) match(got []emitted, totals map[int]*total) (others []emitted) {
	for _, e := range got {
		groups := slices.Sorted(maps.Keys(totals))
		same := slices.IndexFunc(groups, func(group int) bool { return e.is(totals[group], j.end) })
		if same < 0 {
			others = append(others, e)
			continue
		}
		delete(totals, groups[same])
	}
	return others
}

// tellRest tells of what is missing, wrong and too much.
func (j *judgedWindow) tellRest(others []emitted) {
	for _, group := range slices.Sorted(maps.Keys(j.left)) {
		if len(others) == 0 {
			how := fmt.Sprintf("stream time is %s", instant(j.at))
			if j.rules.Stream == "" || j.rules.Stream == SlowestPartition {
				how = fmt.Sprintf("every active partition is at %s or later", instant(j.at))
			}
			j.found.add(Finding{Kind: WindowMissing, Topic: j.windows, Partition: -1, Offset: -1, Key: j.id.key},
				"%s: not emitted, want %s; %s", j.name(), j.left[group], how)
			continue
		}
		j.tell(WindowWrong, others[0], "got %s, want %s", others[0], j.left[group])
		others = others[1:]
	}
	for _, e := range others {
		first := j.got[j.id][0]
		j.tell(WindowTwice, e, "%s; already at partition %d offset %d: %s", e, first.partition, first.offset, first)
	}
}

func (j *judgedWindow) name() string {
	return fmt.Sprintf("%s to %s", instant(j.id.start), instant(j.end))
}

// tell adds a finding at what was emitted.
func (j *judgedWindow) tell(kind string, e emitted, format string, arguments ...any) {
	f := Finding{Kind: kind, Topic: j.windows, Partition: e.partition, Offset: e.offset, Key: j.id.key}
	j.found.add(f, "%s: "+format, append([]any{j.name()}, arguments...)...)
}
