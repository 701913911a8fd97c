package benchmark

import (
	"cmp"
	"time"
)

// Add adds what another process sent of the same load. ahead is how far its clock is ahead of the common one.
func (s *Sent) Add(other Sent, ahead time.Duration) {
	s.Acknowledged += other.Acknowledged
	s.Refused += other.Refused
	s.Unknown += other.Unknown
	s.FirstError = cmp.Or(s.FirstError, other.FirstError)
	s.Behind = max(s.Behind, other.Behind)
	s.Seconds, s.Rate = s.Span.add(other.Span, ahead)
}

// Add adds what another process received of the same load, but for its latencies: AddHistograms does. Percentiles over
// time cannot be added and are left out.
func (r *Received) Add(other Received, ahead time.Duration) {
	r.Events += other.Events
	r.Records += other.Records
	r.Timed += other.Timed
	r.Lost += other.Lost
	r.Repeated += other.Repeated
	r.Reordered += other.Reordered
	r.Foreign += other.Foreign
	r.Examples = append(r.Examples, other.Examples...)
	r.OverHour += other.OverHour
	r.Negative += other.Negative
	r.Complete = r.Complete && other.Complete
	r.Seconds, r.Rate = r.Span.add(other.Span, ahead)
}

// add widens the span, and returns its length in seconds and the rate in it.
func (s *Span) add(other Span, ahead time.Duration) (seconds, rate float64) {
	if !other.Began.IsZero() {
		began, ended := other.Began.Add(-ahead), other.Ended.Add(-ahead)
		if s.Began.IsZero() || began.Before(s.Began) {
			s.Began = began
		}
		if ended.After(s.Ended) {
			s.Ended = ended
		}
		s.Counted += other.Counted
	}
	if seconds = s.Ended.Sub(s.Began).Seconds(); seconds > 0 {
		rate = float64(s.Counted) / seconds
	}
	return seconds, rate
}
