package builtin

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// setAside are dead letters, in the order in which they were safe.
type setAside []safeLetter

type safeLetter struct {
	safe   time.Duration // when it was acknowledged; 0 where that is not known
	record place
}

// until tells of those that were safe at a time, and returns the others.
func (s setAside) until(at time.Duration, tell func(partition int32, offset int64)) setAside {
	for len(s) > 0 && s[0].safe <= at {
		tell(s[0].record.partition, s[0].record.offset)
		s = s[1:]
	}
	return s
}

// goneAfter counts the dead letters before the start of the log that were acknowledged only after a time: whatever
// record they were of, it was not set aside by then.
func goneAfter(ctx context.Context, dead *world.Topic, written map[place]time.Duration, at time.Duration) (count int64,
	err error) {
	start, _, err := dead.Bounds(ctx)
	for letter, safe := range written {
		if letter.offset < start.At(int(letter.partition)) && safe > at {
			count++
		}
	}
	return count, err
}
