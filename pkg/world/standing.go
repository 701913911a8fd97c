package world

// Until when a record that is gone was in the log: from where the log was seen to begin.

import (
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// stood is a start of a log, and when it was seen to be that for the last time.
type stood struct {
	start int64
	at    time.Duration
}

// seeStarts takes where the logs began, no sooner than at a time of the journal.
func (a *acknowledged) seeStarts(found Offsets, at time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stood == nil {
		a.stood = map[int32][]stood{}
	}
	for p, start := range found {
		seen := a.stood[int32(p)]
		switch n := len(seen); {
		case n > 0 && seen[n-1].start == start:
			seen[n-1].at = max(seen[n-1].at, at)
		case n == 0 || seen[n-1].start < start:
			a.stood[int32(p)] = append(seen, stood{start, at})
		}
	}
}

// until says of a record that is gone, as its log begins behind it, until when it was in the log for certain.
func (a *acknowledged) until(how verdict.Cleaned, partition int32, offset int64) verdict.Cleaned {
	a.mu.Lock()
	defer a.mu.Unlock()
	seen := a.stood[partition]
	if n := len(seen); how.May || n == 0 || seen[n-1].start <= offset {
		return how
	}
	for _, s := range seen {
		if s.start <= offset {
			how.Until = s.at
		}
	}
	return how
}
