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

// Sync sends records and waits for their outcomes: for each the error, nil once it is acknowledged. When ctx ends, its
// error is that of those whose outcome is not known. The client's own ProduceSync goes on waiting for records that are
// on their way, for ever where no broker answers any more.
func Sync(ctx context.Context, client Client, records ...*kgo.Record) []error {
	outcomes := make([]chan error, len(records))
	for i, r := range records {
		outcomes[i] = make(chan error, 1)
		client.Produce(ctx, r, func(_ *kgo.Record, err error) { outcomes[i] <- err })
	}
	errs := make([]error, len(records))
	for i, outcome := range outcomes {
		select {
		case errs[i] = <-outcome:
		case <-ctx.Done():
			select {
			case errs[i] = <-outcome:
			default:
				errs[i] = context.Cause(ctx)
			}
		}
	}
	return errs
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
