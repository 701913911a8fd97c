package world

import (
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/deadletter"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// letterFormats are the formats of dead letters that applications of the scenario have of their own, in the order of
// their declaration.
func (w *World) letterFormats() (formats []deadletter.Format) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range w.order {
		if format := w.applications[name].Definition.Letters; format != nil {
			formats = append(formats, format)
		}
	}
	return formats
}

// translated has dead letters of other formats tell what they tell under kafkaspec's own names as well.
func (w *World) translated(see func(*record.Record)) func(*record.Record) {
	formats := w.letterFormats()
	if len(formats) == 0 {
		return see
	}
	return func(r *record.Record) {
		for _, format := range formats {
			if format.Tells(r.HeaderValues()) {
				var told []record.Header
				format.Translate(r.HeaderValues(), func(name, from string, value []byte) {
					told = append(told, record.Header{Key: name, Value: value, From: from})
				})
				r.Headers = append(r.Headers, told...)
				break
			}
		}
		see(r)
	}
}

// LettersOf is the format that a dead letter has, or ought to have.
func (w *World) LettersOf(r *record.Record) deadletter.Format {
	formats := append(w.letterFormats(), deadletter.Own())
	return formats[max(0, slices.IndexFunc(formats, func(f deadletter.Format) bool { return f.Tells(r.HeaderValues()) }))]
}
