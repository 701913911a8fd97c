package verdict

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Copy judges whether every record of one topic is in another exactly once and
// nothing else is: the two hold the same multiset of key and value.
// Headers, partition, offset and timestamp may differ. Records may be fed in any order, both sides mixed.
//
// It finds lost writes, duplicates and unexpected records; one that was altered
// on the way is a lost write and an unexpected record. Where equal records are
// in the input more than once and some are missing, the last ones are named.
//
// Memory: 6 bytes per record of the input, and the first keys; feed the input first. A partition of the output costs
// nothing as long as it holds the records of that of the input in their order, and 6 bytes per record from there on.
// Where offsets jump, 12 bytes for each jump. Nothing is searched when both sides agree; if not, the records of the
// buckets that differ are matched in passes with 16 MiB more.
type Copy struct {
	hash    hasher
	in, out trail
	unread  map[int32]*offsets
}

// NewCopy judges that toTopic is a copy of fromTopic.
func NewCopy(fromTopic, toTopic string) *Copy {
	c := &Copy{hash: newHasher(), in: trail{topic: fromTopic}, out: trail{topic: toTopic}}
	c.out.follows = &c.in
	return c
}

// Input takes a record of the topic that is copied.
func (c *Copy) Input(r *record.Record) { c.in.add(r, c.hash.record(r)) }

// Gone takes a record that was in the topic that is copied, and that retention, deletion or compaction took from the
// log since.
func (c *Copy) Gone(r *record.Record) {
	c.in.keys.lost(r.Partition, int64(c.in.lane(r.Partition).len())) // a trail goes by its own positions
	c.Input(r)
}

// Unread takes such a record that compaction may have taken before anybody read it, so that it need not be copied.
func (c *Copy) Unread(r *record.Record) {
	if c.unread == nil {
		c.unread = map[int32]*offsets{}
	}
	valueOf(c.unread, r.Partition).add(r.Offset)
	c.Gone(r)
}

// excused is how many of these are among some records.
func (c *Copy) excused(m *matcher, in []entry) (excused int) {
	if c.unread == nil {
		return 0
	}
	for _, e := range in {
		if at := m.place(e); c.unread[at.partition] != nil && c.unread[at.partition].has(at.offset) {
			excused++
		}
	}
	return excused
}

// Output takes a record of the topic that should be the copy. What it may copy must have been fed, or be fed yet: read
// the input as far as it goes after the end of the output was taken.
func (c *Copy) Output(r *record.Record) { c.out.add(r, c.hash.record(r)) }

// Result judges what was fed so far.
func (c *Copy) Result() Result {
	var found collector
	if differ := c.in.unequal(&c.out); len(differ) > 0 {
		c.compare(&found, differ)
	}
	judge := fmt.Sprintf("copy of %s to %s", c.in.topic, c.out.topic)
	return found.pronounce(judge, c.in.count+c.out.count, "no record of "+c.in.topic+" was read")
}

func (c *Copy) compare(found *collector, differ []int) {
	m := newMatcher(differ, &c.in, &c.out)
	m.groups(func(group []entry) {
		in, out := cut(group, 0)
		for i := len(out) + c.excused(m, in); i < len(in); i++ {
			f := m.finding(LostWrite, in[i])
			k := found.count(&f)
			switch {
			case k == nil:
			case f.Gone:
				k.keep(f, "not in "+c.out.topic)
			case len(in) == 1:
				k.keep(f, "in the log, not in "+c.out.topic)
			default:
				k.keep(f, fmt.Sprintf("in the log %d times alike, %d of them in %s", len(in), len(out), c.out.topic))
			}
		}
		for i := len(in); i < len(out); i++ {
			f := m.finding(Duplicate, out[i])
			if len(in) == 0 {
				f.Kind, f.Stays = Unexpected, true
			}
			k := found.count(&f)
			switch {
			case k == nil:
			case len(in) == 0:
				k.keep(f, "not in "+c.in.topic)
			default:
				k.keep(f, fmt.Sprintf("%d times in %s, %d in %s; also at %s", len(out), c.out.topic, len(in), c.in.topic,
					m.place(out[0])))
			}
		}
	})
	if len(found.kinds) == 0 && c.unread == nil { // the sums are stronger than the 48 bits kept of each record
		found.add(Finding{Kind: differs, Topic: c.out.topic, Partition: -1, Offset: -1},
			"not the records of %s, though none could be told apart", c.in.topic)
	}
}
