package verdict

import (
	"hash/maphash"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// laneKey is a key of a partition of the input, and a partition of the output.
type laneKey struct {
	key      uint64
	from, to int32
}

// pairs looks for two different records of one key of a partition of the input that are in one partition of the output:
// only such have an order that can be wrong. Behind mostSingle records it takes some to be there.
type pairs struct {
	found  bool
	keys   map[uint64]laneKey // of the input's records, by what tells them from others
	seen   map[laneKey]uint64 // the first that the output has of them
	before map[uint64][]int32 // partitions of records of the output that the input has not had yet
	count  int                // of before
}

func newPairs() pairs {
	return pairs{keys: map[uint64]laneKey{}, seen: map[laneKey]uint64{}, before: map[uint64][]int32{}}
}

func (p *pairs) input(hash hasher, r *record.Record, identity uint64) {
	if p.found {
		return
	}
	if len(p.keys) == mostSingle {
		*p = pairs{found: true}
		return
	}
	if _, known := p.keys[identity]; known {
		return
	}
	p.keys[identity] = laneKey{maphash.Bytes(hash.header, r.Key), r.Partition, 0}
	for _, to := range p.before[identity] {
		p.output(to, identity)
	}
}

// output takes a record that may be one of the input.
func (p *pairs) output(partition int32, identity uint64) {
	if p.found {
		return
	}
	at, known := p.keys[identity]
	if !known {
		if p.count++; p.count > mostSingle {
			*p = pairs{found: true}
			return
		}
		p.before[identity] = append(p.before[identity], partition)
		return
	}
	at.to = partition
	if first, is := p.seen[at]; is && first != identity {
		*p = pairs{found: true}
		return
	}
	p.seen[at] = identity
}
