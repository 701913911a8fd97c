package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Finding is one thing that is wrong, and where.
type Finding struct {
	Kind      string
	Topic     string
	Partition int32 // -1 = none
	Offset    int64 // -1 = none
	Key       string
	Count     int64 // records it stands for, at least 1
	Gone      bool  // retention, deletion or compaction took the record from the log
	Stays     bool  // waiting cannot heal it, though it can heal others of its kind
	Detail    string
}

// String is one line: kind, place, key, whether the record is gone, and what happened.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.Kind + ": ")
	b.WriteString(f.place().String())
	if f.Key != "" {
		b.WriteString(" key " + readable(f.Key))
	}
	if f.Gone {
		b.WriteString(" (gone from the log)")
	}
	if f.Detail != "" {
		b.WriteString(": " + f.Detail)
	}
	return b.String()
}

// findingAt is one at a record of a topic.
func findingAt(kind, topic string, r *record.Record) Finding {
	return Finding{Kind: kind, Topic: topic, Partition: r.Partition, Offset: r.Offset, Key: string(r.Key)}
}

// place is where a record is, as far as that is known.
type place struct {
	topic     string
	partition int32 // -1 = none
	offset    int64 // -1 = none
}

func (f *Finding) place() place { return place{f.Topic, f.Partition, f.Offset} }

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.topic, q.topic), cmp.Compare(p.partition, q.partition), cmp.Compare(p.offset, q.offset))
}

func (p place) String() string {
	switch {
	case p.partition < 0:
		return p.topic
	case p.offset < 0:
		return fmt.Sprintf("%s partition %d", p.topic, p.partition)
	}
	return fmt.Sprintf("%s partition %d offset %d", p.topic, p.partition, p.offset)
}

// maxKey bounds how much of a key is shown, in characters.
const maxKey = 80

// readable quotes what a terminal could not show as it is.
func readable(key string) string {
	if utf8.RuneCountInString(key) > maxKey {
		key = string([]rune(key)[:maxKey]) + "…"
	}
	quoted := strconv.Quote(key)
	if len(quoted) == len(key)+2 && !strings.ContainsAny(key, " :") {
		return key
	}
	return quoted
}

func compareFindings(f, g Finding) int {
	if c := f.place().compare(g.place()); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(f.Key, g.Key), natural(f.Detail, g.Detail))
}

// natural compares texts with the numbers in them as numbers: 3 before 12.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := leadingDigits(a), leadingDigits(b)
		if x != "" && y != "" {
			p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(p), len(q)), cmp.Compare(p, q), cmp.Compare(len(x), len(y))); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func leadingDigits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}

// collector gathers findings and keeps the first maxFindings of each kind, in
// memory that does not grow with their number.
type collector struct{ kinds map[string]*found }

type found struct {
	findings []Finding // at most twice maxFindings
	full     bool      // the first maxFindings are sorted, and what is behind them only counts
	total    KindTotal
}

// add takes a finding. Its detail is made only if the finding is kept: where
// millions are found, that would be most of the work.
func (c *collector) add(f Finding, format string, arguments ...any) {
	if k := c.count(&f); k != nil {
		k.keep(f, fmt.Sprintf(format, arguments...))
	}
}

// count counts a finding and returns where it should be kept, or nil. Judges that may find millions call it before they
// gather the arguments of the detail, which are a hundred bytes of garbage for each.
func (c *collector) count(f *Finding) *found {
	f.Count = max(f.Count, 1)
	if c.kinds == nil {
		c.kinds = map[string]*found{}
	}
	k := c.kinds[f.Kind]
	if k == nil {
		k = &found{total: KindTotal{Kind: f.Kind}}
		c.kinds[f.Kind] = k
	}
	k.total.Findings++
	k.total.Records += f.Count
	if f.Stays {
		k.total.Staying++
	}
	if k.full && f.place().compare(k.findings[maxFindings-1].place()) > 0 {
		return nil
	}
	return k
}

// keep takes a finding that was counted.
func (k *found) keep(f Finding, detail string) {
	f.Detail = detail
	k.findings = append(k.findings, f)
	if len(k.findings) >= 2*maxFindings {
		k.trim()
	}
}

// clone lets a judge add what holds only for now.
func (c *collector) clone() collector {
	d := collector{kinds: make(map[string]*found, len(c.kinds))}
	for kind, k := range c.kinds {
		d.kinds[kind] = &found{slices.Clone(k.findings), k.full, k.total}
	}
	return d
}

func (k *found) trim() {
	slices.SortFunc(k.findings, compareFindings)
	if len(k.findings) >= maxFindings {
		k.findings, k.full = k.findings[:maxFindings], true
	}
}

// sorted returns the findings in their fixed order and the totals per kind.
// Where there are too many, no kind hides another: each gets an equal share.
func (c *collector) sorted() ([]Finding, []KindTotal) {
	var kinds []*found
	for _, k := range c.kinds {
		k.trim()
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b *found) int {
		return cmp.Or(len(a.findings)-len(b.findings), kindAt(a.total.Kind)-kindAt(b.total.Kind))
	})
	room, share := maxFindings, map[string]int{}
	for i, k := range kinds {
		share[k.total.Kind] = min(len(k.findings), room/(len(kinds)-i))
		room -= share[k.total.Kind]
	}
	slices.SortFunc(kinds, func(a, b *found) int { return kindAt(a.total.Kind) - kindAt(b.total.Kind) })
	var findings []Finding
	var totals []KindTotal
	for _, k := range kinds {
		findings = append(findings, k.findings[:share[k.total.Kind]]...)
		totals = append(totals, k.total)
	}
	return findings, totals
}
