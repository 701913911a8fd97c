package benchmark

import (
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// fetchBytes is how much a broker sends at most in answer to a fetch, of which two are on their way. With the client's
// 50 MiB a consumer that falls behind once gets 1 MiB of each partition, and holds three times that in records; with 1
// MiB in all, records of 1 KiB come half as fast.
const fetchBytes = 4 << 20

// recordPool lends the memory of received records again: a record takes twice the room of 100 bytes, and would be most
// of the garbage.
type recordPool struct{ free sync.Pool }

// poolStep is what sizes are rounded up to, so that what is given back mostly fits.
const poolStep = 256

// GetRecords returns memory for n records.
func (p *recordPool) GetRecords(n int) []kgo.Record {
	if records, _ := p.free.Get().(*[]kgo.Record); records != nil && cap(*records) >= n {
		return *records
	}
	return make([]kgo.Record, 0, (n+poolStep-1)/poolStep*poolStep)
}

// PutRecords takes memory back.
func (p *recordPool) PutRecords(records []kgo.Record) { p.free.Put(&records) }
