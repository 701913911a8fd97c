package world

// What is judged of a topic that was deleted and made again: the ones before, each by what was said while it was there.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Life is a topic that had a name before another one was made under it.
type Life struct {
	topic *Topic
	life
	from    int64         // Seq of the last fact of the one before it
	deleted time.Duration // when an application asked for its deletion; 0 where none was seen to
}

// Lives are the topics that had the name before, the first one first.
func (t *Topic) Lives() (all []*Life) {
	from := int64(0)
	for _, l := range t.earlier {
		was := &Life{topic: t, life: l, from: from}
		for _, f := range t.world.Journal.SelectAfter(from, func(f *journal.Fact) bool {
			return f.Seq <= l.to && f.Kind == journal.TopicDeleted && f.Topic == t.Name
		}) {
			was.deleted = f.Request.Sent
		}
		from = l.to
		all = append(all, was)
	}
	return all
}

// Until is when another topic was made under its name.
func (l *Life) Until() time.Duration {
	for _, f := range l.topic.world.Journal.SelectAfter(l.to-1, func(f *journal.Fact) bool { return f.Seq == l.to }) {
		return f.At
	}
	return 0
}

// has is true of a fact about offsets of it.
func (l *Life) has(f *journal.Fact) bool {
	return f.Topic == l.topic.Name && hasPlace(f) && l.from < f.Seq && f.Seq <= l.to &&
		(f.Offset < 0 || f.Offset >= l.began.At(int(f.Partition)))
}

// Judgeable is inconclusive where a group has committed offsets of it, and nobody was seen to delete it: what happened
// because it was gone, and what before, cannot be told apart.
func (l *Life) Judgeable(group string) error {
	if l.deleted > 0 || len(l.topic.world.Journal.Select(func(f *journal.Fact) bool {
		return l.has(f) && f.Kind == journal.GroupCommit && f.Group == group
	})) == 0 {
		return nil
	}
	return Final(l.topic.unclear("nobody was seen to delete it, so what group %q committed of the one before is not "+
		"judged; have an application or a command of the scenario delete it", group))
}

// Records tells of the records that it had, gone as they are: those that were acknowledged, and those that an
// application of a group says to have processed. Of some the key is known. But for what compaction may have taken they
// were there until it was deleted.
func (l *Life) Records(ctx context.Context, group *Group, see func(*record.Record, verdict.Cleaned)) error {
	told := map[place]bool{}
	once := func(r *record.Record, how lack) {
		if at := (place{r.Partition, r.Offset}); !told[at] {
			told[at] = true
			see(r, how.Cleaned)
		}
	}
	err := l.topic.records(ctx, fmt.Sprintf("records of the topic up to fact %d", l.to), nil, once,
		func(_ context.Context, _ func(*record.Record), gone func(*record.Record, lack)) error {
			for p := range l.records.sorted {
				for _, s := range l.records[p] {
					for ; s.from < s.to; s.from++ {
						r, known := l.content[place{p, s.from}]
						if !known {
							r = record.Record{Topic: l.topic.Name, Partition: p, Offset: s.from}
						}
						gone(&r, lack{known, l.cleaned(place{p, s.from})})
					}
				}
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, f := range l.topic.world.Journal.Select(func(f *journal.Fact) bool {
		return l.has(f) && f.Kind == journal.Processed && group.Has(f.App)
	}) {
		once(&record.Record{Topic: f.Topic, Partition: f.Partition, Offset: f.Offset}, lack{})
	}
	return nil
}

// cleaned says what compaction may have taken of it; all else was there until it was deleted.
func (l *Life) cleaned(at place) verdict.Cleaned {
	switch {
	case l.may.has(at):
		return verdict.Cleaned{May: true}
	case l.unsure.has(at):
		return verdict.Cleaned{Unsure: true}
	}
	return verdict.Cleaned{Until: math.MaxInt64}
}

// InForceAsSent is World.InForceAsSent for facts about its offsets.
func (l *Life) InForceAsSent(wanted func(*journal.Fact) bool, tell func(f, end *journal.Fact)) {
	facts := l.topic.world.orEndsOfAll(func(f *journal.Fact) bool { return l.has(f) && wanted(f) })
	slices.SortStableFunc(facts, bySending)
	inForce(facts, tell)
}

// Earlier is what was judged of the topics that had a name before.
type Earlier struct {
	judged  bool
	unclear error // the first that is inconclusive because something of it is unclear
}

// Unclear takes what is unclear of one.
func (e *Earlier) Unclear(err error) { e.unclear = cmp.Or(e.unclear, err) }

// Add takes the result of one. Its error is what is wrong with that, which nothing heals any more.
func (e *Earlier) Add(l *Life, r verdict.Result) error {
	err := fmt.Errorf("topic %q was deleted and made again; of the one before: %w", l.topic.Name, r.Err())
	switch {
	case r.Outcome == verdict.Fail:
		return Final(err)
	case r.Outcome == verdict.Pass:
		e.judged = true
	case !r.Nothing:
		e.Unclear(err)
	}
	return nil
}

// With is the error of all, where err is that of the topic of now. That counts first. It does not matter that there was
// nothing to judge of it, where something was of an earlier one.
func (e Earlier) With(err error) error {
	result := (*verdict.Error)(nil)
	nothing := errors.As(err, &result) && result.Result.Outcome == verdict.Inconclusive && result.Result.Nothing
	switch {
	case err == nil, nothing && e.unclear != nil:
		return e.unclear
	case nothing && e.judged:
		return nil
	}
	return err
}

// JudgeEarlier judges what is known of the group and of the topics that had the name before, each up to its deletion.
func (g *Group) JudgeEarlier(t *Topic, judge func(*membership.History, *Life) (verdict.Result, error)) (e Earlier,
	err error) {
	for _, l := range t.Lives() {
		if err := l.Judgeable(g.Name); err != nil {
			e.Unclear(err)
			continue
		}
		history := membership.Of(l.facts(g), g.Name, t.Name, g.Has)
		history.Over = true
		result, err := judge(history, l)
		if err != nil {
			return e, err
		}
		if err := e.Add(l, result); err != nil {
			return e, err
		}
	}
	return e, nil
}

// facts are those of the group and the topic up to its deletion. Connections that were closed since count as closed, as
// a member closes its own a moment after it left, but for those by which a member has spoken since: it went on.
func (l *Life) facts(g *Group) []journal.Fact {
	isAfter := func(f *journal.Fact) bool { return l.deleted > 0 && moment(f) > l.deleted }
	spoke := map[uint64]bool{} // since, by connection
	for _, f := range g.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Group == g.Name && f.Request != nil && membership.Speaks(f) && isAfter(f)
	}) {
		spoke[f.Request.Connection] = true
	}
	return g.world.Journal.Select(func(f *journal.Fact) bool {
		switch {
		case f.Topic == l.topic.Name && hasPlace(f):
			return l.has(f)
		case f.Kind == journal.Connected && isAfter(f):
			return f.Request != nil && !spoke[f.Request.Connection]
		case isAfter(f):
			return false
		}
		return g.concerns(f, l.topic)
	})
}

// moment is when a fact was said: its request was sent, or it happened.
func moment(f *journal.Fact) time.Duration {
	if f.Request != nil {
		return f.Request.Sent
	}
	return f.At
}
