package world

// The keys of what was written to topics from which compaction takes records: what tells a record that compaction may
// have taken before anybody read it from one that is lost.

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// mostKeys bounds how many keys of a topic are kept. Of later records it is not known whether compaction took them.
const mostKeys = 1 << 18

// keyed is a record of which the key is kept.
type keyed struct {
	offset int64
	key    journal.Key
	sent   time.Duration // not before then
}

// keptKeys are those of all topics. The zero value is ready.
//
// Memory: 24 bytes for each record of a compacted topic, up to mostKeys of each topic.
type keptKeys struct {
	mu       sync.Mutex
	compacts map[string]bool // topics that the scenario made or took over so
	of       map[string]map[int32][]keyed
	kept     map[string]int
	before   map[string][]keysOfLife
}

// keysOfLife are the keys of a topic before one was made under its name.
type keysOfLife struct {
	made time.Duration // when that was asked for
	of   map[int32][]keyed
}

// compacted tells that compaction takes records from a topic.
func (k *keptKeys) compacted(topic string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.compacts == nil {
		k.compacts = map[string]bool{}
	}
	k.compacts[topic] = true
}

// wanted is true of a topic whose keys are kept. It may be asked of any.
func (k *keptKeys) wanted(topic string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.compacts[topic]
}

func (k *keptKeys) add(topic string, partition int32, first int64, sent time.Duration, keys ...journal.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil {
		k.of, k.kept = map[string]map[int32][]keyed{}, map[string]int{}
	}
	if k.of[topic] == nil {
		k.of[topic] = map[int32][]keyed{}
	}
	for i, key := range keys {
		if k.kept[topic] == mostKeys {
			return
		}
		k.kept[topic]++
		k.of[topic][partition] = append(k.of[topic][partition], keyed{first + int64(i), key, sent})
	}
}

// see takes the keys of a batch that the wire saw.
func (k *keptKeys) see(batch journal.Fact, keys []journal.Key) {
	if inLog(&batch, batch.Topic) && int64(len(keys)) == batch.Count {
		k.add(batch.Topic, batch.Partition, batch.Offset, batch.Request.Sent, keys...)
	}
}

// turnOver begins anew with a topic that was made again.
func (k *keptKeys) turnOver(topic string, made time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.before == nil {
		k.before = map[string][]keysOfLife{}
	}
	if k.compacts[topic] || len(k.of[topic]) > 0 {
		k.before[topic] = append(k.before[topic], keysOfLife{made, k.of[topic]})
	}
	delete(k.of, topic)
}

// earlier tells what compaction may have taken, of known records of a topic before one was made under its name.
func (k *keptKeys) earlier(topic string, made time.Duration, known cursor) (may, unsure cursor) {
	k.mu.Lock()
	defer k.mu.Unlock()
	may, unsure = cursor{}, cursor{}
	for _, l := range k.before[topic] {
		if l.made != made {
			continue
		}
		for p, spans := range known {
			log := newCleanedLog(inForceOf(l.of[p], spans), spans, nil, 0)
			for i, r := range log.kept {
				if log.next[i] >= 0 || r.key.Tombstone() {
					may[p] = append(may[p], span{r.offset, r.offset + 1})
				}
			}
			unsure[p] = minus(spans, log.explains)
		}
	}
	return may.merged(), unsure
}

// inForce are the kept keys of a topic's partition that are of known records, in order of offsets, each once.
func (k *keptKeys) inForce(topic string, partition int32, known []span) (all []keyed) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return inForceOf(k.of[topic][partition], known)
}

func inForceOf(kept []keyed, known []span) []keyed {
	all := slices.Clone(kept)
	slices.SortStableFunc(all, func(a, b keyed) int { return cmp.Compare(a.offset, b.offset) })
	all = slices.CompactFunc(all, func(a, b keyed) bool { return a.offset == b.offset })
	return slices.DeleteFunc(all, func(r keyed) bool {
		for len(known) > 0 && known[0].to <= r.offset {
			known = known[1:]
		}
		return len(known) == 0 || r.offset < known[0].from
	})
}

// cleaning tells of the records that are gone from a compacted topic whether compaction may have taken them unread.
type cleaning map[int32]*cleanedLog

// cleanedLog is what is known of the keys of one partition.
type cleanedLog struct {
	kept     []keyed
	next     []int                 // of each of them, the place of the next one with its key; -1: none
	latest   map[journal.Key]int64 // the last record with a key, of those kept
	unkept   map[journal.Key]bool  // keys of which a record is in the log that was not kept
	explains []span                // offsets of which it is known what they held, kept keys and what is no record
	blind    int64                 // before it is an offset of which that is not known, and that is not in the log
	seen     int64                 // the log was read up to there
}

// cleaning reads the topic for its keys. Nil: nothing is compacted.
func (t *Topic) cleaning(ctx context.Context, start, end Offsets) (cleaning, error) {
	if compacted, err := t.isCompacted(ctx); err != nil || !compacted {
		return nil, err
	}
	firsts, err := t.firsts(ctx)
	if err != nil {
		return nil, err
	}
	all, known, taken := cleaning{}, t.known(), t.taken().merged()
	for p := range end {
		partition := int32(p)
		all[partition] = newCleanedLog(t.world.keys.inForce(t.Name, partition, known[partition]), known[partition],
			taken[partition], max(firsts.At(p), 0))
	}
	if err := t.read(ctx, nil, start, end, func(r *record.Record) { all[r.Partition].see(r) }); err != nil {
		return nil, err
	}
	for p := range end {
		all[int32(p)].gap(end[p])
	}
	return all, nil
}

// isCompacted asks once for each topic, and not in the name of a step.
func (t *Topic) isCompacted(ctx context.Context) (bool, error) {
	if t.compacts == nil {
		policy, err := t.cleanupPolicy(ctx)
		if err != nil {
			return false, err
		}
		compacts := compactsBy(policy)
		t.compacts = &compacts
	}
	return *t.compacts, nil
}

func newCleanedLog(kept []keyed, known, taken []span, start int64) *cleanedLog {
	l := &cleanedLog{kept: kept, next: make([]int, len(kept)), latest: make(map[journal.Key]int64, len(kept)),
		unkept: map[journal.Key]bool{}, explains: minus(taken, known), seen: start}
	last := make(map[journal.Key]int, len(kept))
	for i := len(kept) - 1; i >= 0; i-- {
		key := kept[i].key.Alone()
		later, any := last[key]
		if l.next[i] = -1; any {
			l.next[i] = later
		} else {
			l.latest[key] = kept[i].offset
		}
		last[key] = i
	}
	for _, r := range kept {
		l.explains = append(l.explains, span{r.offset, r.offset + 1})
	}
	l.explains = cursor{0: l.explains}.merged()[0]
	return l
}

// see takes a record that is in the log.
func (l *cleanedLog) see(r *record.Record) {
	l.gap(r.Offset)
	l.seen = r.Offset + 1
	key := journal.KeyOf(r.Key, r.Value).Alone()
	if last, any := l.latest[key]; any {
		l.latest[key] = max(last, r.Offset)
		if _, kept := l.at(r.Offset); !kept {
			l.unkept[key] = true
		}
	}
}

// gap looks at what is not in the log up to an offset.
func (l *cleanedLog) gap(to int64) {
	if l.seen >= to {
		return
	}
	if left := minus([]span{{l.seen, to}}, l.explains); len(left) > 0 {
		l.blind = left[len(left)-1].to
	}
}

func (l *cleanedLog) at(offset int64) (int, bool) {
	return slices.BinarySearchFunc(l.kept, offset, func(r keyed, offset int64) int {
		return cmp.Compare(r.offset, offset)
	})
}

// of tells of a record that is gone.
func (c cleaning) of(partition int32, offset int64) verdict.Cleaned {
	l := c[partition]
	if l == nil {
		return verdict.Cleaned{}
	}
	at, any := l.at(offset)
	if !any || l.kept[at].key.Alone() == 0 {
		return verdict.Cleaned{Unsure: true}
	}
	r := l.kept[at]
	switch key := r.key.Alone(); {
	case r.key.Tombstone():
		return verdict.Cleaned{May: true, Until: r.sent}
	case l.latest[key] > offset && l.next[at] >= 0 && l.blind <= offset && !l.unkept[key]:
		return verdict.Cleaned{May: true, Until: l.kept[l.next[at]].sent}
	case l.latest[key] > offset:
		return verdict.Cleaned{May: true}
	}
	return verdict.Cleaned{Unsure: l.blind > offset}
}

// minus is what spans have that others do not; both are in order.
func minus(spans, others []span) (left []span) {
	for _, s := range spans {
		at := sort.Search(len(others), func(i int) bool { return others[i].to > s.from })
		for ; at < len(others) && others[at].from < s.to; at++ {
			if others[at].from > s.from {
				left = append(left, span{s.from, others[at].from})
			}
			s.from = others[at].to
		}
		if s.from < s.to {
			left = append(left, s)
		}
	}
	return left
}
