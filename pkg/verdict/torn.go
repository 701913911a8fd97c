package verdict

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Torn judges that the transactions of producers are whole for who reads committed records: of one that was committed
// every record that was acknowledged in it can be read, on every topic and partition; of one that was aborted none can;
// and of one whose end is not known, all or none. What stands behind a last stable offset is not judged yet, and what
// retention, deletion or compaction may have taken counts as there. What stands behind the end of the log is lost.
//
// Offsets that a transaction commits for a group are not looked at.
//
// Memory: one fact per batch, a bit for each offset.
type Torn struct {
	name   string
	facts  []*journal.Fact
	topics map[string]map[int32]*readableLog
}

// readableLog is what can be read of a partition.
type readableLog struct {
	offsets
	start, stable, end int64
	compacted          bool
}

// NewTorn judges transactions; name says of whom.
func NewTorn(name string) *Torn {
	return &Torn{name: name, topics: map[string]map[int32]*readableLog{}}
}

// Fact takes an attempt to write or a step of a transaction, in any order; other facts are passed over. It is kept.
func (j *Torn) Fact(f *journal.Fact) {
	switch f.Detail.(type) {
	case *journal.Attempt, *journal.Transaction:
		if f.Request != nil {
			j.facts = append(j.facts, f)
		}
	}
}

// Topics are those that were written in transactions.
func (j *Torn) Topics() []string {
	names := map[string]bool{}
	for _, f := range j.facts {
		if a, ok := f.Detail.(*journal.Attempt); ok && a.TransactionalID != "" {
			names[f.Topic] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Bounds tells how far a partition's log goes: its start, taken after it was read, and its last stable offset and high
// watermark, taken before; and whether compaction may take records from it.
func (j *Torn) Bounds(topic string, partition int32, start, stable, end int64, compacted bool) {
	p := j.partition(topic, partition)
	p.start, p.stable, p.end, p.compacted = start, stable, end, compacted
}

// Readable takes a record that one who reads committed records gets.
func (j *Torn) Readable(r *record.Record) { j.partition(r.Topic, r.Partition).add(r.Offset) }

func (j *Torn) partition(topic string, partition int32) *readableLog {
	if j.topics[topic] == nil {
		j.topics[topic] = map[int32]*readableLog{}
	}
	return valueOf(j.topics[topic], partition)
}

// Result judges what was fed so far.
func (j *Torn) Result() Result {
	var found collector
	judged := int64(0)
	for _, t := range transactionsOf(j.facts) {
		if t.over && len(t.batches) > 0 {
			judged++
			j.judge(&found, t)
		}
	}
	nothing := "no transaction that wrote something was seen to end; look once one has been committed or aborted"
	if len(j.Topics()) == 0 {
		nothing = "no record was seen to be written in a transaction; have " + j.name + " write with a transactional.id " +
			"and through kafkaspec's addresses, and commit what it writes"
	}
	return found.pronounce("transactions of "+j.name, judged, nothing)
}

func (j *Torn) judge(found *collector, t *transaction) {
	var there, missing, visible int64
	var first, seen *Finding
	for _, b := range t.batches {
		p := j.partition(b.Topic, b.Partition)
		for offset := b.Offset; offset < b.Offset+b.Count; offset++ {
			at := Finding{Kind: TornTransaction, Topic: b.Topic, Partition: b.Partition, Offset: offset}
			switch {
			case p.has(offset):
				there, visible = there+1, visible+1
				if seen == nil {
					seen = &at
				}
			case offset < p.start || p.compacted:
				there++
			case offset >= p.stable && offset < p.end:
				return // not to be read yet
			default:
				missing++
				if first == nil {
					first = &at
				}
			}
		}
	}
	records := fmt.Sprintf("%d of %s", visible, words.Counted(there+missing, "record"))
	switch {
	case t.end == "aborted" && visible > 0:
		seen.Kind = AbortedRead
		found.add(*seen, "the transaction of %q was aborted, and %s can be read", t.id, records)
	case t.end == "committed" && missing > 0:
		first.Count = missing
		found.add(*first, "the transaction of %q was committed, and only %s can be read", t.id, records)
	case t.end == "" && missing > 0 && visible > 0:
		first.Count = missing
		found.add(*first, "the transaction of %q had no answer to its commit, and %s can be read", t.id, records)
	}
}
