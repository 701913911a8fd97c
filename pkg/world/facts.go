package world

import (
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Processed returns the facts of what an application reported as processed; an empty topic means any.
func (w *World) Processed(name, topic string) []journal.Fact {
	return w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.Processed && f.App == name && (topic == "" || f.Topic == topic)
	})
}

// Facts returns an application's facts of one kind.
func (w *World) Facts(name string, kind journal.Kind) []journal.Fact {
	return w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == kind && f.App == name })
}
