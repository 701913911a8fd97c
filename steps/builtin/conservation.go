package builtin

// Conservation: every record of an input is accounted for, by the application's word or by its dead letter, and no
// commit runs ahead of that. A dead letter names its record in the headers dlq-source-topic, dlq-source-partition and
// dlq-source-offset, or in those that dead-letters of the profile says; those of several topics may share one topic of
// dead letters.

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func conservationSteps(s *steps.Registry) {
	s.Then("every record of {topic} was either processed by {app} or is in {topic}, exactly once", processedOrDead,
		steps.Claims(steps.InTheEnd))
	s.Then("every record of {topic} was processed by {app} or is in {topic}, at least once", processedOrDeadAtLeastOnce,
		steps.Claims(steps.InTheEnd))
	s.Then("no record of {topic} has two dead letters in {topic}", noSecondLetter, steps.Claims(steps.Always),
		steps.FromJournal)
	s.Then("{app} committed no offset of {topic} ahead of its work", noCommitAheadOfWork, steps.Claims(steps.Always),
		steps.With(world.NeedsMembers, world.NeedsAttempts), steps.FromJournal)
	s.Then("{app} committed no offset of {topic} ahead of its work, with dead letters in {topic}", noCommitAhead,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers, world.NeedsAttempts), steps.FromJournal)
	s.Then("{app} committed no offset of {topic} before the dead letter was acknowledged", noCommitBeforeLetter,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers, world.NeedsAttempts, world.ExpectsLetters),
		steps.FromJournal)
}

// place is where a record stands in its topic.
type place struct {
	partition int32
	offset    int64
}

// processedOrDead judges conservation: each record of the first topic was reported as processed by the application, or
// its dead letter is in the second topic with its key and value, and never both or twice. Other headers and the
// timestamp of a dead letter are not looked at. Not looked at: order, and what the dead letters hold beside their
// source, key and value.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once
func processedOrDead(ctx context.Context, input *world.Topic, a *world.Application, dead *world.Topic) error {
	judge := verdict.NewSplit(input.Name)
	if err := input.EarlierOnce(func(f *journal.Fact) bool { return f.App == a.Name }); err != nil {
		return err
	}
	return accountFor(ctx, input, a, dead, judge, judge.Processed, judge.DeadLettered, false)
}

// processedOrDeadAtLeastOnce judges that nothing was lost: each record of the first topic was reported as processed, or
// has a dead letter in the second topic, with its key and value. Repetitions are allowed, as after a crash. Of an
// application that reads the topic in several groups only lines that name its own count, and it is inconclusive where
// they name none. Not looked at: order, and what the dead letters hold beside their source, key and value.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once
func processedOrDeadAtLeastOnce(ctx context.Context, input *world.Topic, a *world.Application,
	dead *world.Topic) error {
	judge := verdict.NewSplit(input.Name)
	seen := map[place]bool{}
	once := func(tell func(int32, int64)) func(int32, int64) {
		return func(p int32, o int64) {
			if at := (place{p, o}); !seen[at] {
				seen[at] = true
				tell(p, o)
			}
		}
	}
	return accountFor(ctx, input, a, dead, judge, once(judge.Processed), once(judge.DeadLettered), true)
}

// noSecondLetter judges that no record was set aside twice, as exactly-once processing promises even after a crash.
// Each dead letter must name a record that there is or was. Not looked at: whether a record was processed as well.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then no record of "orders" has two dead letters in "orders_dlq"
func noSecondLetter(ctx context.Context, input, dead *world.Topic) error {
	seen := map[place]bool{}
	var second error
	named, gone, err := letters(ctx, input, dead, func(p int32, o int64, _ *record.Record) {
		if seen[place{p, o}] && second == nil {
			second = world.Final(fmt.Errorf("%q holds two dead letters of %q partition %d offset %d", dead.Name, input.Name, p,
				o))
		}
		seen[place{p, o}] = true
	})
	if err == nil {
		err = cmp.Or(second, named.exist(ctx), gone.Err())
	}
	if err == nil && len(seen) == 0 {
		err = fmt.Errorf("%w: %q holds no dead letter of %q", verdict.ErrInconclusive, dead.Name, input.Name)
	}
	if err != nil {
		return err
	}
	return world.Settled(ctx, dead)
}

// noCommitAhead judges every commit of the application's group against the work done before it: none may pass a record
// that no member of the group had reported as processed by then, and whose dead letter was not acknowledged. A commit
// and the log lines before it are in the order in which the application wrote them, if it does not buffer its output
// (Python does, unless PYTHONUNBUFFERED is set or it flushes). Offsets in a transaction count when its commit is sent,
// so the log line of a record must come before that, and not at all if it is aborted; its dead letters are acknowledged
// then. What a step has committed is not the application's. No commit may stand behind the end of the log. Not looked
// at: when others than members of the group wrote a dead letter.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "shipping" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq"
func noCommitAhead(ctx context.Context, a *world.Application, input, dead *world.Topic) error {
	return commitsFollow(ctx, a, input, dead)
}

// noCommitAheadOfWork judges the same of an application that sets nothing aside: no commit may pass a record that no
// member of the group had reported as processed by then. Not looked at: dead letters.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And the record "a" is in "orders"
//	When "first" has caught up with "orders"
//	Then "first" committed no offset of "orders" ahead of its work
func noCommitAheadOfWork(ctx context.Context, a *world.Application, input *world.Topic) error {
	return commitsFollow(ctx, a, input, nil)
}

// commitsFollow judges commits against work, and against dead letters where there is a topic of them.
func commitsFollow(ctx context.Context, a *world.Application, input, dead *world.Topic) error {
	w := world.FromContext(ctx)
	// before looking at the work, so that a commit seen is never newer than the work seen
	group := w.Group(a.Group)
	committed, err := group.Committed(ctx, input)
	if err != nil {
		return err
	}
	judge := verdict.NewCommits(input.Name)
	told := map[int32]int64{} // the furthest commit that the wire has seen, by partition
	var set setAside
	var written map[place]time.Duration
	done, last := false, time.Duration(0) // when the group committed last
	exist, topics := func() error { return nil }, []*world.Topic{input}
	var gone *world.GoneError
	before := sources{}
	if dead != nil {
		writings := writingsOf(w, input, group.Has, group.Has)
		written = writings.acknowledged[dead.Name]
		named, lost, err := letters(ctx, input, dead, func(partition int32, offset int64, letter *record.Record) {
			set = append(set, safeLetter{writings.safe(dead, letter), place{partition, offset}})
			done = true
		})
		if err != nil {
			return err
		}
		before = named
		exist, topics = func() error { return named.exist(ctx) }, append(topics, dead)
		if gone = lost; gone != nil {
			gone.Certain, gone.Once = verdict.AllBut(verdict.CommitAhead), true
		}
	}
	slices.SortFunc(set, func(a, b safeLetter) int { return cmp.Compare(a.safe, b.safe) })
	worked := group.Worked(input)
	earlier, err := earlierCommitsFollow(ctx, group, input, before, written)
	if err != nil {
		return err
	}
	w.InForceAsSent(func(f *journal.Fact) bool {
		return f.Topic == input.Name && (f.Kind == journal.GroupCommit && f.Group == group.Name || worked(f))
	}, func(f, end *journal.Fact) {
		set = set.until(saidAt(f, end), judge.SetAside)
		feedCommits(judge, f, end)
		switch {
		case f.Kind == journal.Processed:
			done = true
		case f.Source != journal.SourceKafkaspec && f.Error == "":
			last = max(last, saidAt(f, end))
			told[f.Partition] = max(told[f.Partition], f.Offset)
		}
	})
	for _, letter := range set.until(never-1, judge.SetAside) {
		judge.Unsafe(letter.record.partition, letter.record.offset)
	}
	// behind the facts: what was processed by then is in the topic
	if err := input.ScanKnown(ctx, judge.Input, judge.Gone); err != nil {
		return err
	}
	ends, err := input.Ends(ctx)
	if err != nil {
		return err
	}
	seen := toldAtTheEnd(judge, committed, ends, told)
	if seen && !done && !group.WorkedEver(input) {
		return cmp.Or(gone.Err(), fmt.Errorf("%w: group %q committed, and no log line of its applications says that a "+
			"record of %q was processed; give the application patterns that fit what it logs", verdict.ErrInconclusive, a.Group,
			input.Name))
	}
	if !seen {
		if err := committedElsewhere(a, input); err != nil {
			return err
		}
	}
	if gone != nil {
		late, err := goneAfter(ctx, dead, written, last)
		if err != nil {
			return err
		}
		gone.Most -= late
	}
	result := judge.Result().Unclear(group.UnclearWork(input), verdict.CommitAhead, verdict.CommitPastEnd,
		verdict.Unexpected)
	err = group.Unheard(earlier.With(gone.Judged(result)))
	if err := cmp.Or(world.Found(ctx, err, input), exist(), gone.Err()); err != nil {
		return err
	}
	return world.Settled(ctx, topics...)
}

// accountFor judges what became of each record that is in the input or gone from it: what the application reported as
// processed, and what was set aside, which must be the record itself. Where repetitions are legal, what more than one
// reader has done may be the other one's alone.
func accountFor(ctx context.Context, input *world.Topic, a *world.Application, dead *world.Topic,
	judge *verdict.Split, processed, letter func(partition int32, offset int64), repeats bool) error {
	originals := verdict.NewOriginals(input.Name)
	named, gone, err := letters(ctx, input, dead, func(partition int32, offset int64, r *record.Record) {
		letter(partition, offset)
		originals.Letter(partition, offset, r)
	})
	if err != nil {
		return err
	}
	worked, unclear := func(*journal.Fact) bool { return true }, ""
	passed := func() world.Passed { return nil }
	if a.Group != "" {
		group := world.FromContext(ctx).Group(a.Group)
		worked, unclear = group.Works(input), group.UnclearWork(input)
		passed = func() world.Passed { return group.Passed(input) }
	}
	if err := input.ScanKnown(ctx, func(r *record.Record) {
		judge.Input(r)
		originals.Input(r)
	}, world.UnlessPassed(passed, judge.Gone)); err != nil {
		return err
	}
	if err := input.EarlierDone(ctx, a.Name, func(f *journal.Fact) bool { return f.App == a.Name },
		named.setAside); err != nil {
		return err
	}
	for _, f := range a.FactsOf(journal.Processed, input) {
		if worked(&f) {
			processed(f.Partition, f.Offset)
		}
	}
	if altered := originals.Result(); altered.Outcome == verdict.Fail {
		return world.Judged(altered)
	}
	if gone != nil {
		gone.Certain, gone.Once = verdict.AllBut(verdict.NotSplit), true
	}
	result := judge.Result()
	if result.Outcome == verdict.Fail || repeats { // else what more than one reader has done is no pass less
		result = result.UnclearBut(unclear, func(kind string, stays bool) bool {
			return kind == verdict.Unexpected || kind == verdict.NotSplit && !stays
		})
	}
	err = gone.Judged(result)
	if a.Group != "" {
		err = world.FromContext(ctx).Group(a.Group).Unheard(err)
	}
	if err = cmp.Or(world.Found(ctx, err, input, dead), named.exist(ctx), gone.Err()); err != nil {
		return err
	}
	return world.Settled(ctx, input, dead)
}
