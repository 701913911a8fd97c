package world

// Batches of which no fact is kept, as their writer has written many: which offsets they took is still known.

import (
	"slices"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// spilt are such batches, by topic. The zero value is ready.
//
// Memory: 16 bytes for each run of consecutive offsets, and what open transactions hold.
type spilt struct {
	mu      sync.Mutex
	written map[string]cursor // in force
	taken   map[string]cursor // also of transactions, whatever became of them, and of their markers
	open    map[string][]spiltBatch
	before  map[string][]spiltLife
	kept    map[string]bool // transactional ids of facts that are kept: how they end is to be kept as well
}

type spiltBatch struct {
	topic     string
	partition int32
	span      span
}

// spiltLife is what was written to a topic before one was made under its name.
type spiltLife struct {
	made    time.Duration // when that was asked for
	written cursor
}

func put(topics map[string]cursor, b spiltBatch) map[string]cursor {
	if topics == nil {
		topics = map[string]cursor{}
	}
	if topics[b.topic] == nil {
		topics[b.topic] = cursor{}
	}
	all := topics[b.topic][b.partition]
	if n := len(all); n > 0 && all[n-1].from <= b.span.from && b.span.from <= all[n-1].to {
		all[n-1].to = max(all[n-1].to, b.span.to)
	} else {
		topics[b.topic][b.partition] = append(all, b.span)
	}
	return topics
}

// see takes what the wire saw, and whether its fact is kept.
func (s *spilt) see(f *journal.Fact, kept bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch d := f.Detail.(type) {
	case *journal.Attempt:
		if kept {
			s.holds(d.TransactionalID)
		} else if inLog(f, f.Topic) {
			s.add(d, spiltBatch{f.Topic, f.Partition, span{f.Offset, f.Offset + f.Count}})
		}
	case *journal.Commit:
		if kept {
			s.holds(d.TransactionalID)
		}
	case *journal.Transaction:
		if !endsTransaction(f) {
			return
		}
		if d.Commit {
			for _, b := range s.open[d.TransactionalID] {
				s.written = put(s.written, b)
			}
		}
		delete(s.open, d.TransactionalID)
		delete(s.kept, d.TransactionalID)
	case nil:
		if f.Kind == journal.TopicMade && f.Error == "" && f.Request != nil {
			s.turnOver(f.Topic, f.Request.Sent)
		}
	}
}

func (s *spilt) holds(transactionalID string) {
	if transactionalID == "" {
		return
	}
	if s.kept == nil {
		s.kept = map[string]bool{}
	}
	s.kept[transactionalID] = true
}

func (s *spilt) add(d *journal.Attempt, b spiltBatch) {
	if d.TransactionalID == "" {
		s.written, s.taken = put(s.written, b), put(s.taken, b)
		return
	}
	if s.open == nil {
		s.open = map[string][]spiltBatch{}
	}
	s.open[d.TransactionalID] = append(s.open[d.TransactionalID], b)
	b.span.to++ // its marker may be the next one
	s.taken = put(s.taken, b)
}

// ends is true of the end of a transaction whose facts are kept.
func (s *spilt) ends(f *journal.Fact) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := f.Detail.(*journal.Transaction)
	return ok && s.kept[d.TransactionalID] && endsTransaction(f)
}

func (s *spilt) turnOver(topic string, made time.Duration) {
	if len(s.written[topic]) > 0 {
		if s.before == nil {
			s.before = map[string][]spiltLife{}
		}
		s.before[topic] = append(s.before[topic], spiltLife{made, s.written[topic]})
	}
	delete(s.written, topic)
	delete(s.taken, topic)
	for id, all := range s.open {
		s.open[id] = slices.DeleteFunc(all, func(b spiltBatch) bool { return b.topic == topic })
	}
}

// remade tells that another topic was made under a name, and that nobody was seen to.
func (s *spilt) remade(topic string, made time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turnOver(topic, made)
}

// of adds what a topic has of them.
func (s *spilt) of(topic string, all cursor) { s.addTo(all, func() cursor { return s.written[topic] }) }

// takenOf adds the offsets that they take in a topic.
func (s *spilt) takenOf(topic string, all cursor) {
	s.addTo(all, func() cursor { return s.taken[topic] })
}

// earlier adds what was written to a topic before one was made under its name at that time.
func (s *spilt) earlier(topic string, made time.Duration, all cursor) {
	s.addTo(all, func() cursor {
		for _, l := range s.before[topic] {
			if l.made == made {
				return l.written
			}
		}
		return nil
	})
}

func (s *spilt) addTo(all cursor, which func() cursor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p, spans := range which() {
		all[p] = append(all[p], spans...)
	}
	all.merged()
}
