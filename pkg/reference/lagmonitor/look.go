package lagmonitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// Partition is one partition as it was seen at one look.
type Partition struct {
	Topic      string
	Number     int32
	Start, End int64 // of the log; End is the last stable offset or the high watermark
	Committed  int64 // the next offset the group would read; -1: it never committed
	Owned      bool  // a member of the group has it
}

// Position is where the group goes on reading: at its commit, or at the start of the log when it has none, or when
// what it points to is gone.
func (p Partition) Position() int64 { return max(p.Start, p.Committed) }

// Lag is the distance from there to the end. It is 0 for a commit beyond the end, which a log that lost its end can
// have.
func (p Partition) Lag() int64 { return max(0, p.End-p.Position()) }

func lags(partitions []Partition) []int64 {
	found := make([]int64, len(partitions))
	for i, p := range partitions {
		found[i] = p.Lag()
	}
	return found
}

// ask returns the partitions of all topics, in order. One that has no leader just now is left out, and comes with an
// error that names it; the others are good.
func (m *monitor) ask(ctx context.Context, admin *kadm.Client) ([]Partition, error) {
	listEnds := admin.ListEndOffsets
	if m.policy.Committed {
		listEnds = admin.ListCommittedOffsets
	}
	ends, err := listEnds(ctx, m.settings.topics...)
	if err != nil {
		return nil, fmt.Errorf("list the ends of %v: %w", m.settings.topics, err)
	}
	committed, err := admin.FetchOffsets(ctx, m.settings.group)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return nil, fmt.Errorf("fetch the committed offsets of group %s: %w", m.settings.group, err)
	}
	starts, err := admin.ListStartOffsets(ctx, m.settings.topics...)
	if err != nil {
		return nil, fmt.Errorf("list the starts of %v: %w", m.settings.topics, err)
	}
	owned, err := m.owned(ctx, admin)
	if err != nil {
		return nil, err
	}
	var partitions []Partition
	var errs error
	ends.Each(func(end kadm.ListedOffset) {
		start, _ := starts.Lookup(end.Topic, end.Partition)
		commit, found := committed.Lookup(end.Topic, end.Partition)
		if !found {
			commit.At = -1
		}
		if err := errors.Join(end.Err, start.Err, commit.Err); err != nil {
			errs = errors.Join(errs, fmt.Errorf("topic %s partition %d: %w", end.Topic, end.Partition, err))
			return
		}
		partitions = append(partitions, Partition{
			Topic: end.Topic, Number: end.Partition, Start: start.Offset, End: end.Offset, Committed: commit.At,
			Owned: owned.Lookup(end.Topic, end.Partition),
		})
	})
	slices.SortFunc(partitions, func(a, b Partition) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Number, b.Number))
	})
	return partitions, errs
}

// owned returns the partitions that members of the group have, whichever of the two group protocols it speaks.
func (m *monitor) owned(ctx context.Context, admin *kadm.Client) (kadm.TopicsSet, error) {
	owned := kadm.TopicsSet{}
	classic, err := admin.DescribeGroups(ctx, m.settings.group)
	if err != nil {
		return nil, fmt.Errorf("describe group %s: %w", m.settings.group, err)
	}
	owned.Merge(classic.AssignedPartitions())
	if len(classic[m.settings.group].Members) > 0 {
		return owned, nil
	}
	groups, err := admin.DescribeConsumerGroups(ctx, m.settings.group)
	group := groups[m.settings.group]
	switch {
	case errors.Is(err, kerr.UnsupportedVersion), group.Err != nil: // an older cluster, or no such group of that kind
		return owned, nil
	case err != nil:
		return nil, fmt.Errorf("describe consumer group %s: %w", m.settings.group, err)
	}
	for _, member := range group.Members {
		owned.Merge(member.Assignment)
	}
	// Bare kfake names assigned topics by their ids only. Where one topic is watched, it can only be that one.
	if nameless := owned[""]; len(nameless) > 0 && len(m.settings.topics) == 1 {
		owned.Merge(kadm.TopicsSet{m.settings.topics[0]: nameless})
	}
	return owned, nil
}
