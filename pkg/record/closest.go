package record

// closestAmong bounds how many records are tried as the closest one, so that an error about a topic of a million
// records still comes at once.
const closestAmong = 20_000

// takenHandicap is less than the weight of one field.
const takenHandicap = 0.75

// closest finds the record that differs least from a pattern, and how; -1 when there is none. Of two that differ as
// much, the earlier one. Only records from the given one on are tried; one that has a taker is handicapped.
func closest(p *Pattern, views []view, from int, taker []int) (int, []Mismatch) {
	r, mismatches := nearestOf(len(views)-from, func(i int) ([]Mismatch, float64) {
		list, s := p.differs(&views[from+i])
		if taker != nil && taker[from+i] >= 0 {
			s += takenHandicap
		}
		return list, s
	})
	if r < 0 {
		return -1, nil
	}
	return from + r, mismatches
}

// closestPattern is closest the other way round, for a record that nothing expects.
func closestPattern(want []Pattern, v *view) (int, []Mismatch) {
	return nearestOf(len(want), func(p int) ([]Mismatch, float64) { return want[p].differs(v) })
}

func nearestOf(n int, differs func(i int) ([]Mismatch, float64)) (best int, mismatches []Mismatch) {
	best, bestScore := -1, 0.0
	for i := range min(n, closestAmong) {
		if list, s := differs(i); best < 0 || s < bestScore {
			best, bestScore, mismatches = i, s, list
		}
	}
	return best, mismatches
}

// differs gives the mismatches of a record with their score.
func (p *Pattern) differs(v *view) ([]Mismatch, float64) {
	c := &collector{}
	p.check(c, v)
	return c.list, score(p, v, c.list)
}

// score weighs how much a record differs: another key or a value of another kind weighs more than a field, a place
// less.
func score(p *Pattern, v *view, mismatches []Mismatch) float64 {
	total := 0.0
	for _, m := range mismatches {
		switch m.Field {
		case columnTopic:
			total += 8
		case columnKey:
			total += 3 - likeness(p.part(columnKey), v.Key)
		case columnValue:
			total += 3 - 2*likeness(p.part(columnValue), v.Value)
		case columnPartition, columnOffset, columnTimestamp:
			total += 0.5
		default:
			total++
		}
	}
	return total
}

// likeness is the share of text at both ends that is equal, 0 to 1, for literal text.
func likeness(n *node, got []byte) float64 {
	if n == nil || n.bytes == nil || got == nil {
		return 0
	}
	want := n.bytes
	longest := max(len(want), len(got))
	if longest == 0 {
		return 1
	}
	head := commonPrefix(string(want), string(got))
	tail, most := 0, min(len(want), len(got))-head
	for tail < most && want[len(want)-1-tail] == got[len(got)-1-tail] {
		tail++
	}
	return float64(head+tail) / float64(longest)
}
