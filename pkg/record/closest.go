package record

// closestAmong bounds how many records are tried as the closest one, so that an error about a topic of a million
// records still comes at once.
const closestAmong = 20_000

// takenHandicap is less than the weight of one field.
const takenHandicap = 0.75

// closest finds the record that differs least from a pattern, and how; -1 when there is none. Of two that differ as
// much, the earlier one. Only records from the given one on are tried; one that has a taker is handicapped.
func closest(p *Pattern, views []view, from int, taker []int) (int, []Mismatch) {
	best, bestScore := -1, 0.0
	var mismatches []Mismatch
	for r := from; r < min(len(views), from+closestAmong); r++ {
		c := &collector{}
		p.check(c, &views[r])
		s := score(p, &views[r], c.list)
		if taker != nil && taker[r] >= 0 {
			s += takenHandicap
		}
		if best < 0 || s < bestScore {
			best, bestScore, mismatches = r, s, c.list
		}
	}
	return best, mismatches
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
			total += 3 - likeness(p.key, v.Key)
		case columnValue:
			total += 3 - 2*likeness(p.value, v.Value)
		case columnPartition, columnOffset, columnTimestamp:
			total += 0.5
		default:
			total++
		}
	}
	return total
}

// likeness is the share of text at both ends that is equal, 0 to 1, for literal text.
func likeness(e *expectation, got []byte) float64 {
	if e == nil || e.tree != nil || e.matcher != nil || e.bytes == nil || got == nil {
		return 0
	}
	want := e.bytes
	longest := max(len(want), len(got))
	if longest == 0 {
		return 1
	}
	n := min(len(want), len(got))
	head := 0
	for head < n && want[head] == got[head] {
		head++
	}
	tail := 0
	for tail < n-head && want[len(want)-1-tail] == got[len(got)-1-tail] {
		tail++
	}
	return float64(head+tail) / float64(longest)
}

// closestPattern is closest the other way round, for a record that nothing expects.
func closestPattern(want []Pattern, v *view) (int, []Mismatch) {
	best, bestScore := -1, 0.0
	var mismatches []Mismatch
	for p := range min(len(want), closestAmong) {
		c := &collector{}
		want[p].check(c, v)
		if s := score(&want[p], v, c.list); best < 0 || s < bestScore {
			best, bestScore, mismatches = p, s, c.list
		}
	}
	return best, mismatches
}
