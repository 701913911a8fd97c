package benchmark

import (
	"fmt"
	"math/bits"
	"strings"
	"sync"
	"sync/atomic"
)

// Findings is what was wrong with the events of a run.
type Findings struct {
	Lost      int64 `json:"lost"`      // never received
	Repeated  int64 `json:"repeated"`  // received again
	Reordered int64 `json:"reordered"` // behind a later one of the same producer, on the same partition
	Foreign   int64 `json:"foreign"`   // records that are no event of this run

	Examples []string `json:"examples,omitempty"` // of each, the first few
}

// FindingsError says what was wrong.
type FindingsError struct{ Findings }

// Err is nil when nothing was wrong, else a *FindingsError.
func (f Findings) Err() error {
	if f.Lost+f.Repeated+f.Reordered+f.Foreign == 0 {
		return nil
	}
	return &FindingsError{f}
}

func (f *FindingsError) Error() string {
	return fmt.Sprintf("got %d events lost, %d repeated, %d reordered and %d foreign records, want none: %s; look at "+
		"acks, idempotence and retries of the producer, and for others that write the topic",
		f.Lost, f.Repeated, f.Reordered, f.Foreign, strings.Join(f.Examples, "; "))
}

// examples is how many of each are told.
const examples = 3

// check finds out whether each event came once, and in order on its partition. It takes one bit for each event and
// eight bytes for each partition and producer. Each partition is looked at by one goroutine.
type check struct {
	events    int64
	producers int64
	share     Share    // which events are expected
	seen      []uint64 // bit seq
	latest    [][]int64

	distinct atomic.Int64
	mu       sync.Mutex
	found    Findings
}

// newCheck expects the events that stand on a share's partitions. producers are those of all shares.
func newCheck(events, producers int64, partitions int32, share Share) *check {
	c := &check{events: events, producers: producers, share: share, seen: make([]uint64, (events+63)/64),
		latest: make([][]int64, partitions)}
	for p := range c.latest {
		c.latest[p] = make([]int64, producers)
		for i := range c.latest[p] {
			c.latest[p][i] = -1
		}
	}
	return c
}

// event takes an event of a partition and reports whether it is the first of its number. Producer i has the numbers i,
// i+producers, i+2*producers and so on.
func (c *check) event(partition int32, offset, seq int64) bool {
	if seq >= c.events {
		c.note(&c.found.Foreign, "seq %d at partition %d offset %d is not one of %d", seq, partition, offset, c.events)
		return false
	}
	if !c.expects(seq) {
		c.note(&c.found.Foreign, "seq %d at partition %d offset %d was sent to another partition", seq, partition, offset)
		return false
	}
	bit := uint64(1) << (seq & 63)
	if atomic.OrUint64(&c.seen[seq>>6], bit)&bit != 0 {
		c.note(&c.found.Repeated, "seq %d came again at partition %d offset %d", seq, partition, offset)
		return false
	}
	producer := int64(0)
	if c.producers > 1 {
		producer = seq % c.producers
	}
	latest := &c.latest[partition][producer]
	if seq < *latest {
		c.note(&c.found.Reordered, "seq %d at partition %d offset %d stands behind %d", seq, partition, offset, *latest)
		return true
	}
	*latest = seq
	return true
}

// expects is true of an event that its producer sent to one of the share's partitions.
func (c *check) expects(seq int64) bool {
	return !c.share.part() || c.share.Reads(int32(seq/c.producers%int64(len(c.latest))))
}

func (c *check) foreign(partition int32, offset int64, value []byte) {
	c.note(&c.found.Foreign, "no event at partition %d offset %d: %.60q", partition, offset, value)
}

func (c *check) note(count *int64, format string, arguments ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if *count++; *count <= examples {
		c.found.Examples = append(c.found.Examples, fmt.Sprintf(format, arguments...))
	}
}

// result looks for what never came.
func (c *check) result() Findings {
	found := c.found
	for word, set := range c.seen {
		missing := ^set
		if left := c.events - int64(word)*64; left < 64 {
			missing &= 1<<left - 1
		}
		for ; missing != 0; missing &= missing - 1 {
			seq := int64(word*64 + bits.TrailingZeros64(missing))
			if !c.expects(seq) {
				continue
			}
			if found.Lost++; found.Lost <= examples {
				found.Examples = append(found.Examples, fmt.Sprintf("seq %d never came", seq))
			}
		}
	}
	return found
}
