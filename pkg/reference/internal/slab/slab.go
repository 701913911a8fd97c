// Package slab lends the memory of records that are produced at full speed.
//
// A million small pieces of memory would keep the garbage collector busier than the broker, so records and values come in
// large blocks, and a block is used again once the client is done with all its records.
package slab

import (
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kgo"
)

// blockRecords is how many records share a block, and freeBlocks how many blocks are kept: more than enough for all that a
// client buffers.
const (
	blockRecords = 512
	freeBlocks   = 256
)

// Slab makes records for one goroutine.
type Slab struct {
	size   int // bytes of a usual value
	free   chan *block
	filled *block
}

// block is the memory of some records.
type block struct {
	records []kgo.Record
	values  []byte
	used    int          // how many records are handed over
	left    atomic.Int32 // how many of all of them are not done
	promise func(*kgo.Record, error)
}

// New makes a slab for values of a size; longer ones are allowed and get memory of their own.
func New(size int) *Slab { return &Slab{size: size, free: make(chan *block, freeBlocks)} }

// Next returns an empty record, memory for its value, and the promise to send it with: done, and then the block may be
// used again. So done must not keep the record. It must be the same in each call.
func (s *Slab) Next(done func(*kgo.Record, error)) (record *kgo.Record, value []byte, promise func(*kgo.Record, error)) {
	if s.filled == nil || s.filled.used == blockRecords {
		s.filled = s.block(done)
	}
	b := s.filled
	record, value = &b.records[b.used], b.values[b.used*s.size:b.used*s.size:(b.used+1)*s.size]
	b.used++
	return record, value, b.promise
}

func (s *Slab) block(done func(*kgo.Record, error)) *block {
	var b *block
	select {
	case b = <-s.free:
		clear(b.records)
	default:
		b = &block{records: make([]kgo.Record, blockRecords), values: make([]byte, blockRecords*s.size)}
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
	b.left.Store(blockRecords)
	return b
}
