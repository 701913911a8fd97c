package steps

// Faults: disturbing what applications say to the cluster, on any cluster, through the wire between them. A fault counts requests from the step
// on; one that never had its effect makes the scenario inconclusive.

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster/access"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

func faultSteps(s *Registry) {
	s.Step("the next {int} {api} request(s) fail with {error}", nextFail, with(needsWire))
	s.Step("the next {int} {api} request(s) from {app} are answered with {error} after the broker acted", nextAnswered, with(needsWire))
	s.Step("the next {int} {api} request(s) from {app} are cut off after the broker acted", nextCutAfter, with(needsWire))
	s.Step("the next {int} {api} request(s) from {app} are cut off before the broker acts", nextCutBefore, with(needsWire))
	s.Step("the next {int} {api} request(s) from {app} are delayed by {duration}", nextDelayed, with(needsWire))
	s.Step("the next {int} {api} request(s) from {app} fail with {error}", nextFromFail, with(needsWire))
	s.Step("the next {int} {api} request(s) from {app} to {topic} fail with {error}", nextFromToFail, with(needsWire))
	s.Step("the next {int} {api} request(s) to {topic} fail with {error}", nextToFail, with(needsWire))
}

// fault is a rule at work, and how often it has to fire.
type fault struct {
	handle *wire.Handle
	times  int
}

// nextFail lets the next requests of any application fail without the cluster having seen them.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request fail with NOT_ENOUGH_REPLICAS
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func nextFail(ctx context.Context, times int64, api string, failure *kerr.Error) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.Reject(failure)), "", "")
}

// nextFromFail lets the next requests of one application fail without the cluster having seen them.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request from "loader" fail with NOT_ENOUGH_REPLICAS
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func nextFromFail(ctx context.Context, times int64, api, name string, failure *kerr.Error) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.Reject(failure)), name, "")
}

// nextToFail lets the next requests about a topic fail without the cluster having seen them; what they say of other topics is passed on.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request to "events" fail with REQUEST_TIMED_OUT
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func nextToFail(ctx context.Context, times int64, api, topic string, failure *kerr.Error) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.Reject(failure)), "", topic)
}

// nextFromToFail lets the next requests of one application about a topic fail without the cluster having seen them.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the next 1 Produce request from "shipping" to "orders_dlq" fail with NOT_ENOUGH_REPLICAS
//	When the record "not json" is sent to "orders"
//	Then within 30s "orders_dlq" contains exactly 1 record
func nextFromToFail(ctx context.Context, times int64, api, name, topic string, failure *kerr.Error) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.Reject(failure)), name, topic)
}

// nextAnswered lets the cluster act on the next requests, and then puts an error in place of its answer.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request from "loader" are answered with REQUEST_TIMED_OUT after the broker acted
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func nextAnswered(ctx context.Context, times int64, api, name string, failure *kerr.Error) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.ActThenReject(failure)), name, "")
}

// nextCutAfter closes the connection in place of passing on the cluster's answer to the next requests: the lost acknowledgement.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request from "loader" are cut off after the broker acted
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func nextCutAfter(ctx context.Context, times int64, api, name string) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.CutAfter()), name, "")
}

// nextCutBefore closes the connection in place of passing on the next requests.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request from "loader" are cut off before the broker acts
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func nextCutBefore(ctx context.Context, times int64, api, name string) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.CutBefore()), name, "")
}

// nextDelayed passes the next requests on later; what follows on the same connection waits behind them.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request from "loader" are delayed by 50ms
//	When within 30s application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func nextDelayed(ctx context.Context, times int64, api, name string, by time.Duration) error {
	return FromContext(ctx).disturb(ctx, times, wire.On(api, wire.Delay(by)), name, "")
}

// disturb puts a rule to work.
func (w *World) disturb(ctx context.Context, times int64, rule wire.Rule, name, topic string) error {
	if times < 1 {
		return fmt.Errorf("got %d requests, want at least 1", times)
	}
	rule.App, rule.Times = name, int(times)
	if topic != "" {
		t, err := w.topic(topic)
		if err != nil {
			return err
		}
		rule.Topic = t.physical
	}
	proxy, err := w.wire(ctx)
	if err != nil {
		return err
	}
	handle, err := proxy.Add(rule)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, fault{handle, int(times)})
	return nil
}

// wire returns the scenario's proxy, made when it is first needed.
func (w *World) wire(ctx context.Context) (*wire.Proxy, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.proxy != nil {
		return w.proxy, nil
	}
	w.wired = time.Now()
	proxy, err := wire.New(context.WithoutCancel(ctx), wire.Options{
		Upstream: w.Session.Bootstrap(), Access: w.Session.Access(), Observe: w.observe, Seed: w.Seed, Names: w.Session.Names(),
	})
	if err != nil {
		return nil, fmt.Errorf("put the wire between applications and the cluster: %w", err)
	}
	w.proxy = proxy
	return proxy, nil
}

// throughWire gives an application addresses of its own, where the scenario looks at what it says.
func (w *World) throughWire(env *app.Env) error {
	if !w.Plan.Wired {
		return nil
	}
	proxy, err := w.wire(context.Background())
	if err != nil {
		return err
	}
	link, err := proxy.Application(env.Name)
	if err != nil {
		return fmt.Errorf("put the wire between application %q and the cluster: %w", env.Name, err)
	}
	env.Bootstrap = link.Bootstrap()
	if env.Access.TLS != nil || env.Access.SASL != nil {
		env.Access = access.Access{} // the wire itself gets in
	}
	return nil
}

// observe turns what the wire saw into facts: the faults that fired and, where a step asks for them, attempts to write.
func (w *World) observe(e wire.Event) {
	switch seen := e.Detail.(type) {
	case *wire.FaultFired:
		w.Journal.Add(journal.Fact{
			Kind: journal.FaultFired, Source: journal.SourceWire, App: e.App, Partition: -1, Offset: -1,
			Text: fmt.Sprintf("%s (%s, %d of %d)", seen.Action, e.API, seen.Number, seen.Handle.Rule().Times),
		})
	case *wire.ProduceAttempt:
		if w.Plan.Attempts {
			w.Journal.Add(w.attempted(&e, seen))
		}
	}
}

// unfired reports faults that had less effect than the scenario declares: what it shows is then not what it says.
func (w *World) unfired() error {
	var errs []error
	for _, f := range w.faults {
		if got := f.handle.Fired(); got < f.times {
			errs = append(errs, fmt.Errorf("the fault %q fired %d of %d times: %w", w.Session.Names().Undo(f.handle.Rule().String()), got, f.times, verdict.ErrInconclusive))
		}
	}
	return errors.Join(append(errs, w.unfiredAtGate())...)
}

func (w *World) closeWire() error {
	if w.proxy == nil {
		return nil
	}
	return w.proxy.Close()
}
