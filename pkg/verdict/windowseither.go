package verdict

import (
	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// EitherWindows judges windows of events of which compaction may have taken some before anybody read them. The windows
// must be right with all of those events, or without them. Where they are neither, some may have been read and others
// not, which is inconclusive.
type EitherWindows struct {
	with, without *Windows // without is nil where compaction takes nothing
	unread        int64
}

// NewEitherWindows judges windows as NewWindows does. Compacted says that compaction takes events, for which memory for
// two is needed.
func NewEitherWindows(input, windows, late string, rules WindowRules, compacted bool) *EitherWindows {
	e := &EitherWindows{with: NewWindows(input, windows, late, rules)}
	if compacted {
		e.without = NewWindows(input, windows, late, rules)
	}
	return e
}

// Late takes a record that was set aside.
func (e *EitherWindows) Late(r *record.Record) { e.both((*Windows).Late, r) }

// Window takes a window that was emitted.
func (e *EitherWindows) Window(r *record.Record) { e.both((*Windows).Window, r) }

// Input takes an event.
func (e *EitherWindows) Input(r *record.Record) { e.both((*Windows).Input, r) }

// Unread takes an event that is gone, as compaction may have taken it before anybody read it.
func (e *EitherWindows) Unread(r *record.Record) {
	e.with.Input(r)
	e.unread++
}

func (e *EitherWindows) both(take func(*Windows, *record.Record), r *record.Record) {
	take(e.with, r)
	if e.without != nil {
		take(e.without, r)
	}
}

// Result judges what was fed so far.
func (e *EitherWindows) Result() Result {
	r := e.with.Result()
	if e.unread == 0 || e.without == nil || r.Outcome == Pass {
		return r
	}
	if without := e.without.Result(); without.Outcome != Fail {
		return without
	}
	return r.Unclear("compaction has taken "+words.Counted(e.unread, "record")+", maybe before anybody read it, and the "+
		"windows are right neither with all of what it took nor without", SetAsideTwice)
}
