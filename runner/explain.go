package runner

import (
	"cmp"
	"errors"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// Of a verdict that found more, so many findings are explained, each by so many facts.
const (
	mostFindings     = 20
	mostFindingFacts = 12
)

// explain adds to a failure what its message says, as data: findings with the facts that tell how they came about, and
// differences of records, field by field. Shown makes names those of the scenario.
func explain(f *report.Failure, err error, facts []journal.Fact, shown func(string) string) {
	if v, ok := errors.AsType[*verdict.Error](err); ok {
		f.FindingTotal = v.Result.Total
		for _, one := range v.Result.Findings[:min(len(v.Result.Findings), mostFindings)] {
			f.Findings = append(f.Findings, report.Finding{
				Kind: one.Kind, Topic: shown(one.Topic), Partition: one.Partition, Offset: one.Offset, Key: one.Key,
				Detail: shown(one.Detail), Advice: verdict.AdviceOn(one.Kind), Facts: factsOf(&one, facts),
			})
		}
	}
	if d, ok := errors.AsType[*record.Difference](err); ok {
		for _, u := range d.Unmatched() {
			difference := report.Difference{Want: shown(u.Want), Got: shown(u.Got)}
			for _, m := range u.Fields {
				difference.Fields = append(difference.Fields, report.Field{Name: m.Field, Want: shown(m.Want), Got: shown(m.Got)})
			}
			f.Differences = append(f.Differences, difference)
		}
	}
}

// factsOf are the numbers of the facts that tell how a finding came about: all that is known of its record, the first
// commit behind it, and the writes of its dead letter.
func factsOf(f *verdict.Finding, facts []journal.Fact) []int64 {
	var told []int64
	committed := map[string]bool{} // groups and applications whose first commit behind the record was seen
	setAside := ""                 // the application that set the record aside, until what it writes next is there
	for i := range facts {
		fact := &facts[i]
		if len(told) == mostFindingFacts {
			break
		}
		switch {
		case isOf(f, fact):
			told = append(told, fact.Seq)
			if fact.Kind == journal.DeadLettered {
				setAside = fact.App
			}
		case setAside != "" && fact.App == setAside && fact.Kind == journal.ProduceAttempt && fact.Topic != f.Topic:
			told = append(told, fact.Seq)
			if fact.Error == "" {
				setAside = ""
			}
		case f.Offset >= 0 && isCommitBehind(f, fact):
			if by := cmp.Or(fact.Group, fact.App) + string(fact.Kind); !committed[by] {
				committed[by] = true
				told = append(told, fact.Seq)
			}
		}
	}
	slices.Sort(told)
	return told
}

// isOf tells whether a fact is about the record of a finding; where the finding names no record, about its partition as
// a group sees it; where it names no partition either, about its key.
func isOf(f *verdict.Finding, fact *journal.Fact) bool {
	switch {
	case f.Topic == "" || fact.Topic != f.Topic && !isOfGroup(fact):
		return false
	case f.Offset < 0 && f.Partition >= 0:
		return fact.Partition == f.Partition && !slices.Contains([]journal.Kind{journal.Fetched, journal.GroupPosition,
			journal.Processed}, fact.Kind) || isOfGroup(fact) && fact.Kind != journal.GroupHeartbeat
	case f.Offset < 0:
		return f.Key != "" && fact.Key == f.Key
	case fact.Partition != f.Partition:
		return false
	}
	if fact.Offset < 0 && f.Key != "" && fact.Key == f.Key { // such as a retry that names no offset
		return true
	}
	switch detail := fact.Detail.(type) {
	case *journal.Attempt:
		if f.Kind == verdict.Duplicate && fact.Error != "" { // what had no answer may be the first of the two
			return true
		}
		return fact.Offset <= f.Offset && f.Offset < fact.Offset+max(fact.Count, 1)
	case *journal.Fetch:
		return detail.FirstOffset >= 0 && detail.FirstOffset <= f.Offset && f.Offset <= detail.LastOffset
	case *journal.Commit:
		return fact.Offset == f.Offset
	}
	return fact.Offset == f.Offset
}

// isOfGroup is true of what members of a group say and are told, but for the first answer to a new member, which only
// gives it its id (KIP-394).
func isOfGroup(fact *journal.Fact) bool {
	_, ok := fact.Detail.(*journal.Membership)
	return ok && fact.Error != "MEMBER_ID_REQUIRED"
}

// isCommitBehind is true of a commit by which the record of a finding counts as done.
func isCommitBehind(f *verdict.Finding, fact *journal.Fact) bool {
	return (fact.Kind == journal.GroupCommit || fact.Kind == journal.Committed) && fact.Error == "" &&
		fact.Topic == f.Topic && fact.Partition == f.Partition && fact.Offset > f.Offset
}
