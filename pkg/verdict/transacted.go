package verdict

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TransactedOffsets judges that a member of a group that reads, processes and writes does so exactly once as KIP-98 has
// it: its offsets are committed and its outputs written in transactions alone, and each transaction that was committed
// and has written records has committed offsets, too. An output is a topic that is named as such, or that the
// application has written in a transaction. Which offsets those are is not looked at, nor transactions that were
// aborted, whose end is not known, or that have only committed offsets.
//
// Of one that has transactions with both it is not known why another has no offsets, as that of a timer has none when
// nothing was read, nor why it writes an output, or commits offsets of a topic, outside of transactions only.
type TransactedOffsets struct {
	name, group string
	outputs     map[string]bool
	facts       []*journal.Fact
}

// NewTransactedOffsets judges an application by its name, as a member of a group that writes outputs.
func NewTransactedOffsets(name, group string, outputs ...string) *TransactedOffsets {
	j := &TransactedOffsets{name: name, group: group, outputs: map[string]bool{}}
	for _, topic := range outputs {
		j.outputs[topic] = true
	}
	return j
}

// Fact takes an attempt to write, a step of a transaction or a commit, in any order; other facts are passed over. It is
// kept.
func (j *TransactedOffsets) Fact(f *journal.Fact) {
	switch f.Detail.(type) {
	case *journal.Attempt, *journal.Transaction:
	case *journal.Commit:
		if f.Group != j.group {
			return
		}
	default:
		return
	}
	if f.Request != nil {
		j.facts = append(j.facts, f)
	}
}

// Result judges what was fed so far.
func (j *TransactedOffsets) Result() Result {
	var found collector
	judged := int64(0)
	outputs, transactions := maps.Clone(j.outputs), transactionsOf(j.facts)
	written, committed, both, unsure := map[string]bool{}, map[string]bool{}, false, ""
	for _, t := range transactions {
		for _, b := range t.batches {
			outputs[b.Topic], written[b.Topic] = true, true
		}
		for _, o := range t.offsets {
			committed[o.Topic] = true
		}
		both = both || t.end == "committed" && len(t.batches) > 0 && len(t.offsets) > 0
	}
	add := func(at Finding, certain bool, why, format string, arguments ...any) {
		if certain {
			found.add(at, format, arguments...)
		} else {
			unsure = cmp.Or(unsure, fmt.Sprintf(format, arguments...)+"; "+why)
		}
	}
	for _, t := range transactions {
		if t.end != "committed" || len(t.batches) == 0 {
			continue
		}
		judged++
		if len(t.offsets) == 0 {
			records := int64(0)
			for _, b := range t.batches {
				records += b.Count
			}
			first := t.batches[0]
			add(Finding{Kind: OffsetsElsewhere, Topic: first.Topic, Partition: first.Partition, Offset: first.Offset,
				Count: records}, !both, "others have both, and whether it had read anything since is not known",
				"the transaction of %q was committed with %s and without offsets of group %q", t.id,
				words.Counted(records, "record"), j.group)
		}
	}
	for _, f := range j.facts {
		at := Finding{Kind: OffsetsElsewhere, Topic: f.Topic, Partition: f.Partition, Offset: f.Offset}
		switch d := f.Detail.(type) {
		case *journal.Commit:
			if d.TransactionalID == "" && f.Error == "" {
				add(at, !both || committed[f.Topic], fmt.Sprintf("whether those of %q belong to its transactions is not known, as "+
					"none of them has any", f.Topic), "group %q committed offset %d outside of a transaction", j.group, f.Offset)
			}
		case *journal.Attempt:
			if d.TransactionalID == "" && outputs[f.Topic] && OutcomeOf(f) == Written && f.Offset >= 0 {
				at.Count = f.Count
				add(at, !both || written[f.Topic], fmt.Sprintf("whether %q is an output of what it reads is not known, as "+
					"no transaction has written it: if it is not, declare the application without it", f.Topic),
					"%s written outside of a transaction", words.Counted(f.Count, "record"))
			}
		}
	}
	r := found.pronounce("transactions of "+j.name, judged, "no transaction in which it has written records was seen "+
		"to be committed; have "+j.name+" write with a transactional.id and through kafkaspec's addresses")
	return r.inconclusive(unsure)
}
