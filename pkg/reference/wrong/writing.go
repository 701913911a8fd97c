package wrong

import (
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// emitter does something else with what a task writes, where emit or changelog is not nil.
type emitter struct {
	stateful.Emitter
	emit      func(out stateful.Emitter, r *kgo.Record)
	changelog func(out stateful.Emitter, key, value []byte)
}

func (e emitter) around(out stateful.Emitter) stateful.Emitter {
	e.Emitter = out
	if e.emit == nil {
		e.emit = stateful.Emitter.Emit
	}
	if e.changelog == nil {
		e.changelog = stateful.Emitter.Changelog
	}
	return &e
}

func (e *emitter) Emit(r *kgo.Record) { e.emit(e.Emitter, r) }

func (e *emitter) Changelog(key, value []byte) { e.changelog(e.Emitter, key, value) }

// task is one that writes through another emitter.
type task struct {
	stateful.Task
	emitter emitter
}

func (t task) Process(r *kgo.Record, out stateful.Emitter) error {
	return t.Task.Process(r, t.emitter.around(out))
}

func (t task) Commit(out stateful.Emitter) { t.Task.Commit(t.emitter.around(out)) }

// writing wraps tasks so that they write through e.
func writing(e emitter) func(stateful.Task) stateful.Task {
	return func(right stateful.Task) stateful.Task { return task{right, e} }
}

// observer is a task that is an Observer.
type observer struct {
	task
	right stateful.Observer
}

func (o observer) Note() string { return o.right.Note() }

func (o observer) Observe(all []stateful.Progress, out stateful.Emitter) {
	o.right.Observe(all, o.emitter.around(out))
}

// observing is writing for tasks that are Observers.
func observing(e emitter) func(stateful.Observer) stateful.Observer {
	return func(right stateful.Observer) stateful.Observer { return observer{task{right, e}, right} }
}
