// Package produce has what applications that send many records share.
package produce

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Client is the part of a client that sends. A *kgo.Client is one; another may be put around it.
type Client interface {
	// Produce takes a record, and calls promise when it knows the outcome.
	Produce(ctx context.Context, record *kgo.Record, promise func(*kgo.Record, error))
	// Flush waits until the outcome of each record is known. Its only error is that ctx ended.
	Flush(ctx context.Context) error
}

// Around puts one client around another; nil leaves it as it is.
type Around func(Client) Client

// Client is what to send with.
func (a Around) Client(client Client) Client {
	if a == nil {
		return client
	}
	return a(client)
}

// Unknown tells whether an error leaves open what became of a record: the client gave up before it heard, and the
// record may be in the log or not. With any other error it never will be.
func Unknown(err error) bool {
	for _, open := range []error{context.Canceled, context.DeadlineExceeded, kgo.ErrClientClosed, kgo.ErrRecordTimeout,
		kgo.ErrRecordRetries} {
		if errors.Is(err, open) {
			return true
		}
	}
	return false
}

// Every calls do at an interval, until the function it returns is called, which waits for the last call.
func Every(interval time.Duration, do func()) (stop func()) {
	ended := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				do()
			case <-ended:
				return
			}
		}
	})
	return func() { close(ended); running.Wait() }
}
