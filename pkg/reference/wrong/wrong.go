// Package wrong has applications that break a promise, each one only. A feature that does not fail with them proves
// nothing.
//
// Each variant is the right application with one mistake. It gets in where the application can be told to do otherwise:
// by a function of its own in place of one of the application's (the Policy or Plan of RunWith), by another option of
// the client, by a client or a registry around the real one, or by what becomes of its log and its error. All of them
// break their promise in each run, and show it by what everybody sees: topics, committed offsets, log lines, the exit
// code, and requests on the wire. Some need settings, records or faults that call for the promise, which their Summary
// names. The variants of dlq-consumer are for its mode without transactions.
package wrong

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Variant is a wrong application.
type Variant struct {
	Name    string // the right application's short name and what is wrong
	Summary string // what it does, and what shows it
	Run     app.Func
}

// All returns the variants, those of one application together.
func All() []Variant {
	return slices.Concat(
		databaseVariants(),
		dlqVariants(),
		bulkVariants(),
		retryVariants(),
		lagVariants(),
		winVariants(),
		groupVariants(),
		shareVariants(),
		schemaVariants(),
		evolveVariants(),
		joinVariants(),
		payVariants(),
		benchVariants(),
	)
}

// mistake is a variant that decides otherwise: P is the type of what its application decides.
type mistake[P any] struct {
	name, summary string
	decide        func(p *P)
}

// variants are the applications that run starts, each with one mistake.
func variants[P any](run func(context.Context, app.Env, func(*P)) error, mistakes []mistake[P]) []Variant {
	all := make([]Variant, len(mistakes))
	for i, m := range mistakes {
		all[i] = Variant{m.name, m.summary, func(ctx context.Context, env app.Env) error { return run(ctx, env, m.decide) }}
	}
	return all
}

// silent is an application whose log has no lines with a message.
func silent(run app.Func, message string) app.Func {
	return func(ctx context.Context, env app.Env) error {
		env.Log = slog.New(without{env.Log.Handler(), message})
		return run(ctx, env)
	}
}

type without struct {
	slog.Handler
	message string
}

func (w without) Handle(ctx context.Context, line slog.Record) error {
	if line.Message == w.message {
		return nil
	}
	return w.Handler.Handle(ctx, line)
}

// swallowed is an application that ends well whatever became of it.
func swallowed(run app.Func) app.Func {
	return func(ctx context.Context, env app.Env) error {
		_ = run(ctx, env)
		return nil
	}
}

// anew deletes a topic and makes one of the same name and number of partitions.
func anew(ctx context.Context, env app.Env, topic string) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer client.Close()
	found, err := topics.Describe(ctx, client, topic)
	if err != nil {
		return err
	}
	admin := kadm.NewClient(client)
	if _, err := admin.DeleteTopic(ctx, topic); err != nil {
		return err
	}
	for {
		_, err := admin.CreateTopic(ctx, found[topic].Partitions, -1, nil, topic)
		if !errors.Is(err, kerr.TopicAlreadyExists) || !grace.Pause(ctx, 50*time.Millisecond) {
			return err
		}
	}
}
