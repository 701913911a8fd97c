// Package reference lists the reference applications: ordinary applications that do right what kafkaspec's own features
// ask for, and the wrong ones that those features must catch.
//
// They know nothing of kafkaspec but the contract in pkg/app, so each can be read as an example, and run alone:
// kafkaspec app NAME. Each has a folder here; the wrong ones are in the folder wrong.
package reference

import (
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqredrive"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
	"github.com/kafkaspec/kafkaspec/pkg/reference/payer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/shareworker"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
	"github.com/kafkaspec/kafkaspec/pkg/reference/wrong"
)

// Entry is one application.
type Entry struct {
	Name    string
	Summary string // one line, without a full stop
	Run     app.Func
}

// All returns the applications: the right ones by name, then the wrong ones, whose names start with wrong/.
func All() []Entry {
	all := []Entry{
		{"bench-consumer", "checks and times each event that bench-producer sends", benchmark.RunConsumer},
		{"bench-producer", "sends numbered events that carry the time, at full speed or a fixed rate", benchmark.RunProducer},
		{"bulk-producer", "sends very many events, partitioned by user, and counts what is acknowledged", bulkproducer.Run},
		{"db-writer", "writes records to a database, with the offset in the same transaction", dbwriter.Run},
		{"dlq-consumer", "processes records, and sets aside in a dead-letter topic those it cannot", dlqconsumer.Run},
		{"dlq-redrive", "sends dead letters back to the topics they came from", dlqredrive.Run},
		{"group-consumer", "shares partitions with the other members of its group, and hands them over so that nothing is " +
			"lost or done twice", groupconsumer.Run},
		{"retry-producer", "sends events exactly once through passing errors, with exponential backoff, and sets aside " +
			"what is refused", retryproducer.Run},
		{"schema-consumer", "reads records by a schema of its own, ignores what it does not know, and sets aside what " +
			"lacks what it needs", schemaconsumer.Run},
		{"schema-producer", "publishes events while their schema evolves, each version registered before its first record",
			schemaproducer.Run},
		{"joiner", "joins payments with the user in force at their event time, exactly once, whichever topic comes first",
			joiner.Run},
		{"lag-monitor", "watches how far a group is behind, and raises an alert for each partition that is too far",
			lagmonitor.Run},
		{"payer", "asks an HTTP service for each order, and says in a CloudEvent what came of it",
			payer.Run},
		{"share-worker", "takes records from a share group as from a queue, accepts what it has finished, and rejects what " +
			"it never can", shareworker.Run},
		{"windower", "counts and sums events in windows of event time, and emits each window once", windower.Run},
	}
	for _, v := range wrong.All() {
		all = append(all, Entry{"wrong/" + v.Name, v.Summary, v.Run})
	}
	return all
}

// Applications returns all of them by name, for runner.Params.References.
func Applications() map[string]app.Func {
	all := map[string]app.Func{}
	for _, entry := range All() {
		all[entry.Name] = entry.Run
	}
	return all
}

// Lookup finds an application by name.
func Lookup(name string) (app.Func, bool) {
	for _, entry := range All() {
		if entry.Name == name {
			return entry.Run, true
		}
	}
	return nil, false
}
