package verdict_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Windows are right with all of what compaction took, or without it; there is no verdict on what is neither, but where
// nothing that is gone explains it.
func TestEitherWindows(t *testing.T) {
	taken := []record.Record{windowEvent(0, 0, "m1", "1:0", "5"), windowEvent(0, 1, "m1", "2:0", "6")}
	kept := []record.Record{windowEvent(0, 2, "m1", "4:59", "7"), windowEvent(0, 3, "m1", "6:0", "1")}
	for name, c := range map[string]struct {
		compacted bool
		windows   []record.Record
		want      verdict.Outcome
	}{
		"with all":               {true, []record.Record{window(0, "m1", "0 3 18 5 7")}, verdict.Pass},
		"without":                {true, []record.Record{window(0, "m1", "0 1 7 7 7")}, verdict.Pass},
		"with one of two":        {true, []record.Record{window(0, "m1", "0 2 12 5 7")}, verdict.Inconclusive},
		"no window":              {true, nil, verdict.Inconclusive},
		"without, not compacted": {false, []record.Record{window(0, "m1", "0 1 7 7 7")}, verdict.Fail},
	} {
		j := verdict.NewEitherWindows("readings", "windows", "late", windowRules, c.compacted)
		for i := range taken {
			j.Unread(&taken[i])
		}
		for i := range kept {
			j.Input(&kept[i])
		}
		for i := range c.windows {
			j.Window(&c.windows[i])
		}
		if r := j.Result(); r.Outcome != c.want {
			t.Errorf("%s: got %s (%v), want %s", name, r.Outcome, r.Err(), c.want)
		}
	}
}
