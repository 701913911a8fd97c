package builtin

// Dead letters and commits, seen on the wire: for applications in any language, by what they were told and not by what
// they say of themselves.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/deadletter"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// noCommitBeforeLetter judges that each commit that passes a record which became a dead letter was sent after the
// cluster had acknowledged the dead letter; of several of one record the first counts, also where another application
// wrote it. Dead letters are looked for in the topics that the application wrote; each names its record in its headers
// dlq-source-topic, dlq-source-partition and dlq-source-offset, or in those that dead-letters of the profile says. Not
// looked at: records that were processed.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the next 2 Produce requests from "shipping" to "orders_dlq" fail with NOT_LEADER_OR_FOLLOWER
//	When the record "not json" is sent to "orders"
//	And "shipping" has caught up with "orders"
//	Then "orders_dlq" contains exactly 1 record
//	And "shipping" committed no offset of "orders" before the dead letter was acknowledged
func noCommitBeforeLetter(ctx context.Context, a *world.Application, input *world.Topic) error {
	w := world.FromContext(ctx)
	judge := verdict.NewLetters(a.Name, input.Name)
	gone, err := safeLetters(ctx, a, input, judge.DeadLetter)
	if err != nil {
		return err
	}
	w.InForceAsSent(func(f *journal.Fact) bool {
		return f.App == a.Name && f.Group == a.Group && f.Topic == input.Name
	}, func(f, end *journal.Fact) {
		if c, ok := membership.CommitOf(f); ok {
			c.Sent = saidAt(f, end)
			judge.Committed(c)
		}
	})
	return cmp.Or(gone.Judged(judge.Result()), gone.Err())
}

// safeLetters tells of each dead letter of an input when its writer learned that it is safe, in the journal's time; 0
// where the application wrote it and never did. Looked at are the topics that the application wrote, in which other
// members may have written as well. Gone are dead letters that nothing can be told of.
func safeLetters(ctx context.Context, a *world.Application, input *world.Topic,
	tell func(partition int32, offset int64, safe time.Duration)) (gone *world.GoneError, err error) {
	w := world.FromContext(ctx)
	own := func(app string) bool { return app == a.Name }
	written := writingsOf(w, input, func(string) bool { return true }, own)
	named := sources{}
	for _, dead := range written.topics(w, own) {
		t, err := w.Present(ctx, dead)
		if err != nil {
			return nil, err
		}
		var bad error
		holdsLetters := false
		see := func(r *record.Record) {
			if source(r, deadletter.Offset) == "" {
				return // no dead letter
			}
			holdsLetters = true
			switch topic, at, err := sourceOf(w, r); {
			case err != nil:
				bad = world.Final(err)
			case named.are(topic, at, r) && topic == input:
				switch safe := written.safe(t, r); safe {
				case 0: // somebody else wrote it, unseen
				case never:
					tell(at.partition, at.offset, 0)
				default:
					tell(at.partition, at.offset, safe)
				}
			}
		}
		lost, err := whatIsLeft(t.ScanWhole(ctx, see, see))
		if err = cmp.Or(err, bad); err != nil {
			return nil, err
		}
		if lost != nil && holdsLetters {
			gone, lost.Certain = lost, verdict.AllBut()
		}
		if err := world.Settled(ctx, t); err != nil {
			return nil, err
		}
	}
	return gone, named.exist(ctx)
}

// saidAt is when an application said what came into force: the end of its transaction where it is of one.
func saidAt(f, end *journal.Fact) time.Duration {
	switch {
	case end != nil:
		return end.Request.Sent
	case f.Request != nil:
		return f.Request.Sent
	}
	return f.At
}

// letters tells which of an input's records the dead letters of a topic stand for, and returns what all of them name,
// whose records are to be looked for once the letters were judged, and which letters are gone.
func letters(ctx context.Context, input, dead *world.Topic, tell func(int32, int64, *record.Record)) (sources,
	*world.GoneError, error) {
	var bad error
	named := sources{}
	see := func(r *record.Record) {
		switch topic, at, err := sourceOf(world.FromContext(ctx), r); {
		case err != nil:
			bad = world.Final(err)
		case topic.WrittenEarlier(dead, r.Partition, r.Offset): // of a topic that had the name before
			if topic == input {
				named.earlier(at, r)
			}
		case named.are(topic, at, r) && topic == input:
			tell(at.partition, at.offset, original(r))
		}
	}
	gone, err := whatIsLeft(dead.ScanWhole(ctx, see, see))
	return named, gone, cmp.Or(err, bad)
}

// whatIsLeft tells from the error of reading a topic which of its records are gone.
func whatIsLeft(err error) (gone *world.GoneError, other error) {
	if gone, is := errors.AsType[*world.GoneError](err); is {
		return gone, nil
	}
	return nil, err
}

// sources are the records that dead letters name, each with the place of a letter that does, by topic; nil is the input
// before it was deleted and made again.
type sources map[*world.Topic]map[place]record.Record

// are takes what a dead letter names, but for records from before the scenario, of which it returns false.
func (s sources) are(topic *world.Topic, at place, letter *record.Record) bool {
	if topic.Before(at.partition, at.offset) {
		return false
	}
	if s[topic] == nil {
		s[topic] = map[place]record.Record{}
	}
	s[topic][at] = record.Record{Topic: letter.Topic, Partition: letter.Partition, Offset: letter.Offset}
	return true
}

// earlier takes what a letter names of the input before that was deleted and made again.
func (s sources) earlier(at place, letter *record.Record) {
	if s[nil] == nil {
		s[nil] = map[place]record.Record{}
	}
	s[nil][at] = record.Record{Topic: letter.Topic, Partition: letter.Partition, Offset: letter.Offset}
}

// setAside is true of a record of the input before that was made again which has a dead letter.
func (s sources) setAside(partition int32, offset int64) bool {
	_, has := s[nil][place{partition, offset}]
	return has
}

// exist is final where a dead letter names what is no record: behind the end of a log, or between records that are
// known. Of what stood before all of those nothing is known.
func (s sources) exist(ctx context.Context) error {
	byName := func(a, b *world.Topic) int { return cmp.Compare(a.Name, b.Name) }
	there := maps.Clone(s)
	delete(there, nil)
	for _, topic := range slices.SortedFunc(maps.Keys(there), byName) {
		named := s[topic]
		first := map[int32]int64{}
		see := func(r *record.Record) {
			if offset, seen := first[r.Partition]; !seen || r.Offset < offset {
				first[r.Partition] = r.Offset
			}
			delete(named, place{r.Partition, r.Offset})
		}
		if err := topic.ScanKnown(ctx, see, world.However(see)); err != nil {
			return err
		}
		ends, err := topic.Ends(ctx)
		if err != nil {
			return err
		}
		for at, letter := range named {
			known, seen := first[at.partition]
			if at.offset < ends.At(int(at.partition)) && (!seen || at.offset < known) {
				delete(named, at)
				continue
			}
			if err := world.Settled(ctx, topic); err != nil {
				return err // it may be of a transaction
			}
			return world.Final(fmt.Errorf("the dead letter in %q partition %d offset %d names %q partition %d offset %d, where "+
				"there is no record", letter.Topic, letter.Partition, letter.Offset, topic.Name, at.partition, at.offset))
		}
	}
	return nil
}

// original is the dead letter with the key that its record had, where a header tells that.
func original(r *record.Record) *record.Record {
	key, told := deadletter.Told(r.HeaderValues(), deadletter.Key)
	if !told {
		return r
	}
	as := *r
	as.Key = key
	return &as
}

// sourceOf reads from a dead letter's headers which record of which topic of the scenario it stands for. Of a header
// that is there twice, as after a redrive, the last one counts.
func sourceOf(w *world.World, r *record.Record) (*world.Topic, place, error) {
	t, p, o := source(r, deadletter.Topic), source(r, deadletter.Partition), source(r, deadletter.Offset)
	partition, perr := strconv.ParseInt(p, 10, 32)
	offset, oerr := strconv.ParseInt(o, 10, 64)
	topic, terr := w.Topic(t)
	if terr != nil || perr != nil || oerr != nil || partition < 0 || offset < 0 {
		format := w.LettersOf(r)
		return nil, place{}, fmt.Errorf("the dead letter in %q partition %d offset %d does not name its record: headers "+
			"%s %q, %s %q, %s %q; want those of a record of the scenario", r.Topic, r.Partition, r.Offset,
			format[deadletter.Topic].Name, t, format[deadletter.Partition].Name, p, format[deadletter.Offset].Name, o)
	}
	return topic, place{int32(partition), offset}, nil
}

// source is what a dead letter tells of its record.
func source(r *record.Record, field string) string {
	value, _ := deadletter.Told(r.HeaderValues(), field)
	return string(value)
}
