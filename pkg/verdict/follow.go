package verdict

// shadow is how a lane remembers records without keeping them. A copy mostly has the records of its source partition by
// partition, in the same order. As long as that goes well a lane only counts: its records are those of its twin,
// without some that were skipped, and in its own columns are only those that came in between: repetitions, and what is
// not in the source or not there.
type shadow struct {
	twin   *lane
	same   int // records so far that are the twin's
	next   int // the twin's record that should come next
	gaps   bool
	jumps  column[jump]
	apart  bool // the last record is one of its own
	credit int  // how many of the twin's records may still be looked over far ahead
}

// jump tells that from the record at index on, they are those of the twin from another index on; or, with the bit
// owned, the lane's own. A lane has fewer than 2^31 records: those would take 12 GiB.
type jump struct{ index, at uint32 }

const owned = 1 << 31

const (
	reach       = 64      // how many missing records in a row are always looked over
	farther     = 1 << 14 // and how many where most went well, such as lost batches
	creditEach  = 4       // this many looked over for each that went well cost less than hashing it
	creditLimit = 8 * farther
	ownAtFirst  = 1024 // own records that are tolerated from the start
)

// follow takes a record when it is the twin's next one, or near behind it, or one of few that are not.
func (l *lane) follow(high uint32, low uint16) bool {
	t := l.twin
	at := l.next
	if at >= t.len() || t.high.at(at) != high || t.low.at(at) != low {
		if !l.gaps || l.jumps.len() > l.len()/2+reach { // a jump takes 8 bytes, a record 6
			return false
		}
		if at = l.ahead(high, low); at < 0 {
			return l.own(high, low)
		}
	}
	if at != l.next || l.apart {
		l.jumps.add(jump{uint32(l.len()), uint32(at)})
	}
	l.same, l.next, l.apart = l.same+1, at+1, false
	l.credit = min(l.credit+creditEach, creditLimit)
	return true
}

// ahead looks for a record behind the twin's next one, and returns -1 if it is not found.
func (l *lane) ahead(high uint32, low uint16) int {
	t, from, n := l.twin, l.next+1, l.twin.len()
	if at := t.find(high, low, from, min(from+reach, n)); at >= 0 {
		return at
	}
	if l.credit < farther || l.apart && l.high.len()%reach != 0 ||
		t.find(high, low, max(l.next-reach, 0), min(l.next, n)) >= 0 {
		return -1 // among others, or a repetition
	}
	l.credit -= farther
	return t.find(high, low, from+reach, min(from+farther, n))
}

// own keeps a record that is not the twin's, unless there are too many of them.
func (l *lane) own(high uint32, low uint16) bool {
	if l.high.len() >= l.same/4+ownAtFirst {
		return false
	}
	if !l.apart {
		l.jumps.add(jump{uint32(l.len()), owned | uint32(l.high.len())})
		l.apart = true
	}
	l.high.add(high)
	l.low.add(low)
	return true
}

// find returns the index of a record among the lane's own, from one index to another, or -1.
func (l *lane) find(high uint32, low uint16, from, to int) int {
	for from < to {
		chunk, at := from/columnChunk, from%columnChunk
		end := min(at+to-from, columnChunk)
		for i, h := range l.high.chunks[chunk][at:end] {
			if h == high && l.low.chunks[chunk][at+i] == low {
				return from + i
			}
		}
		from += end - at
	}
	return -1
}

// part ends following the twin: from here on the lane has all records of its own. Those so far stay the twin's, in
// whole chunks, where it followed without a jump.
func (l *lane) part() {
	if l.twin == nil {
		return
	}
	var all lane
	if l.jumps.len() == 0 {
		all.high, all.low = l.twin.high.first(l.same), l.twin.low.first(l.same)
	} else {
		l.stretches(func(_ int, high []uint32, low []uint16) {
			for i := range high {
				all.high.add(high[i])
				all.low.add(low[i])
			}
		})
	}
	l.high, l.low, l.shadow = all.high, all.low, shadow{}
}

// isTwin is true when the lane holds just what its twin holds.
func (l *lane) isTwin() bool { return l.twin != nil && l.high.len() == 0 && l.same == l.twin.len() }

// len is how many records the lane has.
func (l *lane) len() int { return l.same + l.high.len() }

// stretches calls visit for all records in their order, many at once; index is that of the first of them.
func (l *lane) stretches(visit func(index int, high []uint32, low []uint16)) {
	l.pieces(func(of *lane, index, from, to int) {
		of.between(from, to, func(at int, high []uint32, low []uint16) { visit(index+at-from, high, low) })
	})
}

// missing is stretches of the twin's records that the lane does not have.
func (l *lane) missing(visit func(index int, high []uint32, low []uint16)) {
	next := 0
	l.pieces(func(of *lane, _, from, to int) {
		if of == l.twin {
			of.between(next, from, visit)
			next = to
		}
	})
	l.twin.between(next, l.twin.len(), visit)
}

// additional is stretches of the lane's records that are not the twin's.
func (l *lane) additional(visit func(index int, high []uint32, low []uint16)) {
	l.between(0, l.high.len(), visit)
}

// pieces calls visit for the parts of the lane between two jumps: where each stands in the lane, and from where to
// where in the columns of the twin, or its own.
func (l *lane) pieces(visit func(of *lane, index, from, to int)) {
	of, index, at := l.twin, 0, 0
	if of == nil {
		of = l
	}
	for _, chunk := range l.jumps.chunks {
		for _, j := range chunk {
			visit(of, index, at, at+int(j.index)-index)
			of, index, at = l.twin, int(j.index), int(j.at&^owned)
			if j.at&owned != 0 {
				of = l
			}
		}
	}
	visit(of, index, at, at+l.len()-index)
}

// between calls visit for what is in a lane's own columns from one index to another, chunk by chunk.
func (l *lane) between(from, to int, visit func(index int, high []uint32, low []uint16)) {
	for from < to {
		chunk, at := from/columnChunk, from%columnChunk
		end := min(at+to-from, columnChunk)
		visit(from, l.high.chunks[chunk][at:end], l.low.chunks[chunk][at:end])
		from += end - at
	}
}
