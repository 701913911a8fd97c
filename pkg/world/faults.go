package world

// What stands behind the fault steps: the wire between applications and the cluster, the rules at work in it, and what
// it tells.

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/access"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// Fault is a rule at work.
type Fault struct {
	Handle *wire.Handle
	effect wire.Action
	lifted bool
}

// least is how often a fault has to fire: as often as it says or, one that stands, at all.
func (f *Fault) least() int { return max(1, f.Handle.Rule().Times) }

// AnyFault is for steps that mean faults of every kind.
func AnyFault(wire.Action) bool { return true }

// Holding is true of a fault that holds requests.
func Holding(a wire.Action) bool { return a == wire.Hold() }

// Isolating is true of a fault that cuts an application off.
func Isolating(a wire.Action) bool { return a == wire.Isolate() }

// Disturb puts an action to work on a selection of requests, which names topics and groups as the scenario does.
func (w *World) Disturb(ctx context.Context, r wire.Selection, action wire.Action) error {
	if r.Topic != "" {
		t := w.comes(r.Topic) // a fault may wait for a topic that is not there yet
		if t == nil {
			var err error
			if t, err = w.Topic(r.Topic); err != nil {
				return err
			}
		}
		if t.Partitions > 0 && r.Partition >= t.Partitions {
			return fmt.Errorf("topic %q has %s, so there is no partition %d", r.Topic,
				words.Counted(t.Partitions, "partition"), r.Partition)
		}
		r.Topic = t.Physical
	}
	if r.Group != "" {
		r.Group = w.Session.Names().Group(r.Group)
	}
	if r.TransactionalID != "" {
		r.TransactionalID = w.Session.Names().TransactionalID(r.TransactionalID)
	}
	if err := w.HasBroker(r.Broker); err != nil {
		return err
	}
	return w.add(ctx, wire.Rule{Selection: r, Action: action})
}

// HasBroker says that a scenario about a broker does not apply to a cluster without one of that number.
func (w *World) HasBroker(id int32) error {
	there := w.Session.Describe()
	if there.MayHaveBroker(id) {
		return nil
	}
	return outcome.NotApplicablef("broker %d is one of %d at least, and %s has fewer; add: Given a cluster "+
		"of at least %d brokers", id, id+1, there, id+1)
}

// Isolate cuts an application off from the cluster for a span; 0: until the fault is lifted.
func (a *Application) Isolate(ctx context.Context, span time.Duration) error {
	rule := wire.On("", wire.Isolate())
	rule.App, rule.For = a.Name, span
	return a.world.add(ctx, rule)
}

// add puts a rule to work.
func (w *World) add(ctx context.Context, rule wire.Rule) error {
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
	w.faults = append(w.faults, &Fault{Handle: handle, effect: rule.Action})
	return nil
}

// Standing are the faults of one kind that no step has lifted.
func (w *World) Standing(kind func(wire.Action) bool) []*Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []*Fault
	for _, f := range w.faults {
		if !f.lifted && kind(f.effect) {
			found = append(found, f)
		}
	}
	return found
}

// Lift ends the standing faults of one kind, of one application or ("") of all.
func (w *World) Lift(done string, kind func(wire.Action) bool, name string) error {
	ended := 0
	for _, f := range w.Standing(kind) {
		if name == "" || f.Handle.Rule().App == name {
			f.Handle.Remove()
			f.lifted = true
			ended++
		}
	}
	if ended == 0 {
		return errors.New("there is no such fault to end here; declare it before, or remove the step")
	}
	w.Journal.Add(journal.Fact{Kind: journal.Note, Source: journal.SourceKafkaspec, App: name, Partition: -1, Offset: -1,
		Text: done})
	return nil
}

// ResetConnections ends an application's connections.
func (a *Application) ResetConnections(ctx context.Context) error {
	w, name := a.world, a.Name
	proxy, err := w.wire(ctx)
	if err != nil {
		return err
	}
	ended := proxy.Reset(name)
	if ended == 0 {
		return fmt.Errorf("application %q has no connection to the cluster that could be reset: %w; start it before", name,
			verdict.ErrInconclusive)
	}
	w.Journal.Add(journal.Fact{
		Kind: journal.FaultFired, Source: journal.SourceWire, App: name, Partition: -1, Offset: -1, Text: "reset " +
			words.Counted(ended, "connection"),
	})
	return nil
}

// wire returns the scenario's proxy, made when it is first needed.
func (w *World) wire(ctx context.Context) (*wire.Proxy, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.proxy != nil {
		return w.proxy, nil
	}
	proxy, err := wire.New(context.WithoutCancel(ctx), wire.Options{
		Upstream: w.Session.Bootstrap(), Access: w.Session.Access(), Observe: w.observe, Seed: w.Seed,
		Names: w.Session.Names(), Since: w.Journal.Since, TopicName: w.topicName, Committing: w.drain,
		TransactionalID: w.Session.Names().OwnTransactionalID(), Contents: w.options.Needs.Contents,
		Keys: w.keys.see, Compacted: w.keys.wanted,
	})
	if err != nil {
		return nil, fmt.Errorf("put the wire between applications and the cluster: %w", err)
	}
	w.proxy = proxy
	return proxy, nil
}

// drain has all that an application has logged become facts.
func (w *World) drain(name string) {
	w.mu.Lock()
	var logs func()
	if a, ok := w.applications[name]; ok {
		logs = a.logs
	}
	w.mu.Unlock()
	if logs != nil {
		logs()
	}
}

// wire gives an application addresses of its own, at which the wire listens, where it goes through it.
func (a *Application) wire(env *app.Env) error {
	w := a.world
	if a.Definition.Direct && w.options.Needs.Wired {
		return outcome.NotApplicablef("a step looks at what applications say to the cluster, or disturbs it, and the "+
			"profile has wire: false for %q; one that takes security.protocol from KAFKA_SECURITY_PROTOCOL can do without "+
			"(docs/applications.md, TLS and SASL)", a.Name)
	}
	if !a.throughWire() {
		return nil
	}
	proxy, err := w.wire(context.Background())
	if err != nil {
		return err
	}
	link, err := proxy.ApplicationAt(env.Name, a.listenAt())
	if err != nil {
		return fmt.Errorf("put the wire between application %q and the cluster: %w", env.Name, err)
	}
	env.Bootstrap = link.Bootstrap()
	if env.Access.TLS != nil || env.Access.SASL != nil {
		env.Access = access.Access{} // the wire itself gets in
	}
	return nil
}

// unfired reports faults that had less effect than the scenario declares: what it shows is then not what it says.
func (w *World) unfired() error {
	var errs []error
	for _, f := range w.faults {
		if got, want := f.Handle.Fired(), f.least(); got < want {
			often := fmt.Sprintf("fired %d of %d times", got, want)
			if f.Handle.Rule().Times == 0 {
				often = "never fired"
			}
			errs = append(errs, fmt.Errorf("a fault %s: %s: %w", often, w.Session.Names().Undo(f.Handle.Rule().String()),
				verdict.ErrInconclusive))
		}
	}
	return errors.Join(errs...)
}

func (w *World) closeWire() error {
	if w.proxy == nil {
		return nil
	}
	return w.proxy.Close()
}
