package membership

import (
	"cmp"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Shares is what is known of one topic in one share group (KIP-932), by partition and in order of time.
type Shares struct {
	Group, Topic string
	Events       map[int32][]ShareEvent
	Records      int64  // how many were given to members, each as often as it was
	UnclearWork  string // why it is not known whether some work was done for the group; empty where it is
}

// ShareEvent is one thing that happened to a range of offsets.
type ShareEvent struct {
	What        ShareWhat
	At          time.Duration // given: when the answer came; said: when it was sent
	App, Member string
	Range       journal.ShareRange
	Taken       bool // of what is said: the group has answered that it is in force
	Unknown     bool // of what is said: the member got no answer
	Aside       bool // of work: the record was set aside
}

// ShareWhat is what happened.
type ShareWhat int

// What can happen. Of work the range is one offset; of an end it counts for all that the application held.
const (
	ShareGiven ShareWhat = iota
	ShareSaid
	ShareWorked
	ShareEnded // the session, or a connection of the application: all that it held is given back
)

// SharesOf puts together what facts tell of a topic in a share group. Member tells whether an application is in the
// group: of what it does no fact names one.
func SharesOf(facts []journal.Fact, group, topic string, member func(app string) bool) *Shares {
	s := &Shares{Group: group, Topic: topic, Events: map[int32][]ShareEvent{}}
	readers := ReadersOf(facts, topic)
	var ends []ShareEvent
	for i := range facts {
		f := &facts[i]
		switch d := f.Detail.(type) {
		case *journal.Share:
			switch {
			case f.Group != group || f.Request == nil:
			case f.Kind == journal.ShareClosed:
				ends = append(ends, ShareEvent{What: ShareEnded, At: f.Request.Sent, App: f.App, Member: d.Member})
			case f.Topic == topic:
				s.shared(f, d)
			}
			continue
		case *journal.Connection:
			if !d.Open && member(f.App) {
				ends = append(ends, ShareEvent{What: ShareEnded, At: f.At, App: f.App})
			}
			continue
		}
		if worked := f.Kind == journal.Processed || f.Kind == journal.DeadLettered; worked && f.Topic == topic &&
			readers.Works(f, group, member) {
			s.UnclearWork = cmp.Or(s.UnclearWork, readers.Unclear(f, group, member))
			s.add(f.Partition, ShareEvent{What: ShareWorked, At: f.At, App: f.App,
				Aside: f.Kind == journal.DeadLettered, Range: journal.ShareRange{First: f.Offset, Last: f.Offset}})
		}
	}
	for p := range s.Events {
		s.Events[p] = append(s.Events[p], ends...)
		slices.SortStableFunc(s.Events[p], func(a, b ShareEvent) int { return cmp.Compare(a.At, b.At) })
	}
	return s
}

// shared adds what a member was given or has said of a partition.
func (s *Shares) shared(f *journal.Fact, d *journal.Share) {
	e := ShareEvent{What: ShareGiven, At: f.Request.Answered, App: f.App, Member: d.Member}
	switch {
	case f.Kind == journal.ShareAcknowledged:
		e.What, e.At = ShareSaid, f.Request.Sent
		// an answer that was cut off says what is in force, and the member does not know it
		e.Unknown = f.Request.Outcome == journal.Cut
		e.Taken = f.Error == "" || e.Unknown && d.Code == 0 && !d.Unanswered
	case f.Request.Outcome != journal.Answered:
		return // the member did not get it
	}
	for _, r := range d.Ranges {
		e.Range = r
		if e.What == ShareGiven {
			s.Records += r.Last - r.First + 1
		}
		s.add(f.Partition, e)
	}
}

func (s *Shares) add(partition int32, e ShareEvent) {
	s.Events[partition] = append(s.Events[partition], e)
}
