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
