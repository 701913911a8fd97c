// Package payer is a consumer that asks an HTTP service for each record, and says in a CloudEvent what came of it.
//
// The promise: the service acts once for each order, in the order of its partition. An attempt that fails for now (no
// answer, or a status of 500 and more) is made again with the same Idempotency-Key, by which the service knows that it
// has acted before. What the service refuses is not tried again. An offset is committed only when the service has
// answered and the event is acknowledged; after a crash the order is asked for again, under the same key, and the same
// event may be written twice, with the same id. A record that is no order ends the application with an error.
//
// Orders are asked for one after the other, so one that has to wait holds back those behind it, also in other
// partitions, and rebalances of the group.
package payer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Policy is what the application decides.
type Policy struct {
	// Key is the Idempotency-Key of an order's request; attempt counts from 1.
	Key func(order *kgo.Record, attempt int) string
	// Decide says what the status of an answer means; 0 is none.
	Decide func(status int) Outcome
	// Event is what is written of an order of that id.
	Event func(id string, order *kgo.Record, o Outcome) Event
	// Structured has events be one JSON document each.
	Structured bool
	// Arrange orders what a poll has brought.
	Arrange func(orders []*kgo.Record)
	// First has the offset committed before the service is asked.
	First bool
}

// settings is what can be set.
type settings struct {
	Service string        `setting:"service=payments"` // name of the HTTP service
	Events  string        `setting:"events=binary"`    // mode of the CloudEvents: binary or structured
	Retry   time.Duration `setting:"retry=100ms"`      // the wait between attempts
	Timeout time.Duration `setting:"timeout=5s"`       // how long an answer may take
}

// Run is the application payer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the usual one.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	p := &payer{log: env.Log,
		Policy: Policy{Key: identity, Decide: decide, Event: event, Arrange: func([]*kgo.Record) {}}}
	env.Settings.Read(&p.settings)
	member := group.ReadMember(env)
	output, err := topics.Output(env, "")
	if err := errors.Join(env.Settings.Err(), group.Check(env), err); err != nil {
		return err
	}
	if e := p.settings.Events; e != "binary" && e != "structured" {
		return fmt.Errorf("events: got %q, want binary or structured", e)
	}
	p.Structured = p.settings.Events == "structured"
	change(&p.Policy)
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	if p.address = env.Service(p.settings.Service); p.address == "" {
		return fmt.Errorf("payer: no HTTP service %q; say where it is, or name another one", p.settings.Service)
	}
	p.output, p.http = output, &http.Client{Timeout: p.settings.Timeout}
	defer p.http.CloseIdleConnections()
	options = append(options, member.Options(env, p.changed)...)
	options = append(options, kgo.DisableAutoCommit(), kgo.BlockRebalanceOnPoll(), kgo.RequiredAcks(kgo.AllISRAcks()))
	if err := p.run(ctx, options); err != nil {
		return fmt.Errorf("payer: %w", err)
	}
	return nil
}

// mostPolled is how many orders are taken at once. A rebalance waits for as many.
const mostPolled = 20

type payer struct {
	Policy
	settings settings
	log      *slog.Logger
	client   *kgo.Client
	http     *http.Client
	address  string
	output   string
	owed     group.Owed
}

func (p *payer) changed(how string, _ *kgo.Client, partitions map[string][]int32) {
	p.owed.Told(how, partitions)
	group.Tell(p.log, how, partitions)
}

// poll brings orders. When it returns, rebalances are held back, and nothing is owed of partitions that were taken
// away.
func (p *payer) poll(ctx context.Context) kgo.Fetches {
	ctx, cancel := p.owed.Hurry(ctx)
	defer cancel()
	fetches := p.client.PollRecords(ctx, mostPolled)
	p.owed.Drop()
	return fetches
}

func (p *payer) run(ctx context.Context, options []kgo.Opt) (err error) {
	if p.client, err = kgo.NewClient(options...); err != nil {
		return err
	}
	defer p.client.CloseAllowingRebalance()
	for ctx.Err() == nil {
		fetches := p.poll(ctx)
		if err := group.FetchError(p.log, fetches); err != nil {
			return err
		}
		orders := fetches.Records()
		p.Arrange(orders)
		if p.First {
			if err := p.commit(ctx, orders); err != nil {
				return err
			}
		}
		done, err := p.settle(ctx, orders)
		if err := errors.Join(err, p.commit(ctx, orders[:done])); err != nil {
			return err
		}
		p.client.AllowRebalance()
	}
	return nil
}

// settle asks for orders and writes their events, and says how many it has finished: the others, it was told to stop.
func (p *payer) settle(ctx context.Context, orders []*kgo.Record) (done int, err error) {
	last, cancel := grace.Context(ctx)
	defer cancel()
	for i, order := range orders {
		id, err := nameOf(order)
		if err != nil {
			return i, err
		}
		outcome, answered := p.pay(ctx, id, order)
		if !answered {
			return i, nil
		}
		if err := produce.Sync(last, p.client, p.record(order, p.Event(id, order, outcome)))[0]; err != nil {
			return i, fmt.Errorf("write the event of topic %s partition %d offset %d: %w", order.Topic, order.Partition,
				order.Offset, err)
		}
		p.log.Info("processed", "topic", order.Topic, "partition", order.Partition, "offset", order.Offset, "key",
			string(order.Key))
	}
	return len(orders), nil
}

// pay asks until there is an answer that will not change; false when ctx ended first.
func (p *payer) pay(ctx context.Context, id string, order *kgo.Record) (o Outcome, answered bool) {
	for attempt := 1; ctx.Err() == nil; attempt++ {
		status, err := p.ask(ctx, id, order, attempt)
		if o = p.Decide(status); o != Again {
			return o, true
		}
		p.log.Warn("retrying", "topic", order.Topic, "partition", order.Partition, "offset", order.Offset, "key",
			string(order.Key), "attempt", attempt, "status", status, "error", err)
		grace.Pause(ctx, p.settings.Retry)
	}
	return Again, false
}

// commit commits the offsets behind orders, and those that are owed.
func (p *payer) commit(ctx context.Context, orders []*kgo.Record) error {
	offsets := p.owed.Take()
	for _, order := range orders {
		if next := group.After(order); next.Offset > offsets[order.Topic][order.Partition].Offset {
			offsets.Add(group.Place{Topic: order.Topic, Partition: order.Partition}, next)
		}
	}
	if len(offsets) == 0 {
		return nil
	}
	last, cancel := grace.Context(ctx)
	defer cancel()
	taken, err := group.Commit(last, p.client, p.log, offsets)
	switch {
	case group.Refused(err):
		p.owed.Owe(offsets, taken)
		p.log.Warn("warning", "error", err, "text", group.CommittedLater)
	default:
		return err
	}
	return nil
}
