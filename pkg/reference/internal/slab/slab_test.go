package slab

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// A lane whose records are not done holds no memory of another one back, and memory is used again only when all its
// records are done.
func TestOneSlowLaneHoldsNoOtherBack(t *testing.T) {
	s, done := New(10, 2), 0
	count := func(*kgo.Record, error) { done++ }
	slow := map[*kgo.Record]bool{}
	blocks := map[*block]bool{} // of both
	for i := range 20 * blockRecords {
		record, _, _ := s.Next(0, count)
		slow[record] = true
		record, value, promise := s.Next(1, count)
		if slow[record] || record.Value != nil || len(value) != 0 || cap(value) != 10 {
			t.Fatalf("got record %d %v and %d of %d bytes, want an empty one with room for 10", i, record, len(value),
				cap(value))
		}
		record.Value = append(value, "0123456789"...)
		for _, b := range s.filled {
			if b != nil {
				blocks[b] = true
			}
		}
		promise(record, nil)
	}
	if len(blocks) > 20+2 || len(slow) != 20*blockRecords || done != 20*blockRecords {
		t.Errorf("got %d blocks, %d records of the slow lane and %d of the other done, want at most 22, %d and %d",
			len(blocks), len(slow), done, 20*blockRecords, 20*blockRecords)
	}
}

// Of large values a block holds few.
func TestBlocksAreOfModestSize(t *testing.T) {
	for size, want := range map[int]int{0: blockRecords, 100: blockRecords, 16 << 10: 4, 1 << 20: 1} {
		if got := New(size, 1).records; got != want {
			t.Errorf("got %d records of %d bytes in a block, want %d", got, size, want)
		}
	}
}
