package builtin

import "time"

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
