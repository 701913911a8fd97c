package builtin

// Event time: clock times in tables, of a declared day, so that features on windows and joins read like a timetable.

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func eventTimeSteps(s *steps.Registry) {
	s.Step("the day is {day}", theDayIs, steps.Defines("day"))
}

// theDayIs says of which day, in UTC, clock times in tables are: in the column timestamp, with seconds and milliseconds
// where they matter, and in the column window of expected windows.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And these records are in "readings":
//	  | key | value         | timestamp    |
//	  | m1  | {"amount": 5} | 10:04:59.999 |
//	Then "readings" contains exactly:
//	  | key | timestamp                |
//	  | m1  | 2026-01-05T10:04:59.999Z |
func theDayIs(ctx context.Context, day string) error {
	world.FromContext(ctx).SetVariable(record.Day, day)
	return nil
}
