package world_test

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// Compaction is no excuse for a record that was in the log when all groups had committed past it.
func TestPassedLeavesNoExcuse(t *testing.T) {
	group := func(offset int64, sent time.Duration) map[int32][]membership.Commit {
		return map[int32][]membership.Commit{0: {{Offset: 1, Sent: 0}, {Offset: offset, Sent: sent}}}
	}
	compacted := verdict.Cleaned{May: true, Until: 5 * time.Second}
	unsure, unknown := verdict.Cleaned{Unsure: true, Until: compacted.Until}, verdict.Cleaned{May: true}
	left := verdict.Cleaned{Until: 5 * time.Second}
	for name, c := range map[string]struct {
		passed world.Passed
		how    verdict.Cleaned
		want   verdict.Cleaned
	}{
		"by one group":                       {world.Passed{group(8, 4*time.Second)}, compacted, left},
		"by two":                             {world.Passed{group(8, time.Second), group(9, 4*time.Second)}, compacted, left},
		"unsure whether it was compaction":   {world.Passed{group(8, 4*time.Second)}, unsure, left},
		"when it may have been gone":         {world.Passed{group(8, 5*time.Second)}, compacted, compacted},
		"by one of two":                      {world.Passed{group(8, 0), group(7, 0)}, compacted, compacted},
		"by one of two in time":              {world.Passed{group(8, 0), group(8, 6*time.Second)}, compacted, compacted},
		"by nobody that is known":            {nil, compacted, compacted},
		"up to it, and not past it":          {world.Passed{group(7, time.Second)}, compacted, compacted},
		"nobody knows how long it was there": {world.Passed{group(8, 0)}, unknown, unknown},
		"it was no compaction":               {world.Passed{group(8, 0)}, verdict.Cleaned{}, verdict.Cleaned{}},
	} {
		var got verdict.Cleaned
		passed := func() world.Passed { return c.passed }
		handed := world.UnlessPassed(passed, func(_ *record.Record, how verdict.Cleaned) { got = how })
		handed(&record.Record{Partition: 0, Offset: 7}, c.how)
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
		if other := (&record.Record{Partition: 1, Offset: 7}); c.passed != nil {
			if handed(other, c.how); got != c.how {
				t.Errorf("%s, in a partition without commits: got %+v, want %+v", name, got, c.how)
			}
		}
	}
}
