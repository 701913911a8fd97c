package journal

import "time"

// WindowWritten is the kind of a record that holds the result of a window. Such facts are told at a scenario's end, of
// records that one of its steps has read, and that the wire saw an application write.
const WindowWritten Kind = "window"

// Window is what such a record says of its window. The fact's Topic, Partition, Offset and Key are the record's, its
// Request is the one that wrote it.
type Window struct {
	Start   string        `json:"start,omitzero"` // RFC 3339
	End     string        `json:"end,omitzero"`   // the same; empty where the record does not tell
	Written time.Duration `json:"written"`        // when it was written, in the journal's time
}

func (*Window) detail() {}

// String is such as "2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z".
func (w *Window) String() string {
	if w.End == "" {
		return "from " + w.Start
	}
	return w.Start + " to " + w.End
}

// When is the time at which a fact is to be shown: At, but for what is told later than it happened.
func (f *Fact) When() time.Duration {
	if w, ok := f.Detail.(*Window); ok {
		return w.Written
	}
	return f.At
}
