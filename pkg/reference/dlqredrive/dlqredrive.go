// Package dlqredrive sends dead letters back to the topics they came from.
//
// It shows the other half of a dead-letter topic: once the reason of the failures is gone, the records get another
// chance. The promise: no letter is lost. An offset is committed only after the record is acknowledged; after a crash
// those since the last commit may be sent twice. A record that its topic refuses ends the application with an error;
// its letter stays uncommitted in the dead-letter topic.
//
// Each letter turns into its record again: same key, value, timestamp, partition and headers, without the headers
// that described its source and error. dlq-attempts stays, so that the next failure counts on, and so that a record
// that fails for ever can be told from one that was unlucky: letters with max-attempts attempts or more go to a
// parking topic as they are, and so do records that are no dead letters.
//
// It reads as a group, from the first letter nobody has redriven, up to the end as it is at the start, and then ends.
// Records that fail again meanwhile are letters behind that end, and wait for the next run. With follow it goes on
// until it is stopped.
package dlqredrive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// lookEvery is how often the group's progress is looked up while nothing comes: another member may do the work.
const lookEvery = 200 * time.Millisecond

// Run is the application dlq-redrive. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	r := &redrive{settings: set, env: env, log: env.Log}
	if err := r.run(ctx); err != nil && !(ctx.Err() != nil && errors.Is(err, context.Canceled)) {
		return fmt.Errorf("dlq-redrive: %w", err)
	}
	return nil // told to stop: what is not committed is redriven next time
}

type redrive struct {
	settings
	env    app.Env
	log    *slog.Logger
	client *kgo.Client
	admin  *kadm.Client
	ends   kadm.ListedOffsets // of the input at the start
	limits sync.Map           // topics that letters are sent to: string to their largest batch, int32

	redriven, parked int64
}

func (r *redrive) run(ctx context.Context) error {
	options, err := r.env.ClientOptions()
	if err != nil {
		return err
	}
	r.client, err = kgo.NewClient(append(append(options, r.Options(r.env, nil)...),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.FetchMaxWait(500*time.Millisecond), // a partition that came late to a fetch waits as long for the next
		// A transaction ends with a marker, which takes an offset as well: without it the end would never be reached.
		kgo.KeepControlRecords(),
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.MetadataMinAge(250*time.Millisecond), // a retry waits for news of the leader, which the usual 5 s would delay
		kgo.RecordPartitioner(sourcePartition{}),
		kgo.ProducerBatchMaxBytesFn(r.largestBatch),
	)...)
	if err != nil {
		return err
	}
	defer r.client.CloseAllowingRebalance()
	r.admin = kadm.NewClient(r.client)
	if _, err := topics.Describe(ctx, r.client, r.input); err != nil {
		return err
	}
	r.ends, err = r.admin.ListCommittedOffsets(ctx, r.input)
	if err == nil {
		err = r.ends.Error()
	}
	if err != nil {
		return fmt.Errorf("look up the end of topic %s: %w", r.input, err)
	}
	for ctx.Err() == nil {
		if done, err := r.done(ctx); err != nil || done {
			return err
		}
		if err := r.round(ctx); err != nil {
			return err
		}
	}
	return nil
}

// done looks up whether the group has committed all letters up to the ends, whichever member did.
func (r *redrive) done(ctx context.Context) (bool, error) {
	if r.Follow {
		return false, nil
	}
	starts, err := r.admin.ListStartOffsets(ctx, r.input)
	if err != nil {
		return false, fmt.Errorf("look up the start of topic %s: %w", r.input, err)
	}
	committed, err := r.admin.FetchOffsets(ctx, r.env.Group)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return false, fmt.Errorf("look up the offsets of group %s: %w", r.env.Group, err)
	}
	left := int64(0)
	r.ends.Each(func(end kadm.ListedOffset) {
		start, _ := starts.Lookup(r.input, end.Partition)
		at, _ := committed.Lookup(r.input, end.Partition)
		left += max(0, end.Offset-max(start.Offset, at.At))
	})
	if left == 0 {
		r.log.Info("done", "redriven", r.redriven, "parked", r.parked)
	}
	return left == 0, nil
}

// round fetches some letters, sends them on, waits for all acknowledgements and commits.
func (r *redrive) round(ctx context.Context) error {
	poll, cancel := context.WithTimeout(ctx, lookEvery)
	fetches := r.client.PollRecords(poll, r.Batch)
	cancel()
	defer r.client.AllowRebalance()
	for _, e := range fetches.Errors() {
		if !errors.Is(e.Err, context.DeadlineExceeded) && !errors.Is(e.Err, context.Canceled) {
			return fmt.Errorf("fetch topic %s partition %d: %w", e.Topic, e.Partition, e.Err)
		}
	}
	letters := slices.DeleteFunc(fetches.Records(), r.later)
	if len(letters) == 0 {
		return nil
	}
	last, stop := grace.Context(ctx)
	defer stop()
	safe, failed := r.settle(last, r.send(last, letters))
	if err := r.client.CommitRecords(last, safe...); err != nil {
		return errors.Join(failed, fmt.Errorf("commit offsets of group %s: %w", r.env.Group, err))
	}
	return failed
}

// later tells whether a letter came after the end at the start: it is left for the next run.
func (r *redrive) later(letter *kgo.Record) bool {
	end, known := r.ends.Lookup(letter.Topic, letter.Partition)
	return !r.Follow && (!known || letter.Offset >= end.Offset)
}

// item is a letter and what becomes of it.
type item struct {
	letter  *kgo.Record
	record  *kgo.Record // to send; nil: nothing, the letter is the end of a transaction
	why     string      // it is parked; "": redriven
	outcome chan error  // gets one value
}

// send hands the records of all letters to the client.
func (r *redrive) send(ctx context.Context, letters []*kgo.Record) []item {
	items := make([]item, len(letters))
	for i, letter := range letters {
		outcome := make(chan error, 1)
		items[i] = item{letter: letter, outcome: outcome}
		if letter.Attrs.IsControl() {
			outcome <- nil
			continue
		}
		items[i].record, items[i].why = r.next(letter)
		if err := r.meet(ctx, items[i].record.Topic); err != nil {
			outcome <- err
			continue
		}
		r.client.Produce(ctx, items[i].record, func(_ *kgo.Record, err error) { outcome <- err })
	}
	_ = r.client.Flush(ctx) // its only error is that ctx ended, which shows in the outcomes
	return items
}

// settle reports what became of the letters and returns those that may be committed: on each partition the ones before
// the first that failed.
func (r *redrive) settle(ctx context.Context, items []item) (safe []*kgo.Record, failed error) {
	stuck := map[int32]bool{}
	for _, item := range items {
		letter := item.letter
		if stuck[letter.Partition] {
			continue
		}
		var err error
		select {
		case err = <-item.outcome:
		default:
			err = ctx.Err() // given up
		}
		about := []any{"topic", letter.Topic, "partition", letter.Partition, "offset", letter.Offset, "key",
			string(letter.Key)}
		switch {
		case errors.Is(err, context.Canceled): // nothing else is known: its letter is sent again next time
			stuck[letter.Partition] = true
			r.log.Warn("unknown", append(about, "error", err)...)
			continue
		case err != nil:
			stuck[letter.Partition] = true
			r.log.Error("refused", append(about, "error", err)...)
			failed = errors.Join(failed, fmt.Errorf("letter of topic %s partition %d offset %d to %s: %w; make that topic "+
				"accept it, then start again",
				letter.Topic, letter.Partition, letter.Offset, item.record.Topic, err))
			continue
		case item.record == nil:
		case item.why != "":
			r.parked++
			r.log.Info("parked", append(about, "to", item.record.Topic, "error", item.why)...)
		default:
			r.redriven++
			r.log.Info("redriven", append(about, "to", item.record.Topic)...)
		}
		safe = append(safe, letter)
	}
	return safe, failed
}
