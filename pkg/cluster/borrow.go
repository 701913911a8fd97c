package cluster

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Borrowed is a client in the hands of one scenario. Opening its connections takes longer than most of what a scenario
// asks, so shared clusters keep clients and lend them to one scenario after the other.
type Borrowed struct {
	*kgo.Client
	Used bool // some scenario had it before

	keep func() bool // takes it back; nil or false: it is to be closed
	mine func() bool // false: the session closes it; nil: it does not
}

// Close ends the client, unless its session does.
func (b *Borrowed) Close() {
	if b.mine == nil || b.mine() {
		b.Client.Close()
	}
}

// Return gives a client back; topics are those it has read or written. A client that still has something to send is
// closed, and so is one whose brokers were disturbed.
func (b *Borrowed) Return(topics ...string) {
	if b.keep == nil || b.BufferedProduceRecords() > 0 {
		b.Close()
		return
	}
	b.PurgeTopicsFromClient(topics...)
	if !b.keep() {
		b.Close()
	}
}

// Borrow implements Session. The client belongs to the cluster.
func (s *sharedSession) Borrow(ctx context.Context, use string, opts ...kgo.Opt) (*Borrowed, error) {
	client := s.shared.lend(use)
	used := client != nil
	if !used {
		options, err := s.options(opts)
		if err != nil {
			return nil, err
		}
		again := unlabelled(ctx) // what it begins goes on for other scenarios
		client, err = kgo.NewClient(options...)
		again()
		if err != nil {
			return nil, err
		}
	}
	return &Borrowed{Client: client, Used: used, keep: func() bool {
		return !s.disturbed.Load() && s.shared.takeBack(use, client)
	}}, nil
}

// lend returns a client that was given back; nil: there is none.
func (s *shared) lend(use string) *kgo.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.kept[use]
	if len(kept) == 0 {
		return nil
	}
	s.kept[use] = kept[:len(kept)-1]
	return kept[len(kept)-1]
}

// takeBack keeps a client for the next scenario. It reports false at the end of the run, when nobody needs it.
func (s *shared) takeBack(use string, client *kgo.Client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cleaning.Err() != nil {
		return false
	}
	s.kept[use] = append(s.kept[use], client)
	return true
}

// dismiss closes the clients that are kept: those of brokers that are gone would wait for them.
func (s *shared) dismiss() {
	s.mu.Lock()
	kept := s.kept
	s.kept = map[string][]*kgo.Client{}
	s.mu.Unlock()
	for _, clients := range kept {
		for _, client := range clients {
			client.Close()
		}
	}
}
