// Package slab lends the memory of records that are produced at full speed.
//
// A million small pieces of memory would keep the garbage collector busier than the broker, so records and values come
// in large blocks, and a block is used again once the client is done with all its records.
package slab

import (
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kgo"
)

// blockRecords is how many records at most share a block, which has room for one value or, of smaller ones, for
// blockBytes; freeBlocks is how many blocks are kept: more than enough for all that a client buffers.
const (
	blockRecords = 64
	blockBytes   = 64 << 10
	freeBlocks   = 1024
)

// Slab makes records for one goroutine.
type Slab struct {
	size    int // bytes of a usual value
	records int // of a block
	free    chan *block
	filled  []*block // by lane
}

// block is the memory of some records.
type block struct {
	records []kgo.Record
	values  []byte
	used    int          // how many records are handed over
	left    atomic.Int32 // how many of all of them are not done
	promise func(*kgo.Record, error)
}

// New makes a slab for values of a size; longer ones are allowed and get memory of their own. Records of one lane are
// expected to be done in about the order in which they are made, as those of a partition are: a block is free when its
// last record is done, so that one slow partition among many would hold back the blocks of all if they shared them.
func New(size, lanes int) *Slab {
	return &Slab{size: size, records: min(max(blockBytes/max(size, 1), 1), blockRecords),
		free: make(chan *block, freeBlocks), filled: make([]*block, lanes)}
}

// Next returns an empty record of a lane, memory for its value, and the promise to send it with: done, and then the
// block may be used again. So done must not keep the record. It must be the same in each call.
func (s *Slab) Next(lane int, done func(*kgo.Record, error)) (record *kgo.Record, value []byte,
	promise func(*kgo.Record, error)) {
	b := s.filled[lane]
	if b == nil {
		b = s.block(done)
		s.filled[lane] = b
	}
	record, value = &b.records[b.used], b.values[b.used*s.size:b.used*s.size:(b.used+1)*s.size]
	if b.used++; b.used == s.records { // it goes to whichever lane needs one, once its records are done
		s.filled[lane] = nil
	}
	return record, value, b.promise
}

func (s *Slab) block(done func(*kgo.Record, error)) *block {
	var b *block
	select {
	case b = <-s.free:
		clear(b.records)
	default:
		b = &block{records: make([]kgo.Record, s.records), values: make([]byte, s.records*s.size)}
		b.promise = func(record *kgo.Record, err error) {
			done(record, err)
			if b.left.Add(-1) == 0 {
				select {
				case s.free <- b:
				default:
				}
			}
		}
	}
	b.used = 0
	b.left.Store(int32(s.records))
	return b
}
