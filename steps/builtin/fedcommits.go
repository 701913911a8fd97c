package builtin

// What is told to the judge of commits: those of a topic, and of the ones that had its name before.

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// earlierCommitsFollow judges the commits of topics that had the input's name before, each against the work done while
// it was there. Where such a log ended is not known, so nothing is said of commits behind that.
func earlierCommitsFollow(ctx context.Context, group *world.Group, input *world.Topic, named sources,
	written map[place]time.Duration) (earlier world.Earlier, err error) {
	works := group.Works(input)
	if err := input.EarlierDone(ctx, group.Name, works, named.setAside); err != nil {
		return earlier, err
	}
	set, from := named.earlierLetters(written), time.Duration(0)
	for _, l := range input.Lives() {
		if err := l.Judgeable(group.Name); err != nil {
			earlier.Unclear(err)
		}
		judge, to := verdict.NewCommits(input.Name), l.Until()
		if err := l.Records(ctx, group, judge.Gone); err != nil {
			return earlier, err
		}
		left := slices.DeleteFunc(slices.Clone(set), func(s safeLetter) bool {
			return s.safe != 0 && (s.safe <= from || s.safe > to)
		})
		from = to
		l.InForceAsSent(func(f *journal.Fact) bool {
			return f.Kind == journal.GroupCommit && f.Group == group.Name || f.Kind == journal.Processed && works(f)
		}, func(f, end *journal.Fact) {
			left = left.until(saidAt(f, end), judge.SetAside)
			feedCommits(judge, f, end)
		})
		left.until(math.MaxInt64, judge.SetAside)
		if err := earlier.Add(l, judge.Result()); err != nil {
			return earlier, err
		}
	}
	return earlier, nil
}

// earlierLetters are the dead letters of the input before it was made again, with when they were acknowledged.
func (s sources) earlierLetters(written map[place]time.Duration) (set setAside) {
	for record, letter := range s[nil] {
		set = append(set, safeLetter{written[place{letter.Partition, letter.Offset}], record})
	}
	slices.SortFunc(set, func(a, b safeLetter) int { return cmp.Compare(a.safe, b.safe) })
	return set
}

// feedCommits tells a judge of work, or of a commit.
func feedCommits(judge *verdict.Commits, f, end *journal.Fact) {
	judge.At(saidAt(f, end))
	switch {
	case f.Kind == journal.Processed:
		judge.Done(f.Partition, f.Offset)
	case f.Source == journal.SourceKafkaspec: // a step has moved the group
		judge.Moved(f.Partition, f.Offset)
	case f.Error == "":
		judge.Committed(f.Partition, f.Offset)
	}
}

// toldAtTheEnd tells the judge where the log ends, and of commits that the wire did not see. It is true if the group
// has committed anything.
func toldAtTheEnd(judge *verdict.Commits, committed, ends []int64, told map[int32]int64) bool {
	seen := false
	for p, o := range committed {
		judge.End(int32(p), ends[p])
		if o > told[int32(p)] {
			judge.At(never) // nobody knows when
			judge.Committed(int32(p), o)
		}
		seen = seen || o >= 0
	}
	return seen
}

// committedElsewhere is inconclusive where an application has committed to another group than it was declared in.
func committedElsewhere(a *world.Application, input *world.Topic) error {
	for _, f := range a.FactsOf(journal.GroupCommit, input) {
		if f.Error == "" && f.Group != a.Group {
			return fmt.Errorf("%w: application %q committed offsets of %q to group %q; say so where it is declared: in group %q",
				verdict.ErrInconclusive, a.Name, input.Name, f.Group, f.Group)
		}
	}
	return nil
}
