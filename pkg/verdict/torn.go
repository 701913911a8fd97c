package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Torn judges that the transactions of producers are whole for who reads committed records: of one that was committed
// every record that was acknowledged in it can be read, on every topic and partition; of one that was aborted none can;
// and of one whose end is not known, all or none. What stands behind a last stable offset is not judged yet, and what
// retention, deletion or compaction may have taken counts as there. What stands behind the end of the log is lost.
//
// The end of a transaction is that of its EndTxn that was answered, or the InitProducerId that came next, which aborts
// it: unless an EndTxn before it had no answer, when its end is not known. Offsets that a transaction commits for a
// group are not looked at.
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

// transaction is one whose end is being looked for, or was found.
type transaction struct {
	id      string
	batches []*journal.Fact
	end     string // committed, aborted; "" for one whose end is not known
	over    bool
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
	for _, t := range j.transactions() {
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

// transactions replays the facts, in the order of sending.
func (j *Torn) transactions() (all []*transaction) {
	slices.SortStableFunc(j.facts, func(a, b *journal.Fact) int {
		return cmp.Compare(sentAt(a), sentAt(b))
	})
	open := map[string]*transaction{}
	of := func(id string) *transaction {
		if open[id] == nil {
			open[id] = &transaction{id: id}
			all = append(all, open[id])
		}
		return open[id]
	}
	asked := map[string]bool{} // an EndTxn had no answer that says what it did
	for _, f := range j.facts {
		switch d := f.Detail.(type) {
		case *journal.Attempt:
			if d.TransactionalID != "" && OutcomeOf(f) == Written && f.Offset >= 0 && f.Count > 0 {
				t := of(d.TransactionalID)
				t.batches = append(t.batches, f)
			}
		case *journal.Transaction:
			ends := f.Request.API == "EndTxn" || f.Request.API == "InitProducerID"
			if !ends || d.TransactionalID == "" {
				continue
			}
			answered := f.Request.Outcome == journal.Answered && d.Code == 0
			t := of(d.TransactionalID)
			switch {
			case !answered:
				asked[t.id] = asked[t.id] || f.Request.API == "EndTxn" && d.Commit
				continue
			case f.Request.API == "EndTxn" && d.Commit:
				t.end = "committed"
			case !asked[t.id]:
				t.end = "aborted"
			}
			t.over = true
			delete(open, t.id)
			delete(asked, t.id)
		}
	}
	return all
}

func sentAt(f *journal.Fact) time.Duration { return f.Request.Sent }

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
	records := fmt.Sprintf("%d of %s", visible, count(there+missing, "record"))
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
