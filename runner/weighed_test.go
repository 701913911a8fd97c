package runner

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// The facts of a finding and of a hint come before all others in what happened, also commits that no step judges.
func TestWhatFindingsAndHintsNameIsCause(t *testing.T) {
	weigh := weighed(world.Needs{}, &report.Failure{Findings: []report.Finding{{Facts: []int64{3}}},
		Hints: []report.Hint{{Fact: 4}, {}}})
	for want, facts := range map[journal.Weight][]journal.Fact{
		journal.Cause:    {{Seq: 3, Kind: journal.GroupCommit}, {Seq: 4, Kind: journal.Exited}},
		journal.Telling:  {{Seq: 5, Kind: journal.Killed}},
		journal.Ordinary: {{Seq: 6, Kind: journal.Processed}},
		journal.Ignored:  {{Seq: 7, Kind: journal.GroupCommit}, {Seq: 8, Kind: journal.LogLine}},
	} {
		for _, f := range facts {
			if got := weigh(&f); got != want {
				t.Errorf("%s %d: got weight %d, want %d", f.Kind, f.Seq, got, want)
			}
		}
	}
}
