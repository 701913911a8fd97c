package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Polls judges the positions at which one application asks a topic for records, by what it says to the cluster. Within
// one assignment of a partition it must
//
//   - ask next for what follows what it was given: who asks for a later offset never gets the records in between, which
//     is a poll skip if there are any that can be read;
//   - not go back behind what it had committed or said to have processed, which is a non-monotonic poll. Less far
//     is legal: clients drop what they have fetched, as when a partition is paused, and fetch it again.
//
// An assignment begins when the group gives the partition, when the application starts, and when the log no longer has
// the position (OFFSET_OUT_OF_RANGE), so that the client must reset it. One that the application makes itself is seen
// only where no group gives it partitions: where it goes back to where an assignment of this life had begun, and where
// another consumer begins, by a connection of its own, no earlier than at the last end of the log that the one before
// was told of. A seek is not seen: it is a jump as any other.
// What was done in a transaction that is aborted is not done. An answer that cannot be read ends what is
// known of the position. Two consumers in one application are told apart by their connections: one that begins to read
// while another one still does has a position of its own. A connection that is closed after one more request reads no
// more: its client had given that up, and may have been overtaken. What one of them was given, none has skipped.
//
// Memory: a bit for each offset, one fact per fetch.
type Polls struct {
	app    string
	exists *Records
	moves  map[int32][]move
	all    []move // of every partition
	closed map[uint64]time.Duration
	alone  bool // no group gives it partitions
}

// move is something that changes or shows a position; offset is the next one to read.
type move struct {
	at     time.Duration
	kind   moveKind
	offset int64
	what   string // of done: what was done
	fetch  *journal.Fact
}

type moveKind int

const (
	begun  moveKind = iota // an assignment; the position may be anywhere
	undone                 // what was done is not
	done                   // everything below offset was processed, or committed
	fetched
)

// NewPolls judges one application on one topic.
func NewPolls(app, topic string) *Polls {
	return &Polls{app: app, exists: NewRecords(topic), moves: map[int32][]move{},
		closed: map[uint64]time.Duration{}}
}

// Input takes a record that can be read.
func (j *Polls) Input(r *record.Record) { j.exists.Input(r) }

// Alone tells that the application assigns partitions to itself.
func (j *Polls) Alone() { j.alone = true }

// Begun tells that a partition is read anew, from wherever.
func (j *Polls) Begun(partition int32, at time.Duration) {
	j.moved(partition, move{at: at, kind: begun})
}

// Started tells that the application began a life.
func (j *Polls) Started(at time.Duration) { j.all = append(j.all, move{at: at, kind: begun}) }

// Aborted tells that a transaction of the application was aborted.
func (j *Polls) Aborted(at time.Duration) { j.all = append(j.all, move{at: at, kind: undone}) }

// Processed tells that the application has finished a record.
func (j *Polls) Processed(partition int32, offset int64, at time.Duration) {
	j.moved(partition, move{at: at, kind: done, offset: offset + 1, what: fmt.Sprintf("processed offset %d", offset)})
}

// Committed tells that the application sent a commit, which the group took; offset is the next one to read.
func (j *Polls) Committed(partition int32, offset int64, sent time.Duration) {
	j.moved(partition, move{at: sent, kind: done, offset: offset, what: fmt.Sprintf("committed %d", offset)})
}

// Fetched takes what the application asked and got, a fact of the wire; other facts are passed over. It is kept.
func (j *Polls) Fetched(f *journal.Fact) {
	if _, ok := f.Detail.(*journal.Fetch); ok && f.Request != nil {
		j.moved(f.Partition, move{at: f.Request.Sent, kind: fetched, fetch: f})
	}
}

// Closed tells that a connection of the application was closed.
func (j *Polls) Closed(connection uint64, at time.Duration) { j.closed[connection] = at }

func (j *Polls) moved(partition int32, m move) { j.moves[partition] = append(j.moves[partition], m) }

// Result judges what was fed so far, in any order.
func (j *Polls) Result() Result {
	var found collector
	judged := int64(0)
	for _, partition := range slices.Sorted(maps.Keys(j.moves)) {
		moves := slices.Concat(j.all, j.moves[partition])
		slices.SortStableFunc(moves, func(a, b move) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind))
		})
		p := &polled{Polls: j, partition: partition, sent: map[uint64][]time.Duration{}, found: &found}
		for _, m := range moves {
			if m.kind == fetched {
				p.sent[m.fetch.Request.Connection] = append(p.sent[m.fetch.Request.Connection], m.at)
			}
		}
		p.begin()
		for _, m := range moves {
			if p.move(m) {
				judged++
			}
		}
	}
	return found.pronounce(fmt.Sprintf("reads of %s by %s", j.exists.topic, j.app), judged,
		fmt.Sprintf("no read of %s by %s was seen to go on", j.exists.topic, j.app))
}

// polled is how far an application is on a partition.
type polled struct {
	*Polls
	partition int32
	sent      map[uint64][]time.Duration // by connection, when it was used for this, in order
	found     *collector

	positions map[uint64]int64 // by connection, the next offset to ask for
	starts    map[int64]bool   // where assignments of this life have begun
	last      uint64           // connection
	given     offsets          // to any consumer of the application
	end       int64            // of the log, as the application was told last
	done      move             // furthest
}

func (p *polled) begin() {
	p.positions, p.starts, p.given, p.done = map[uint64]int64{}, map[int64]bool{}, offsets{}, move{}
	p.end = math.MaxInt64 // not known
}

// move reports whether it was the next read of an assignment.
func (p *polled) move(m move) bool {
	switch {
	case m.kind == begun:
		p.begin()
	case m.kind == undone:
		p.done = move{}
	case m.kind == done && m.offset > p.done.offset:
		p.done = m
	case m.kind == fetched:
		return p.fetch(m.fetch)
	}
	return false
}

func (p *polled) fetch(f *journal.Fact) (judged bool) {
	got, _ := f.Detail.(*journal.Fetch)
	connection := f.Request.Connection
	position, known := p.positions[connection]
	fresh := false
	if !known && p.over(p.last, f.Request) { // it goes on where another connection ended
		position, known = p.positions[p.last]
		fresh = known
	}
	from := f.Offset
	if from < 0 { // of a fetch session that the wire has not seen begin
		from = got.FirstOffset
	}
	switch {
	case from < 0:
	case known && p.alone && from < position && p.starts[from]: // it has assigned the partition to itself once more
		judged = true
		p.given, p.done = offsets{}, move{}
	case fresh && p.alone && from > position && from >= p.end: // another consumer begins with what is new
		judged = true
		p.starts[from], p.given, p.done = true, offsets{}, move{}
	case known:
		judged = true
		p.judge(from, position)
	default:
		p.starts[from] = true
	}
	p.last = connection
	if got.HighWatermark >= 0 {
		p.end = got.HighWatermark
	}
	switch {
	case f.Request.Outcome == journal.Unreadable, got.Code == offsetOutOfRange:
		delete(p.positions, connection)
	case from >= 0:
		p.positions[connection] = p.take(f, got, from)
	}
	return judged
}

// over says whether a connection is used no more when a request by another one is sent.
func (p *polled) over(connection uint64, request *journal.Request) bool {
	all, others := p.sent[connection], p.sent[request.Connection]
	switch first, _ := slices.BinarySearch(all, request.Sent); len(all) - first {
	case 0:
		return true
	case 1: // it may have been on its way already
		closed, ok := p.closed[connection]
		return ok && closed < others[len(others)-1]
	}
	return false
}

// offsetOutOfRange is the code of OFFSET_OUT_OF_RANGE.
const offsetOutOfRange = 1

// take notes what came, and returns the next position.
func (p *polled) take(f *journal.Fact, got *journal.Fetch, from int64) int64 {
	if f.Request.Outcome != journal.Answered || got.Code != 0 || got.LastOffset < from {
		return from
	}
	for offset := max(from, got.FirstOffset); offset <= got.LastOffset; offset++ {
		p.given.add(offset)
	}
	return got.LastOffset + 1
}

func (p *polled) judge(from, position int64) {
	if from < position && from < p.done.offset {
		p.found.add(p.exists.finding(NonMonotonicPoll, p.partition, from), "%s went back to it within one assignment, when "+
			"it had %s", p.app, p.done.what)
		p.done = move{}
	}
	if from <= position {
		return
	}
	exists := valueOf(p.exists.inputs, p.partition)
	first, n := int64(0), int64(0)
	exists.each(func(offset int64) {
		if offset >= position && offset < from && !p.given.has(offset) {
			if n == 0 {
				first = offset
			}
			n++
		}
	})
	if n > 0 {
		f := p.exists.finding(PollSkip, p.partition, first)
		f.Count = n
		p.found.add(f, "%s was given what is before offset %d, and then asked for %d: it skipped %s", p.app, position, from,
			words.Counted(n, "record"))
	}
}
