package stateful

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/slab"
)

// Emitter takes what a task writes, for the transaction that is under way. It is for one goroutine at a time.
type Emitter interface {
	// Record lends an empty record, and empty memory for its value, to be filled and given to Emit: one at a time. That
	// keeps the garbage collector out of applications that write much.
	Record() (r *kgo.Record, memory []byte)
	// Emit writes a record to its topic. It must not be changed any more.
	Emit(r *kgo.Record)
	// Changelog writes an entry of the task's state: the new value of a key, or nil to remove it.
	Changelog(key, value []byte)
}

const (
	usualSize = 256 // bytes that are lent with a record
	// atOnce is how many records the client is given in a row. It takes locks for each, and a lock waits for all that was
	// written to memory before it.
	atOnce = 64
)

// emitter is the Emitter of a task.
type emitter struct {
	session *session
	task    *task

	slab   *slab.Slab
	lent   *kgo.Record // by Record, and not emitted yet
	memory []byte
	done   func(*kgo.Record, error) // session.written
	back   func(*kgo.Record, error) // done, and takes what is lent back

	emitted *[]emitted // and not handed to the client yet; of all tasks where they keep an order among them
}

type emitted struct {
	record  *kgo.Record
	written func(*kgo.Record, error)
}

func newEmitter(s *session, t *task) *emitter {
	e := &emitter{session: s, task: t, done: s.written, slab: slab.New(usualSize, 1), emitted: new([]emitted)}
	if s.options.AcrossTasks {
		e.emitted = &s.emitted
	}
	return e
}

func (e *emitter) Record() (r *kgo.Record, memory []byte) {
	if e.lent == nil {
		e.lent, e.memory, e.back = e.slab.Next(0, e.done)
	}
	*e.lent = kgo.Record{}
	return e.lent, e.memory[:0]
}

func (e *emitter) Emit(r *kgo.Record) {
	e.task.touched = true
	written := e.done
	if r == e.lent {
		written, e.lent = e.back, nil
	}
	if *e.emitted = append(*e.emitted, emitted{r, written}); len(*e.emitted) == atOnce {
		e.send()
	}
}

// send hands over what was emitted.
func (e *emitter) send() {
	if len(*e.emitted) == 0 {
		return
	}
	if err := e.session.begin(); err != nil {
		e.session.fail(err)
	} else {
		for _, one := range *e.emitted {
			e.session.client.Produce(context.Background(), one.record, one.written)
		}
	}
	clear(*e.emitted)
	*e.emitted = (*e.emitted)[:0]
}

func (e *emitter) Changelog(key, value []byte) {
	r, _ := e.Record()
	r.Topic, r.Partition, r.Key, r.Value = e.session.options.Changelog, e.task.partition, key, value
	e.Emit(r)
}

// written is told what became of a record.
func (s *session) written(r *kgo.Record, err error) {
	if err != nil {
		s.fail(fmt.Errorf("write to topic %s, key %q: %w", r.Topic, r.Key, err))
	}
}

func (s *session) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
}

// flush waits until everything that was emitted is written, and tells what became of it.
func (s *session) flush(ctx context.Context) error {
	for _, t := range s.tasks {
		t.out.send()
	}
	err := s.client.Flush(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.failed, err)
}
