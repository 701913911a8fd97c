package journal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Weight is how much a fact matters to who reads a digest.
type Weight int

// The weights.
const (
	Ignored  Weight = iota // left out, and not counted
	Ordinary               // shown where there is room, with those like it as one
	Telling                // shown, with what stands beside it
	Cause                  // shown before all others, with what stands beside it
)

// Digest shows what a reader needs first, as Timeline does. Up to most facts are shown as they are. Of more, those
// that are alike between two telling ones become one line, ×38, and where there are still more lines than most, the
// causes stay, then what stands beside them, then the telling ones, what stands beside those, and the latest. Left out
// facts are counted where they stood.
func (j *Journal) Digest(weigh func(*Fact) Weight, most int) string {
	facts := j.Select(func(f *Fact) bool { return weigh(f) != Ignored })
	slices.SortStableFunc(facts, func(a, b Fact) int { return cmp.Compare(a.When(), b.When()) })
	entries := make([]entry, 0, len(facts))
	for i := range facts {
		entries = append(entries, entry{first: &facts[i], last: &facts[i], count: 1, weight: weigh(&facts[i])})
	}
	if len(entries) > most {
		entries = choose(fold(entries), most)
	}
	var rows [][]string
	left := 0
	for _, e := range entries {
		if !e.shown && len(facts) > most {
			left += e.count
			continue
		}
		if left > 0 {
			rows = append(rows, []string{"…", count(left)})
			left = 0
		}
		rows = append(rows, e.row())
	}
	if left > 0 {
		rows = append(rows, []string{"…", count(left)})
	}
	return j.droppedLines() + table(rows)
}

func count(n int) string {
	if n == 1 {
		return "1 more fact"
	}
	return fmt.Sprintf("%d more facts", n)
}

// entry is a line of a digest: a fact, or several that are alike.
type entry struct {
	first, last *Fact
	count       int
	weight      Weight
	one         bool // they are of one partition
	shown       bool
}

// fold makes one entry of those between two telling ones that differ in time, partition, offset and key only. It stands
// where the first of them did.
func fold(entries []entry) []entry {
	type likeness struct {
		kind                  Kind
		who, topic, group, is string
	}
	var folded []entry
	at := map[likeness]int{}
	for _, e := range entries {
		if e.weight >= Telling {
			clear(at)
			folded = append(folded, e)
			continue
		}
		like := likeness{e.first.Kind, e.first.who(), e.first.Topic, e.first.Group, e.first.Error}
		i, known := at[like]
		if !known {
			at[like] = len(folded)
			e.one = true
			folded = append(folded, e)
			continue
		}
		folded[i].one = folded[i].one && folded[i].first.Partition == e.first.Partition
		folded[i].last = e.last
		folded[i].count++
	}
	return folded
}

// choose marks what is shown, at most so many; of causes or telling ones that are too many, the first and the last.
func choose(entries []entry, most int) []entry {
	room := most
	show := func(i int) {
		if i >= 0 && i < len(entries) && !entries[i].shown && room > 0 {
			entries[i].shown = true
			room--
		}
	}
	for _, weight := range []Weight{Cause, Telling} {
		var these []int
		for i := range entries {
			if entries[i].weight == weight && !entries[i].shown {
				these = append(these, i)
			}
		}
		if len(these) > room {
			these = slices.Concat(these[:room/2], these[len(these)-room/2:])
		}
		for _, i := range these {
			show(i)
		}
		for _, i := range these {
			show(i - 1)
			show(i + 1)
		}
	}
	for i := len(entries) - 1; i >= 0; i-- {
		show(i)
	}
	return entries
}

func (e *entry) row() []string {
	row := e.first.row()
	if e.count == 1 {
		return row
	}
	f := *e.first
	if !e.one {
		f.Partition = -1
	}
	var rest list
	rest = append(rest, "until "+moment(e.last.When()))
	rest.add("group", f.Group)
	rest.add("error", f.Error)
	where := f.where()
	if e.one && f.Partition >= 0 && f.Offset >= 0 && e.last.Offset >= 0 {
		where += fmt.Sprintf("…%d", e.last.Offset)
	}
	return []string{row[0], row[1], fmt.Sprintf("%s ×%d", f.Kind, e.count), where, shorten(strings.Join(rest, " "))}
}
