package benchmark

import (
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// recordPool lends the memory of received records again: a record takes twice the room of 100 bytes, and would be most
// of the garbage.
type recordPool struct {
	mu   sync.Mutex
	free [][]kgo.Record
	held int // records that free has room for
}

const (
	// poolStep is what sizes are rounded up to, so that what is given back mostly fits.
	poolStep = 256
	// poolMost bounds what is held, in records: as many small ones as two fetches of fetchBytes bring, in 10 MiB.
	poolMost = 64 << 10
	// fetchBytes is how much a broker sends at most in answer to a fetch, of which two are on their way. With the client's
	// 50 MiB a consumer that falls behind once gets 1 MiB of each partition, and holds three times that in records; with 1
	// MiB in all, records of 1 KiB come half as fast.
	fetchBytes = 4 << 20
)

// GetRecords returns memory for n records.
func (p *recordPool) GetRecords(n int) []kgo.Record {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.free) - 1; i >= 0; i-- {
		if cap(p.free[i]) >= n {
			return p.take(i)
		}
	}
	if len(p.free) > 0 { // a larger one takes the place of one that is too small
		p.take(0)
	}
	return make([]kgo.Record, 0, (n+poolStep-1)/poolStep*poolStep)
}

func (p *recordPool) take(i int) []kgo.Record {
	records, last := p.free[i], len(p.free)-1
	p.free[i], p.free[last] = p.free[last], nil
	p.free = p.free[:last]
	p.held -= cap(records)
	return records
}

// PutRecords takes memory back.
func (p *recordPool) PutRecords(records []kgo.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held+cap(records) <= poolMost {
		p.free = append(p.free, records)
		p.held += cap(records)
	}
}
