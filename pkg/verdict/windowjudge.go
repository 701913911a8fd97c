package verdict

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Result judges what was fed so far.
func (w *Windows) Result() Result {
	found := w.found.clone()
	w.judgeAside(&found)
	watermark, slowest := w.watermark()
	ids := maps.Clone(w.want)
	for id := range w.got {
		ids[id] = w.want[id]
	}
	for id := range ids {
		w.judgeWindow(&found, id, watermark, slowest)
	}
	judged := w.judged
	if w.inputs == 0 {
		judged = 0
	}
	return found.pronounce("windows of "+w.input+" in "+w.windows, judged, "no record of "+w.input+" was read")
}

// watermark is the stream time of the slowest partition that is not idle, and which one that is.
func (w *Windows) watermark() (at int64, slowest int32) {
	fastest := int64(noTime)
	for _, p := range w.partitions {
		fastest = max(fastest, p.stream)
	}
	at, slowest = math.MaxInt64, -1
	for _, number := range slices.Sorted(maps.Keys(w.partitions)) {
		p := w.partitions[number]
		if active := p.stream != noTime && fastest-p.stream <= w.rules.IdleAfter.Milliseconds(); active && p.stream < at {
			at, slowest = p.stream, number
		}
	}
	if slowest < 0 {
		return noTime, slowest
	}
	return at, slowest
}

// judgeAside looks at what was set aside though it was in time, and at what was set aside and is no event.
func (w *Windows) judgeAside(found *collector) {
	for _, s := range w.inTime {
		fastest := int64(noTime)
		for number, p := range w.partitions {
			if number != s.at.partition {
				fastest = max(fastest, p.stream)
			}
		}
		closed := fastest >= s.end+w.rules.Grace.Milliseconds()
		if closed && s.before != noTime && fastest-s.before > w.rules.IdleAfter.Milliseconds() {
			continue // its partition may have been idle
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
}

func (w *Windows) judgeWindow(found *collector, id windowID, watermark int64, slowest int32) {
	end := id.start + w.rules.Size.Milliseconds()
	name := fmt.Sprintf("%s to %s", instant(id.start), instant(end))
	place := func(kind string, e emitted) Finding {
		return Finding{Kind: kind, Topic: w.windows, Partition: e.partition, Offset: e.offset, Key: id.key}
	}
	want := w.want[id]
	switch {
	case len(want) == 0:
		for _, e := range w.got[id] {
			found.add(place(WindowUnexpected, e), "%s: no event of %s belongs into it", name, w.input)
		}
		return
	case watermark < end+w.rules.Grace.Milliseconds():
		for _, e := range w.got[id] {
			found.add(place(WindowEarly, e), "%s: emitted, and partition %d is only at %s", name, slowest, instant(watermark))
		}
		return
	}
	left := maps.Clone(want)
	var others []emitted
	for _, e := range w.got[id] {
		same := slices.IndexFunc(slices.Sorted(maps.Keys(left)), func(p int32) bool { return e.is(left[p], end) })
		if same < 0 {
			others = append(others, e)
			continue
		}
		delete(left, slices.Sorted(maps.Keys(left))[same])
	}
	for _, p := range slices.Sorted(maps.Keys(left)) {
		if len(others) == 0 {
			found.add(Finding{Kind: WindowMissing, Topic: w.windows, Partition: -1, Offset: -1, Key: id.key},
				"%s: not emitted, want %s; every active partition is at %s or later", name, left[p], instant(watermark))
			continue
		}
		found.add(place(WindowWrong, others[0]), "%s: got %s, want %s", name, others[0], left[p])
		others = others[1:]
	}
	for _, e := range others {
		first := w.got[id][0]
		found.add(place(WindowTwice, e), "%s: %s; already at partition %d offset %d: %s", name, e, first.partition,
			first.offset, first)
	}
}
