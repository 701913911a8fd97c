package verdict

// shadow is how a lane remembers records without keeping them. A copy mostly has the records of its source partition by partition, in the same order. As
// long as that goes well a lane only counts: its records are those of its twin, without some that were skipped, and its own columns are empty.
type shadow struct {
	twin    *lane
	same    int // records so far
	skipped int // records of the twin that are missing between them
	skips   bool
	jumps   column[jump]
}

// jump tells that from the record at index on, so many of the twin were skipped in all.
type jump struct{ index, skipped uint32 }

// reach is how many missing records in a row are looked over.
const reach = 64

// follow takes a record when it is the twin's next one, or near behind it.
func (l *lane) follow(high uint32, low uint16) bool {
	t, next := l.twin, l.same+l.skipped
	is := func(i int) bool { return t.high.at(i) == high && t.low.at(i) == low }
	n := t.len()
	if next < n && is(next) {
		l.same++
		return true
	}
	if !l.skips || l.jumps.len() > l.same/2+reach { // a jump takes 8 bytes, a record 6
		return false
	}
	for i := next + 1; i < min(next+1+reach, n); i++ {
		if is(i) {
			l.skipped = i - l.same
			l.jumps.add(jump{uint32(l.same), uint32(l.skipped)})
			l.same++
			return true
		}
	}
	return false
}

// part ends following the twin: from here on the lane has records of its own. Those so far stay the twin's, in whole chunks, where none is missing.
func (l *lane) part() {
	if l.twin == nil {
		return
	}
	var own lane
	if l.jumps.len() == 0 {
		own.high, own.low = l.twin.high.first(l.same), l.twin.low.first(l.same)
	} else {
		l.stretches(func(_ int, high []uint32, low []uint16) {
			for i := range high {
				own.high.add(high[i])
				own.low.add(low[i])
			}
		})
	}
	l.high, l.low, l.shadow = own.high, own.low, shadow{}
}

// isTwin is true when the lane holds just what its twin holds.
func (l *lane) isTwin() bool { return l.twin != nil && l.skipped == 0 && l.same == l.twin.len() }

// len is how many records the lane has.
func (l *lane) len() int {
	if l.twin != nil {
		return l.same
	}
	return l.high.len()
}

// stretches calls visit for all records in their order, many at once; index is that of the first of them.
func (l *lane) stretches(visit func(index int, high []uint32, low []uint16)) {
	if l.twin == nil {
		l.between(0, l.len(), func(from int, high []uint32, low []uint16) { visit(from, high, low) })
		return
	}
	l.segments(func(index, from, to int) {
		l.twin.between(from, to, func(at int, high []uint32, low []uint16) { visit(index+at-from, high, low) })
	})
}

// missing is stretches of the twin's records that the lane does not have.
func (l *lane) missing(visit func(index int, high []uint32, low []uint16)) {
	next := 0
	l.segments(func(_, from, to int) {
		l.twin.between(next, from, visit)
		next = to
	})
	l.twin.between(next, l.twin.len(), visit)
}

// segments calls visit for the parts of the twin between two jumps; index is where they stand in the lane.
func (l *lane) segments(visit func(index, from, to int)) {
	index, skipped := 0, 0
	for _, chunk := range l.jumps.chunks {
		for _, j := range chunk {
			visit(index, index+skipped, int(j.index)+skipped)
			index, skipped = int(j.index), int(j.skipped)
		}
	}
	visit(index, index+skipped, l.same+skipped)
}

// between calls visit for a lane's own records from one index to another, chunk by chunk.
func (l *lane) between(from, to int, visit func(index int, high []uint32, low []uint16)) {
	for from < to {
		chunk, at := from/columnChunk, from%columnChunk
		end := min(at+to-from, columnChunk)
		visit(from, l.high.chunks[chunk][at:end], l.low.chunks[chunk][at:end])
		from += end - at
	}
}
