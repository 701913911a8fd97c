package verdict

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Kept judges that a log keeps what it had acknowledged: each record stands where it was acknowledged, up to the high
// watermark, and every reader sees the same record at one offset.
//
// A lost write is an acknowledged record that is in the log no more, though nothing took it: what stands before the
// log's start is gone by retention or deletion; on a compacted topic, so is a tombstone, and a record behind which a
// later one of its key came. What stands behind the last stable offset cannot be read yet, and is not judged. An
// inconsistent offset is one at which two records were acknowledged or seen.
//
// Records of aborted transactions must not be fed as acknowledged. Records are told apart by their content; of one
// whose content is not known only that it is there.
//
// Memory: some 60 bytes per record that was acknowledged or read.
type Kept struct {
	topic      string
	compacted  bool
	partitions map[int32]*keptLog
	judged     int64
	found      collector
}

type keptLog struct {
	seen               map[int64]sight
	acked              map[int64]string // by whom
	log                offsets
	latest             map[uint32]int64 // by key, its last offset
	start, stable, end int64
}

// sight is what was first known of an offset.
type sight struct {
	journal.Content
	how string
}

// NewKept judges one topic; compacted tells that compaction may take records from its log.
func NewKept(topic string, compacted bool) *Kept {
	return &Kept{topic: topic, compacted: compacted, partitions: map[int32]*keptLog{}}
}

func (j *Kept) partition(number int32) *keptLog {
	p := j.partitions[number]
	if p == nil {
		p = &keptLog{seen: map[int64]sight{}, acked: map[int64]string{}, latest: map[uint32]int64{}}
		j.partitions[number] = p
	}
	return p
}

// Acknowledged takes a record that somebody wrote; a content of 0 is not known.
func (j *Kept) Acknowledged(who string, partition int32, offset int64, content journal.Content) {
	j.judged++
	p := j.partition(partition)
	p.acked[offset] = who
	j.see(p, partition, offset, content, "acknowledged to "+who)
}

// Read takes a record that somebody was given; it may be of an aborted transaction.
func (j *Kept) Read(who string, partition int32, offset int64, content journal.Content) {
	j.judged++
	j.see(j.partition(partition), partition, offset, content, "read by "+who)
}

// Bounds tells how far a partition's log goes: its start, its last stable offset and its high watermark. The start is
// taken after the log was read, the others before.
func (j *Kept) Bounds(partition int32, start, stable, end int64) {
	p := j.partition(partition)
	p.start, p.stable, p.end = start, stable, end
}

// InLog takes a record that is in the log.
func (j *Kept) InLog(r *record.Record) {
	p := j.partition(r.Partition)
	p.log.add(r.Offset)
	j.see(p, r.Partition, r.Offset, journal.ContentOf(r.Key, r.Value), "in the log")
}

func (j *Kept) see(p *keptLog, partition int32, offset int64, content journal.Content, how string) {
	if content == 0 {
		return
	}
	if key := content.Key(); key != 0 {
		p.latest[key] = max(p.latest[key], offset)
	}
	before, again := p.seen[offset]
	switch {
	case !again:
		p.seen[offset] = sight{content, how}
	case before.Content != content:
		j.found.add(Finding{Kind: InconsistentOffset, Topic: j.topic, Partition: partition, Offset: offset},
			"one record was %s, and another one %s", before.how, how)
	}
}

// Result judges what was fed so far.
func (j *Kept) Result() Result {
	found := j.found.clone()
	for _, number := range slices.Sorted(maps.Keys(j.partitions)) {
		p := j.partitions[number]
		for _, offset := range slices.SortedFunc(maps.Keys(p.acked), cmp.Compare) {
			f := Finding{Kind: LostWrite, Topic: j.topic, Partition: number, Offset: offset}
			switch {
			case p.log.has(offset), offset < p.start, j.compacted && p.superseded(offset):
			case offset >= p.end: // it may be that the followers have yet to get it
				found.add(f, "acknowledged to %s, and the log ends at %d", p.acked[offset], p.end)
			case offset < p.stable:
				f.Stays = true
				found.add(f, "acknowledged to %s, and not in the log", p.acked[offset])
			}
		}
	}
	return found.pronounce("the log of "+j.topic, j.judged, "nothing was acknowledged in "+j.topic+", or read from it")
}

// superseded tells that compaction may have taken a record.
func (p *keptLog) superseded(offset int64) bool {
	c := p.seen[offset].Content
	return c == 0 || c.Tombstone() || p.latest[c.Key()] > offset
}
