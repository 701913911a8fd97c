package membership

import (
	"maps"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// beginnings finds the read by which each application begins a partition that it was given.
type beginnings struct {
	of   map[read]*beginning
	came map[read]came // by the last read of each
}

type read struct {
	app string
	place
}

// came are the offsets that the last read has brought; none at the offset where it brought nothing.
type came struct{ from, to int64 }

// beginning is what is known since a partition was given.
type beginning struct {
	group   string
	given   time.Duration
	begun   bool
	carried bool          // by a read that went on where the application was before the assignment
	offset  int64         // that the group has told the application, -1 for none
	told    time.Duration // when it did
}

func newBeginnings() beginnings {
	return beginnings{of: map[read]*beginning{}, came: map[read]came{}}
}

// forget drops what an application had read, and was to begin.
func (b *beginnings) forget(app string) {
	maps.DeleteFunc(b.of, func(of read, _ *beginning) bool { return of.app == app })
	maps.DeleteFunc(b.came, func(of read, _ came) bool { return of.app == app })
}

// give takes a partition that the answer f gives to its application.
func (b *beginnings) give(f *journal.Fact, at place) {
	b.of[read{f.App, at}] = &beginning{group: f.Group, given: f.Request.Answered, offset: -1}
}

// told is what the group says that it has committed, where it is asked once the partition is given.
func (b *beginnings) told(f *journal.Fact, d *journal.Begin) {
	o := b.of[read{f.App, place{f.Topic, f.Partition}}]
	if o != nil && o.group == f.Group && d.Code == 0 && f.Request.Sent >= o.given {
		o.offset, o.told = f.Offset, f.Request.Answered
	}
}

// reads tells whether a Fetch is the first of a partition since it was given, and makes such a fact a group-position.
//
// A client that is told of an assignment may have a request on its way that goes on where it was: aiokafka sends such
// ones until it has read the answer. So a read that goes on so is taken for the beginning, and that at the offset which
// the group then tells takes its place.
func (b *beginnings) reads(f *journal.Fact, d *journal.Fetch) bool {
	at := read{f.App, place{f.Topic, f.Partition}}
	before, known := b.came[at]
	goesOn := known && before.to == f.Offset
	switch {
	case d.LastOffset >= max(f.Offset, 0) && d.Code == 0:
		b.came[at] = came{max(f.Offset, d.FirstOffset), d.LastOffset + 1}
	case f.Offset >= 0 && !goesOn:
		b.came[at] = came{f.Offset, f.Offset}
	}
	o := b.of[at]
	if o == nil || f.Offset < 0 || f.Request.Sent < o.given {
		return false
	}
	asTold := f.Offset == o.offset && f.Request.Sent >= o.told
	switch {
	case !o.begun:
		o.begun, o.carried = true, goesOn && !asTold
		if goesOn {
			d.Held = before.to - before.from
		}
	case o.carried && asTold:
		o.carried, d.Anew = false, true
	default:
		return false
	}
	f.Kind = journal.GroupPosition
	return true
}
