package benchmark

import (
	"fmt"
	"time"
)

// Share is what one of several processes takes of a load: some of its producers and some of its partitions. Which
// events stand on which partition is known beforehand, so each process knows which it must receive, and what the
// processes count can be added. The zero value takes all.
type Share struct {
	Index int `json:"index"` // from 0
	Count int `json:"count"`
}

// String is, for example, "2/4", or "all".
func (s Share) String() string {
	if s.Count == 0 {
		return "all"
	}
	return fmt.Sprintf("%d/%d", s.Index+1, s.Count)
}

// part is true where others have shares too.
func (s Share) part() bool { return s.Count > 1 }

func (s Share) count() int { return max(s.Count, 1) }

// producers are those of all processes.
func (s Share) producers(each int) int64 { return int64(each * s.count()) }

// producer is the number of a process's producer i among all.
func (s Share) producer(i int) int64 { return int64(s.Index + i*s.count()) }

// sends is how many of the first n events the process sends.
func (s Share) sends(n int64, each int) (count int64) {
	all := s.producers(each)
	for i := range each {
		count += (n - s.producer(i) + all - 1) / all
	}
	return count
}

// Reads is true of a partition that the process reads.
func (s Share) Reads(partition int32) bool { return int(partition)%s.count() == s.Index }

// partitions are those that a process's consumer reads.
func (s Share) partitions(all int32, consumer, consumers int) (own []int32) {
	step := int32(s.count() * consumers)
	for p := int32(s.Index + consumer*s.count()); p < all; p += step {
		own = append(own, p)
	}
	return own
}

// receives is how many of the first n events stand on partitions that the process reads: event k of a producer is on
// partition k modulo their number.
func (s Share) receives(n, producers int64, partitions int32) (count int64) {
	rows, rest := n/producers, n%producers
	for p := range int64(partitions) {
		if !s.Reads(int32(p)) {
			continue
		}
		count += (rows - p + int64(partitions) - 1) / int64(partitions) * producers
		if rows%int64(partitions) == p {
			count += rest
		}
	}
	return count
}

// check says what cannot be shared. events are those after the warm-up.
func (s Share) check(events int64, producers int) error {
	switch {
	case s.Count < 0 || s.Count > 1000 || s.Index < 0 || s.Index >= s.count():
		return fmt.Errorf("got share %d of %d, want one of 1 to 1000", s.Index+1, s.Count)
	case s.part() && events < s.producers(producers):
		return fmt.Errorf("got %d events after the warm-up for %d producers in %d processes, want at least one for each",
			events, s.producers(producers), s.Count)
	}
	return nil
}

// Span is the time in which the events of a rate were counted, by the clock of the process.
type Span struct {
	Began   time.Time `json:"began,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	Counted int64     `json:"counted"` // events of the rate
}

func span(began, ended, counted int64) Span {
	return Span{time.Unix(0, began).UTC(), time.Unix(0, ended).UTC(), counted}
}
