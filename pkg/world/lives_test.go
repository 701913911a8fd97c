package world

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// story is a journal made by hand, of application "reader" in group "shipping" on "orders".
type story struct {
	*testing.T
	topic      *Topic
	connection uint64
}

func newStory(t *testing.T) *story {
	s := &story{t, newTopic(t), 0}
	w := s.topic.world
	w.applications = map[string]*Application{"reader": {Name: "reader", Group: "shipping", Inputs: []string{"orders"},
		world: w, Running: &app.App{}}}
	t.Cleanup(func() { w.applications = nil }) // there is none to be ended
	return s
}

func (s *story) add(kind journal.Kind, api string, offset int64, detail journal.Detail) {
	now := s.topic.world.Journal.Since(time.Now())
	s.topic.world.Journal.Add(journal.Fact{Kind: kind, Source: journal.SourceWire, App: "reader", Group: "shipping",
		Topic: "orders", Offset: offset, Detail: detail, Request: &journal.Request{API: api, Connection: s.connection,
			Sent: now, Answered: now, Outcome: journal.Answered}})
}

func (s *story) connected(open bool) {
	now := s.topic.world.Journal.Since(time.Now())
	s.topic.world.Journal.Add(journal.Fact{Kind: journal.Connected, App: "reader", Partition: -1, Offset: -1,
		Request: &journal.Request{Connection: s.connection, Sent: now}, Detail: &journal.Connection{Open: open}})
}

// joins begins a member of its own, that reads from 0.
func (s *story) joins() {
	s.isGiven()
	s.reads(0)
}

// isGiven begins a member that does not read yet.
func (s *story) isGiven() {
	s.connection++
	s.connected(true)
	s.add(journal.GroupAssigned, "SyncGroup", -1, &journal.Membership{Member: s.member(),
		Assigned: []journal.TopicPartitions{{Topic: "orders", Partitions: []int32{0}}}})
}

func (s *story) reads(from int64) { s.add(journal.GroupPosition, "Fetch", from, &journal.Fetch{}) }

func (s *story) member() string { return strings.Repeat("m", int(s.connection)) }

func (s *story) processes(offsets ...int64) {
	for _, o := range offsets {
		s.topic.world.Journal.Add(processed(o))
	}
}

func (s *story) commits(offset int64) {
	s.add(journal.GroupCommit, "OffsetCommit", offset, &journal.Commit{Member: s.member()})
}

func (s *story) leaves() {
	s.add(journal.GroupLeft, "LeaveGroup", -1, &journal.Membership{Member: s.member(), Leaving: true})
}

func (s *story) speaks() {
	s.add(journal.GroupHeartbeat, "Heartbeat", -1, &journal.Membership{Member: s.member()})
}

func (s *story) deletes() { s.add(journal.TopicDeleted, "DeleteTopics", -1, nil) }

// remakes makes the topic again, with two records.
func (s *story) remakes() {
	s.topic.again(s.T, 1)
	s.add(journal.TopicMade, "CreateTopics", -1, nil)
	if _, err := s.topic.Count(context.Background()); err != nil {
		s.Fatal(err)
	}
	s.topic.put(s.T, "w0", "w1")
}

func (s *story) owns() {
	s.joins()
	s.processes(0, 1)
	s.commits(2)
}

// leavesWork leaves without a commit of what it has processed.
func (s *story) leavesWork() {
	s.joins()
	s.processes(0, 1)
	s.leaves()
}

func (s *story) handsOver() {
	s.owns()
	s.leaves()
	s.connected(false)
}

// What is unclear of a topic before makes all unclear, whatever else was judged. That there was nothing to judge does
// not.
func TestHandoversOfTheTopicBefore(t *testing.T) {
	inconclusive, right := string(verdict.Inconclusive), ""
	closes := func(s *story) { s.connected(false) }
	goesOn := func(s *story) {
		s.speaks()
		s.connected(false)
	}
	wrong := func(s *story) {
		s.leavesWork()
		s.connected(false)
	}
	for name, c := range map[string]struct {
		before, deleted, again func(*story) // what happens while it is there, once it is deleted, and on the next one
		want                   string
	}{
		"closes its connection just after the deletion": {(*story).leavesWork, closes, nil, verdict.RevokedUncommitted},
		"the same, and the next is right": {(*story).leavesWork, closes, (*story).handsOver,
			verdict.RevokedUncommitted},
		"goes on after the deletion":     {(*story).leavesWork, goesOn, (*story).handsOver, inconclusive},
		"goes on, and the next is wrong": {(*story).leavesWork, goesOn, wrong, verdict.RevokedUncommitted},
		"commits": {func(s *story) {
			s.owns()
			s.leaves()
		}, closes, nil, right},
		"nobody gave anything up":                   {(*story).owns, nil, nil, inconclusive},
		"nobody gave anything up, and the next did": {(*story).owns, nil, (*story).handsOver, right},
	} {
		t.Run(name, func(t *testing.T) {
			s := tell(t, c.before, c.deleted, c.again)
			wants(t, s.topic.world.Group("shipping").JudgeWorkAlways(t.Context(), s.topic, verdict.Handovers), c.want)
		})
	}
}

// A member that had not begun to read when the topic was deleted never will. One of the next topic is waited for.
func TestStartsOnTheTopicBefore(t *testing.T) {
	from := func(offset int64) func(*story) {
		return func(s *story) {
			s.handsOver()
			s.isGiven()
			s.reads(offset)
			s.leaves()
			s.connected(false)
		}
	}
	waits := func(s *story) {
		s.handsOver()
		s.isGiven()
	}
	for name, c := range map[string]struct {
		before, again func(*story)
		want          string
	}{
		"begins at the commit":                 {from(2), nil, ""},
		"begins elsewhere":                     {from(0), from(2), verdict.WrongStart},
		"has not begun, and the next is right": {waits, from(2), ""},
		"has not begun, and the next is wrong": {waits, from(0), verdict.WrongStart},
		"has not begun, and there is no other": {waits, nil, string(verdict.Inconclusive)},
		"the next has not begun":               {from(2), waits, string(verdict.Inconclusive)},
	} {
		t.Run(name, func(t *testing.T) {
			s := tell(t, c.before, nil, c.again)
			wants(t, s.topic.world.Group("shipping").JudgeAlways(s.topic, verdict.Starts), c.want)
		})
	}
}

// tell tells what happens while a topic is there, once it is deleted, and on the next one.
func tell(t *testing.T, before, deleted, again func(*story)) *story {
	t.Helper()
	s := newStory(t)
	s.topic.put(t, "v0", "v1")
	if _, err := s.topic.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	before(s)
	s.deletes()
	if deleted != nil {
		deleted(s)
	}
	s.remakes()
	if again != nil {
		again(s)
	}
	return s
}

// wants wants an error that tells of something; none where that is empty.
func wants(t *testing.T, err error, what string) {
	t.Helper()
	switch {
	case what == "" && err != nil, what == string(verdict.Inconclusive) && !errors.Is(err, verdict.ErrInconclusive),
		what != "" && (err == nil || !strings.Contains(err.Error(), what)):
		t.Errorf("got %v, want %q", err, what)
	}
}
