package stateful

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Emitter takes what a task writes, for the transaction that is under way.
type Emitter interface {
	// Emit writes a record to its topic. It must not be changed any more.
	Emit(r *kgo.Record)
	// Changelog writes an entry of the task's state: the new value of a key, or nil to remove it.
	Changelog(key, value []byte)
}

// emitter is the Emitter of a task.
type emitter struct {
	session *session
	task    *task
}

func (e emitter) Emit(r *kgo.Record) {
	e.task.touched = true
	if err := e.session.begin(); err != nil {
		e.session.fail(err)
		return
	}
	e.session.client.Produce(context.Background(), r, e.session.written)
}

func (e emitter) Changelog(key, value []byte) {
	e.Emit(&kgo.Record{Topic: e.session.options.Changelog, Partition: e.task.partition, Key: key, Value: value})
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
	err := s.client.Flush(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.failed, err)
}
