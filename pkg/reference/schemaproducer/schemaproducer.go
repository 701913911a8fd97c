// Package schemaproducer is a producer whose events change their schema while it runs, as they do from release to
// release.
//
// The promise: every record can be read by everybody, now and later. It rests on the order in which things happen:
//
//   - A version of the schema is registered before the first record by it. The registry's answer is the id that each
//     record begins with (Confluent's wire format), and is the only place to have it from: an id that is guessed names
//     somebody else's schema, or none.
//   - What was written is acknowledged (acks=all, idempotent) before the next version is begun. So a version that is
//     refused takes nothing of those before it along.
//   - A version that the registry refuses, because readers could not read it, ends the application with an error.
//     Nothing of it is written: not under its own id, as it has none, and not under the last one's, whose readers would
//     misread it.
//   - A registry that does not answer, or does not answer as one, has refused nothing. It is asked again, with longer
//     and longer waits, until it does; nothing is written meanwhile. Asking twice does no harm: a schema that is there
//     keeps its id.
//
// Events have the user as their key, so the order of what one user did outlasts the versions. Started again, the
// application publishes everything again: events of a real one would come from somewhere, and dlqconsumer and windower
// show how to go on from there.
package schemaproducer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// round is how many events are handed over at a time.
const round = 500

// Plan is what the producer decides; the rest of the package carries it out.
type Plan struct {
	// Client are options of the client, over the usual ones.
	Client []kgo.Opt
	// Register gives the id of a schema, registered for the topic's values.
	Register func(ctx context.Context, s *schema.Schema) (id int, err error)
}

// Run is the application schema-producer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Plan) {}) }

// RunWith is Run with another plan: change is given the usual one.
func RunWith(ctx context.Context, env app.Env, change func(*Plan)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	registry, err := schema.NewClient(env.Registry)
	if err != nil {
		return err
	}
	defer registry.Close()
	p := &publisher{settings: set, log: env.Log}
	p.Register = func(ctx context.Context, s *schema.Schema) (int, error) {
		return registry.Register(ctx, schema.Subject(set.topic), s)
	}
	change(&p.Plan)
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	if err := p.run(ctx, base); err != nil {
		return fmt.Errorf("schema-producer: %w", err)
	}
	return nil
}

// publisher is one running schema-producer.
type publisher struct {
	settings
	Plan
	log    *slog.Logger
	client *kgo.Client

	seq          int64 // number of the next event
	acknowledged int64
}

func (p *publisher) run(ctx context.Context, base []kgo.Opt) error {
	options := append(base, kgo.RequiredAcks(kgo.AllISRAcks())) // idempotence is on unless switched off, and needs this
	client, err := kgo.NewClient(append(options, p.Client...)...)
	if err != nil {
		return err
	}
	defer client.Close()
	p.client = client
	if _, err = topics.Describe(ctx, client, p.topic); err != nil && ctx.Err() == nil {
		return err
	}
	// What is on its way when the application is told to stop is waited for.
	last, cancel := grace.Context(ctx)
	defer cancel()
	for _, v := range p.versions {
		if ctx.Err() != nil {
			break
		}
		if err := p.evolve(ctx, last, v); err != nil {
			return err
		}
	}
	kind := "done"
	if ctx.Err() != nil {
		kind = "interrupted"
	}
	p.log.Info(kind, "acknowledged", p.acknowledged)
	return nil
}

// evolve goes on to a version: it is registered, and then written by.
func (p *publisher) evolve(ctx, last context.Context, v version) error {
	id, err := p.register(ctx, v)
	if ctx.Err() != nil {
		return nil // the registry may have been asked in vain, and nothing was written
	}
	if err != nil {
		p.log.Error("refused", "version", v.number, "topic", p.topic, "acknowledged", p.acknowledged, "error", err)
		return fmt.Errorf("version %d of the schema of %q was not registered, and nothing was written by it: %w; "+
			"make it compatible with those before it, or write to another topic", v.number, p.topic, err)
	}
	for end := p.seq + p.Events; p.seq < end && ctx.Err() == nil; {
		if err := p.send(last, v, id, min(p.seq+round, end)); err != nil {
			return err
		}
	}
	p.log.Info("progress", "version", v.number, "schema", id, "topic", p.topic, "acknowledged", p.acknowledged)
	return nil
}

// register asks for the id of a version until the registry has given it or refused it.
func (p *publisher) register(ctx context.Context, v version) (int, error) {
	wait := p.First
	for attempt := 1; ; attempt++ {
		id, err := p.Register(ctx, v.Schema)
		if err == nil || !errors.Is(err, schema.ErrUnavailable) || errors.Is(err, schema.ErrDenied) {
			return id, err
		}
		p.log.Warn("retrying", "version", v.number, "topic", p.topic, "attempt", attempt, "delay", wait, "error", err)
		if !grace.Pause(ctx, wait) {
			return 0, ctx.Err()
		}
		wait = min(2*wait, p.Longest)
	}
}

// send writes the events up to a number, and waits until all are acknowledged. One that is not ends the application:
// which it was stands in the log.
func (p *publisher) send(ctx context.Context, v version, id int, to int64) error {
	var records []*kgo.Record
	for ; p.seq < to; p.seq++ {
		r, document, err := p.event(v, p.seq)
		if err != nil {
			return err
		}
		if r.Value, err = encode(id, v.Schema, document); err != nil {
			return fmt.Errorf("event %d by version %d: %w", p.seq, v.number, err)
		}
		records = append(records, r)
	}
	var failed error
	for i, err := range produce.Sync(ctx, p.client, records...) {
		if err == nil {
			p.acknowledged++
			continue
		}
		failed = fmt.Errorf("records by version %d were not acknowledged: %w", v.number, err)
		p.log.Error("undelivered", "topic", p.topic, "key", string(records[i].Key), "timestamp", records[i].Timestamp,
			"error", err)
	}
	return failed
}

// encode writes an event by a schema, with the schema's id before it.
func encode(id int, s *schema.Schema, document []byte) ([]byte, error) {
	payload, err := s.Encode(document)
	if err != nil {
		return nil, err
	}
	return schema.Frame(id, payload)
}
