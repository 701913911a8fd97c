// Package wrong has applications that break a promise, each one only. A feature that does not fail with them proves
// nothing.
//
// Each variant is the right application with one change, made through the parts that dlqconsumer.Policy,
// bulkproducer.Plan, retryproducer.Plan, lagmonitor.Policy and groupconsumer.Policy let be exchanged. All of them break
// their promise in each run, and show it by what retryproducer.Plan, lagmonitor.Policy and joiner.Policy let be
// exchanged. All of them break their promise in each run, and show it by what everybody sees: topics, committed
// offsets, log lines, the exit code, and requests on the wire. Some need settings, records or faults that call for the
// promise, which their Summary names. The variants of dlq-consumer are for its mode without transactions.
package wrong

import (
	"context"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/app"
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
		schemaVariants(),
		evolveVariants(),
		joinVariants(),
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
