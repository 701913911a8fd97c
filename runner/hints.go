package runner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// mostHints is how many a reader is given, the surest first.
const mostHints = 5

// hints makes what a reader is to look at first.
type hints struct {
	facts    []journal.Fact // up to the end of the failed step
	from, to time.Duration  // of that step
	judged   []string       // the groups that it names, be it by an application
	list     []report.Hint
}

// hintsOf needs the findings and differences of the failure, and the step that ended the scenario, if one did.
func hintsOf(f *report.Failure, failed *report.Step, facts []journal.Fact) []report.Hint {
	h := &hints{facts: facts}
	if failed != nil {
		h.from, h.to = failed.Began, failed.Began+failed.Duration
		h.facts = slices.DeleteFunc(slices.Clone(facts), func(f journal.Fact) bool { return f.When() > h.to })
	}
	if strings.HasPrefix(f.Message, "a fault fired ") {
		h.add(nil, "the trouble that the scenario is about came less often than it declares, so nothing is known of the "+
			"application: declare fewer, or have more such requests sent")
	}
	h.judged = h.named(f.Step)
	died := h.died(facts)
	found := h.findings(f.Findings)
	h.differences(f.Differences)
	h.faults(failed != nil)
	if !died {
		h.finished()
	}
	if failed != nil && !died && strings.HasPrefix(f.Message, "not within ") && failed.Duration > 500*time.Millisecond {
		h.pace(found)
	}
	h.wrong()
	return h.list[:min(len(h.list), mostHints)]
}

// add leaves out what was said already.
func (h *hints) add(fact *journal.Fact, format string, arguments ...any) {
	hint := report.Hint{Text: fmt.Sprintf(format, arguments...)}
	if slices.ContainsFunc(h.list, func(said report.Hint) bool { return said.Text == hint.Text }) {
		return
	}
	if fact != nil {
		hint.Fact, hint.At = fact.Seq, fact.When()
	}
	h.list = append(h.list, hint)
}

// last is the last fact of a kind that is wanted; nil for none.
func (h *hints) last(wanted func(*journal.Fact) bool) *journal.Fact {
	for i := len(h.facts) - 1; i >= 0; i-- {
		if wanted(&h.facts[i]) {
			return &h.facts[i]
		}
	}
	return nil
}

// died says how the last application failed that ended by itself. It looks behind the step as well: the end of a
// process is often heard of a moment after what it causes.
func (h *hints) died(all []journal.Fact) bool {
	for _, f := range slices.Backward(all) {
		fields := f.Fields()
		code, how := fields["code"], ""
		switch {
		case f.Kind != journal.Exited || fields["requested"] != "":
			continue
		case f.Error != "":
			how = ": " + shortText(f.Error)
		case fields["signal"] != "":
			how = ", by " + fields["signal"]
		case code != "" && code != "0":
			how = " with exit code " + code
		default:
			continue
		}
		h.add(&f, "application %q ended by itself%s", f.App, how)
		return true
	}
	return false
}

// finished says which application ended by itself with exit code 0: it may have been meant to go on.
func (h *hints) finished() {
	f := h.last(func(f *journal.Fact) bool {
		fields := f.Fields()
		return f.Kind == journal.Exited && f.Error == "" && fields["requested"] == "" && fields["code"] == "0"
	})
	if f != nil {
		h.add(f, "application %q ended by itself with exit code 0", f.App)
	}
}

// findings says of each kind what to do, and of the first one which commit made its record count as done.
func (h *hints) findings(all []report.Finding) bool {
	kinds := map[string]bool{}
	for i := range all {
		one := &all[i]
		if kinds[one.Kind] || one.Advice == "" {
			continue
		}
		kinds[one.Kind] = true
		fact := h.about(one)
		h.add(fact, "%s: %s", one.Kind, one.Advice)
		if len(kinds) == 1 {
			h.committed(one)
		}
		if one.Topic != "" && strings.Contains(one.Kind, "missing") && h.nothingWritten(one.Topic) {
			h.add(nil, "nothing was written to %q", one.Topic)
		}
	}
	return len(kinds) > 0
}

// committed tells the commit by which the record of a finding counts as done, and the kill behind it.
func (h *hints) committed(one *report.Finding) {
	if one.Offset < 0 || !slices.ContainsFunc([]string{"missing", "lost", "commit", "split"}, func(word string) bool {
		return strings.Contains(one.Kind, word)
	}) {
		return
	}
	i := slices.IndexFunc(h.facts, func(f journal.Fact) bool {
		return f.Kind == journal.GroupCommit && f.Error == "" && f.Topic == one.Topic && f.Partition == one.Partition &&
			f.Offset > one.Offset && !h.isOfOthers(&f)
	})
	if i < 0 {
		return
	}
	commit := h.facts[i]
	if last := &h.list[len(h.list)-1]; last.Fact == commit.Seq { // one link is enough
		last.Fact, last.At = 0, 0
	}
	h.add(&commit, "%q committed offset %d of %s partition %d: the record at offset %d counts as done", commit.App,
		commit.Offset, commit.Topic, commit.Partition, one.Offset)
	if k := slices.IndexFunc(h.facts[i:], func(f journal.Fact) bool {
		return f.Kind == journal.Killed && f.App == commit.App
	}); k >= 0 {
		killed := h.facts[i+k]
		h.add(&killed, "%q was killed %s after that", killed.App, rounded(killed.At-commit.At))
	}
}

// about is the fact that shows a finding best: a commit where it is about commits, what the group was told where it is
// about owners, what was done at its offset, else the first that is more than a read.
func (h *hints) about(one *report.Finding) *journal.Fact {
	var all []*journal.Fact
	for i := range h.facts {
		f := &h.facts[i]
		if slices.Contains(one.Facts, f.Seq) && f.Kind != journal.Fetched && f.Kind != journal.GroupPosition &&
			f.Kind != journal.Delivered && !isUsual(f) && !h.isOfOthers(f) {
			all = append(all, f)
		}
	}
	first := func(wanted func(*journal.Fact) bool) *journal.Fact {
		if i := slices.IndexFunc(all, wanted); i >= 0 {
			return all[i]
		}
		return nil
	}
	isCommit := func(f *journal.Fact) bool { return f.Kind == journal.GroupCommit || f.Kind == journal.Committed }
	switch {
	case strings.Contains(one.Kind, "commit"):
		if f := first(isCommit); f != nil {
			return f
		}
	case strings.Contains(one.Kind, "owner"), strings.Contains(one.Kind, "moving"):
		slices.Reverse(all)
		f := first(func(f *journal.Fact) bool { return f.Kind == journal.GroupAssigned })
		slices.Reverse(all)
		if f != nil {
			return f
		}
	}
	return cmp.Or( // a commit's offset is the next one to be read
		first(func(f *journal.Fact) bool { return one.Offset >= 0 && f.Offset == one.Offset && !isCommit(f) }),
		first(func(f *journal.Fact) bool { return one.Offset >= 0 && f.Offset > one.Offset && isCommit(f) }),
		first(func(*journal.Fact) bool { return true }))
}

// nothingWritten is true where the wire saw what applications write, and nothing for this topic.
func (h *hints) nothingWritten(topic string) bool {
	writes := h.last(func(f *journal.Fact) bool { return f.Kind == journal.ProduceAttempt })
	return writes != nil && h.last(func(f *journal.Fact) bool {
		return f.Topic == topic && (f.Kind == journal.ProduceAttempt || f.Kind == journal.Acknowledged)
	}) == nil
}

func (h *hints) differences(all []report.Difference) {
	for _, d := range all[:min(len(all), 3)] {
		var names []string
		for _, field := range d.Fields {
			names = append(names, field.Name)
		}
		switch {
		case d.Want == "":
		case d.Got == "":
			h.add(nil, "nothing like the expected record is there: look whether its writer runs, and for errors when it writes")
		case slices.Equal(names, []string{record.FieldOrder}):
			h.add(nil, "the expected record is there, and comes too early: look for what puts the records in order")
		case len(names) == 1:
			h.add(nil, "a record comes close and differs in %s only: look for what makes it", names[0])
		case len(names) == 2, len(names) == 3:
			h.add(nil, "a record comes close and differs in %s only: look for what makes them", strings.Join(names, ", "))
		}
	}
}

func (h *hints) faults(failed bool) {
	count, fired := int64(0), func(f *journal.Fact) bool { return f.Kind == journal.FaultFired }
	for i := range h.facts {
		if fired(&h.facts[i]) {
			count++
		}
	}
	last := h.last(fired)
	if last == nil {
		return
	}
	when := ""
	if failed {
		when = fmt.Sprintf(" before; the last one %s before the step failed", rounded(h.to-last.At))
	}
	h.add(last, "%s fired%s", words.Counted(count, "fault"), when)
}

func (h *hints) wrong() {
	f := h.last(func(f *journal.Fact) bool {
		return !slices.Contains([]journal.Kind{journal.FaultFired, journal.Exited, journal.LogLine}, f.Kind) &&
			!f.Kind.OfScenario() && (f.Kind == journal.Warning || f.Error != "") && !isUsual(f) &&
			!h.isWaitedOut(f)
	})
	if f != nil {
		h.add(f, "the last thing that went wrong before: %s of %s: %s", f.Kind, cmp.Or(f.App, f.Source),
			shortText(cmp.Or(f.Error, f.Text, f.Fields()["text"])))
	}
}

// isWaitedOut is true of the answer that the transaction before is still being ended, where its application wrote or
// committed again after it: brokers give it often, and clients ask again.
func (h *hints) isWaitedOut(f *journal.Fact) bool {
	return f.Error == "CONCURRENT_TRANSACTIONS" && (f.Request == nil || f.Request.Fault == "") &&
		h.last(func(later *journal.Fact) bool {
			return later.Seq > f.Seq && later.App == f.App && later.Error == "" &&
				(later.Kind == journal.ProduceAttempt || later.Kind == journal.GroupCommit)
		}) != nil
}

// isUsual is true of errors that belong to every run: a new member is first told its id (KIP-394), a heartbeat tells a
// member to join again, and a request that waits for records has no answer when its client goes.
func isUsual(f *journal.Fact) bool {
	return f.Error == "MEMBER_ID_REQUIRED" || f.Error == "REBALANCE_IN_PROGRESS" && f.Kind == journal.GroupHeartbeat ||
		f.Error == "no answer" && (f.Kind == journal.Fetched || f.Kind == journal.GroupPosition) &&
			(f.Request == nil || f.Request.Fault == "")
}

// shortText is the first line of a text, as much as a hint can hold.
func shortText(text string) string {
	const most = 200
	text, _, _ = strings.Cut(text, "\n")
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

func rounded(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(10 * time.Millisecond)
}
