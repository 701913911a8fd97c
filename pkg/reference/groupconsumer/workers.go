package groupconsumer

import (
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// worker processes the records of one partition, in order, for as long as this member owns it.
type worker struct {
	batches chan batch // holds one: more is fetched only when all workers are done
	stop    chan struct{}
	ended   chan struct{} // closed when nothing is in hand any more
}

// batch is what one fetch brought of a partition. done is called once, also when records of it are left.
type batch struct {
	records []*kgo.Record
	done    func()
}

func (w *worker) run(c *consumer, at group.Place) {
	for {
		select {
		case b := <-w.batches:
			w.work(c, at, b)
		case <-w.stop:
			select {
			case b := <-w.batches: // it came just before: the next owner's
				b.done()
			default:
			}
			return
		}
	}
}

// work processes records until there are no more or the partition is given up. What it leaves has no mark, and is the
// next owner's.
func (w *worker) work(c *consumer, at group.Place, b batch) {
	defer b.done()
	for i, r := range b.records {
		select {
		case <-w.stop:
			return
		default:
		}
		if c.settings.Work > 0 {
			<-time.After(c.settings.Work) // the simulated work
		}
		c.log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset, "key", string(r.Key))
		c.mark(at, c.Mark(b.records, i))
	}
}
