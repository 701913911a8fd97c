// Package shareworker is a member of a share group (KIP-932), which takes records as from a queue.
//
// The promise: each record is worked on by one member at a time, and is done once some member has finished it. A record
// is accepted after its work and never before. One whose work fails for now is released, so that any member may try it
// again. One that can never be processed, here one that is no JSON, is rejected: released, it would be tried up to the
// group's delivery limit and then dropped without a word.
//
// Every record is acknowledged before the next poll, which accepts whatever nobody spoke of (franz-go and Java's client
// do). What a member holds when it stops is released. After a crash, and where work takes longer than the group's lock,
// a record is processed again: at-least-once.
package shareworker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Policy is what the application decides about a record.
type Policy struct {
	// Settle works on a record and says what becomes of it.
	Settle func(ctx context.Context, h Held)
	// Earliest has the group begin with what is in the topics already.
	Earliest bool
	// Settled is called when the acknowledgements of all that a poll brought are sent.
	Settled func(ctx context.Context, client *kgo.Client, group string)
}

// Held is a record that the member holds.
type Held struct {
	*kgo.Record
	Work  func() error // its error is nil, errUnreadable, or of what may go well another time
	Flush func()       // waits until all that was said has been sent; it is also after each poll
}

// errUnreadable is the error of work on a record that can never be processed.
var errUnreadable = errors.New("no JSON")

// errAgain is the error of work that goes well when it is tried again.
var errAgain = errors.New("not now")

// settings is what can be set.
type settings struct {
	Work  time.Duration `setting:"work=0s"`   // simulated, for each record
	Batch int           `setting:"batch=50"`  // records asked for at once at most
	Flaky int64         `setting:"flaky=0"`   // every so many records fail at their first delivery; 0: none
	Lock  time.Duration `setting:"lock=30s"`  // how long a member may hold a record of this group
	Flush time.Duration `setting:"flush=10s"` // the longest time for acknowledgements to be sent
}

// Run is the application share-worker. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the usual one.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	w := &worker{log: env.Log, group: env.Group, Policy: Policy{Settle: settle, Earliest: true,
		Settled: func(context.Context, *kgo.Client, string) {}}}
	env.Settings.Read(&w.settings)
	if err := errors.Join(env.Settings.Err(), group.Check(env)); err != nil {
		return err
	}
	if w.settings.Batch <= 0 || w.settings.Flaky < 0 || w.settings.Flush <= 0 {
		return fmt.Errorf("got batch %d, flaky %d, flush %v, want none below zero, and some batch and flush",
			w.settings.Batch, w.settings.Flaky, w.settings.Flush)
	}
	change(&w.Policy)
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	options = append(options, kgo.ShareGroup(env.Group), kgo.ConsumeTopics(env.Inputs...),
		kgo.ShareMaxRecords(int32(w.settings.Batch)), kgo.ShareMaxRecordsStrict())
	if err := w.run(ctx, env.Inputs, options); err != nil {
		return fmt.Errorf("share-worker: %w", err)
	}
	return nil
}

// settle is the usual policy.
func settle(_ context.Context, h Held) {
	switch err := h.Work(); {
	case err == nil:
		h.Ack(kgo.AckAccept)
	case errors.Is(err, errUnreadable):
		h.Ack(kgo.AckReject)
	default:
		h.Ack(kgo.AckRelease)
	}
}

type worker struct {
	Policy
	settings settings
	log      *slog.Logger
	group    string
}

func (w *worker) run(ctx context.Context, inputs []string, options []kgo.Opt) error {
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer client.Close() // what is held is released, and the group is left
	if _, err := topics.Describe(ctx, client, inputs...); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	if err := w.configure(ctx, client); err != nil {
		return err
	}
	for ctx.Err() == nil {
		fetches := client.PollRecords(ctx, w.settings.Batch)
		if err := group.FetchError(w.log, fetches); err != nil {
			return err
		}
		records := fetches.Records()
		for i, r := range records {
			if ctx.Err() != nil {
				client.MarkAcks(kgo.AckRelease, records[i:]...)
				break
			}
			w.Settle(ctx, Held{r, func() error { return w.work(ctx, r) }, func() { w.flush(ctx, client) }})
		}
		w.flush(ctx, client)
		w.Settled(ctx, client, w.group)
	}
	return nil
}

// work is that on one record.
func (w *worker) work(ctx context.Context, r *kgo.Record) error {
	if w.settings.Work > 0 {
		select {
		case <-time.After(w.settings.Work):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if !json.Valid(r.Value) {
		w.log.Warn("unreadable", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset)
		return errUnreadable
	}
	if w.settings.Flaky > 0 && r.Offset%w.settings.Flaky == 0 && r.DeliveryCount() == 1 {
		return errAgain
	}
	w.log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset, "key", string(r.Key))
	return nil
}

// flush waits until all that was said has been sent. It goes on when the application stops.
func (w *worker) flush(ctx context.Context, client *kgo.Client) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.settings.Flush)
	defer cancel()
	if err := client.FlushAcks(ctx); err != nil {
		w.log.Warn("warning", "error", fmt.Errorf("send acknowledgements: %w", err))
	}
}

// configure sets what a share group has no request of its own for: where it begins, and how long a record may be held.
func (w *worker) configure(ctx context.Context, client *kgo.Client) error {
	request := kmsg.NewPtrIncrementalAlterConfigsRequest()
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeGroupConfig, w.group
	set := func(name, value string) {
		config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		config.Name, config.Value = name, &value
		resource.Configs = append(resource.Configs, config)
	}
	if w.Earliest {
		set("share.auto.offset.reset", "earliest")
	}
	set("share.record.lock.duration.ms", fmt.Sprint(w.settings.Lock.Milliseconds()))
	request.Resources = append(request.Resources, resource)
	response, err := request.RequestWith(ctx, client)
	if err != nil {
		return fmt.Errorf("set the group's configs: %w", err)
	}
	for _, r := range response.Resources {
		if err := kerr.ErrorForCode(r.ErrorCode); err != nil {
			return fmt.Errorf("set the group's configs: %w", err)
		}
	}
	return nil
}
