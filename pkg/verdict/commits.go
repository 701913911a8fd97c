package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Commits judges that a group commits no offset ahead of its work: when it
// commits c, every record of the partition below c is finished, which means
// processed or safely dead-lettered. Done, SetAside and Committed must be fed in
// the order in which they happened; Input at any time, also when all is over.
//
// Offsets nobody wrote, such as those of transaction markers, cannot be ahead: a
// record counts when it was fed to Input or SetAside. Work on an offset that was
// not is found as well, but for one before the first record that is known: what
// stood there may have been deleted.
//
// Each commit that ran ahead is one finding, at the lowest record it passed; a
// record counts against the first commit that passed it.
//
// Memory: four bits per offset, 32 bytes per commit, twice that per commit that ran ahead, and the first keys.
type Commits struct {
	topic      string
	partitions map[int32]*commitPartition
	keys       keys
	cleaned    cleaned
	commits    int64
	judged     int64
	now        time.Duration
}

type commitPartition struct {
	exists, done offsets
	worked       offsets // done by the word of an application
	unsafe       offsets // whose dead letter was not acknowledged
	late         offsets // finished after they were committed
	ends         bool    // it is known where the log ends
	end          int64
	commits      []commit         // that went further than all before
	said         map[int]lateLine // by the place of the commit
}

// lateLine is the lowest record of a commit whose line came after it, and how long after.
type lateLine struct {
	offset int64
	after  time.Duration
}

// commit is a commit; it passed the offsets from the one before it on.
type commit struct {
	from, offset int64
	moved        bool // not by the group itself: what it passed is not judged
	at           time.Duration
}

// NewCommits judges the commits of one group on one topic.
func NewCommits(topic string) *Commits {
	return &Commits{topic: topic, partitions: map[int32]*commitPartition{}}
}

// At tells when what is fed next has happened. Without it nothing is said of how late a line came.
func (c *Commits) At(at time.Duration) { c.now = at }

// Moved tells that somebody else has committed for the group, such as an administrator: what that passed is not judged.
func (c *Commits) Moved(partition int32, offset int64) {
	valueOf(c.partitions, partition).committed(offset, true, c.now)
}

// Input takes a record that exists in the topic.
func (c *Commits) Input(r *record.Record) {
	valueOf(c.partitions, r.Partition).exists.add(r.Offset)
	c.keys.add(r.Partition, r.Offset, r.Key)
}

// Gone takes a record that was in the topic, and that retention, deletion or compaction took from the log since.
func (c *Commits) Gone(r *record.Record, how Cleaned) {
	c.cleaned.add(r.Partition, r.Offset, how)
	c.keys.lost(r.Partition, r.Offset)
	c.Input(r)
}

// End tells where a partition's log ends: no commit may stand behind it.
func (c *Commits) End(partition int32, offset int64) {
	p := valueOf(c.partitions, partition)
	p.end, p.ends = offset, true
}

// Done tells that an application says to have processed a record.
func (c *Commits) Done(partition int32, offset int64) {
	c.judged++
	p := valueOf(c.partitions, partition)
	p.worked.add(offset)
	if p.finished(offset) {
		p.tellLate(offset, c.now)
	}
}

// tellLate takes note of how long after its commit a record was said to be processed.
func (p *commitPartition) tellLate(offset int64, at time.Duration) {
	i := p.passing(offset)
	if lowest, known := p.said[i]; known && lowest.offset <= offset || at <= p.commits[i].at {
		return
	}
	if p.said == nil {
		p.said = map[int]lateLine{}
	}
	p.said[i] = lateLine{offset, at - p.commits[i].at}
}

// lateness is what to say of a record whose line came after the commit that passed it; empty of one set aside.
func (p *commitPartition) lateness(offset int64) string {
	late, known := p.said[p.passing(offset)]
	if !known || late.offset != offset {
		return ""
	}
	return fmt.Sprintf("; its line came %v after the commit, and must be written before it", shortly(late.after))
}

// SetAside tells that the dead letter of a record is acknowledged. Whether there is such a record is not judged here.
func (c *Commits) SetAside(partition int32, offset int64) {
	c.judged++
	p := valueOf(c.partitions, partition)
	p.exists.add(offset)
	p.finished(offset)
}

// Unsafe tells of a record with a dead letter that was not acknowledged to its writer: it is not set aside by that.
func (c *Commits) Unsafe(partition int32, offset int64) {
	valueOf(c.partitions, partition).unsafe.add(offset)
}

// finished is true where that finishes a record after its commit.
func (p *commitPartition) finished(offset int64) bool {
	return p.done.add(offset) && offset < p.covered() && !p.commits[p.passing(offset)].moved && p.late.add(offset)
}

// Committed tells that the group committed offset, the next one to read.
func (c *Commits) Committed(partition int32, offset int64) {
	c.judged++
	c.commits++
	valueOf(c.partitions, partition).committed(offset, false, c.now)
}

func (p *commitPartition) committed(offset int64, moved bool, at time.Duration) {
	if from := p.covered(); offset > from {
		p.commits = append(p.commits, commit{from, offset, moved, at})
	}
}

// passing is the place of the first commit that passed an offset, which is covered.
func (p *commitPartition) passing(offset int64) int {
	at, _ := slices.BinarySearchFunc(p.commits, offset, func(c commit, offset int64) int {
		return cmp.Compare(c.offset, offset+1)
	})
	return at
}

// covered is the highest offset committed so far.
func (p *commitPartition) covered() int64 {
	if n := len(p.commits); n > 0 {
		return p.commits[n-1].offset
	}
	return 0
}

// Result judges what was fed so far.
func (c *Commits) Result() Result {
	var found collector
	var records int64
	for _, number := range slices.Sorted(maps.Keys(c.partitions)) {
		p := c.partitions[number]
		records += p.exists.count
		if last := p.covered(); p.ends && last > p.end && !p.commits[len(p.commits)-1].moved {
			found.add(Finding{Kind: CommitPastEnd, Topic: c.topic, Partition: number, Offset: last},
				"committed %d, and the log ends at %d", last, p.end)
		}
		p.worked.strangers(&p.exists, func(offset int64) {
			found.add(Finding{Kind: Unexpected, Topic: c.topic, Partition: number, Offset: offset},
				"said to be processed, though it is not in the topic")
		})
		excused := func(offset int64, at time.Duration) bool {
			return !p.done.has(offset) && !p.unsafe.has(offset) && c.cleaned.excusesCommit(number, offset, at)
		}
		p.judge(excused, func(passed *several, by commit) {
			offset := passed.first[0]
			f := c.keys.name(Finding{Kind: CommitAhead, Topic: c.topic, Partition: number, Offset: offset, Count: passed.count},
				offset)
			f.Stays = passed.late
			switch {
			case p.done.has(offset):
				found.add(f, "committed %d before this record was finished%s%s", by.offset, passed.more(), p.lateness(offset))
			case p.unsafe.has(offset):
				found.add(f, "committed %d, and the dead letter of this record was never acknowledged%s", by.offset, passed.more())
			default:
				found.add(f, "committed %d, and this record was never processed nor dead-lettered%s", by.offset, passed.more())
			}
		})
	}
	judge := "commits of " + c.topic
	switch {
	case c.commits == 0:
		return found.pronounce(judge, 0, "no commit was seen")
	case records == 0:
		return found.pronounce(judge, 0, "no record was seen that a commit could pass")
	}
	return c.cleaned.or(found.pronounce(judge, c.judged, ""))
}

// judge calls see with each commit that passed unfinished records, but for those that are excused.
func (p *commitPartition) judge(excused func(int64, time.Duration) bool, see func(passed *several, by commit)) {
	var passed several
	at := 0 // the commit that passed the offset at hand
	tell := func() {
		if passed.count > 0 && !p.commits[at].moved {
			see(&passed, p.commits[at])
		}
		passed = several{}
	}
	for _, number := range numbers(&p.exists) {
		exists, done, late := p.exists.page(number), p.done.page(number), p.late.page(number)
		for w := range exists {
			each(number, w, exists[w]&(^done[w]|late[w]), func(offset int64) {
				if offset >= p.covered() {
					return
				}
				for offset >= p.commits[at].offset {
					tell()
					at++
				}
				if excused(offset, p.commits[at].at) {
					return
				}
				passed.add(offset)
				passed.late = passed.late || p.late.has(offset)
			})
		}
	}
	tell()
}

// several are the records that one finding stands for, in order of their offsets.
type several struct {
	first []int64 // offsets, at most named
	count int64
	late  bool // one of them was finished after it was committed: nothing that comes takes that back
}

// named is how many offsets a finding tells.
const named = 6

func (s *several) add(offset int64) {
	if s.count++; len(s.first) < named {
		s.first = append(s.first, offset)
	}
}

// more tells of the records beside the first: " (and 2 more: 5, 6)".
func (s *several) more() string {
	if s.count == 1 {
		return ""
	}
	text := strings.ReplaceAll(strings.Trim(fmt.Sprint(s.first[1:]), "[]"), " ", ", ")
	if s.count > named {
		text += " …"
	}
	return fmt.Sprintf(" (and %d more: %s)", s.count-1, text)
}
