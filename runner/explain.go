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

// factsOf are the numbers of the facts that tell how a finding came about: all that is known of its record, and the
// first commit behind it.
func factsOf(f *verdict.Finding, facts []journal.Fact) []int64 {
	var told []int64
	committed := map[string]bool{} // groups and applications whose first commit behind the record was seen
	for i := range facts {
		fact := &facts[i]
		if len(told) == mostFindingFacts {
			break
		}
		switch {
		case isOf(f, fact):
			told = append(told, fact.Seq)
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
		return fact.Partition == f.Partition && fact.Kind != journal.Fetched && fact.Kind != journal.Processed ||
			isOfGroup(fact) && fact.Kind != journal.GroupHeartbeat
	case f.Offset < 0:
		return f.Key != "" && fact.Key == f.Key
	case fact.Partition != f.Partition:
		return false
	}
	switch detail := fact.Detail.(type) {
	case *journal.Attempt:
		return fact.Offset <= f.Offset && f.Offset < fact.Offset+max(fact.Count, 1)
	case *journal.Fetch:
		return detail.FirstOffset >= 0 && detail.FirstOffset <= f.Offset && f.Offset <= detail.LastOffset
	case *journal.Commit:
		return fact.Offset == f.Offset
	}
	return fact.Offset == f.Offset
}

// isOfGroup is true of what members of a group say and are told.
func isOfGroup(fact *journal.Fact) bool {
	_, ok := fact.Detail.(*journal.Membership)
	return ok
}

// isCommitBehind is true of a commit by which the record of a finding counts as done.
func isCommitBehind(f *verdict.Finding, fact *journal.Fact) bool {
	return (fact.Kind == journal.GroupCommit || fact.Kind == journal.Committed) && fact.Error == "" &&
		fact.Topic == f.Topic && fact.Partition == f.Partition && fact.Offset > f.Offset
}
