package stateful

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
)

// restored is what came of restoring a task.
type restored struct {
	committed []int64 // the group's offset of each input; -1 for none
	starts    []int64 // the first offset there is
	position  string  // the offsets the state stands at; "" for no state
	entries   int
	err       error
}

// restore reads a task's state back. The order of its three steps is what makes state and offsets agree:
//
//  1. Ask for the committed offsets, and ask again while a transaction that contains them is not decided
//     (require_stable). From here on nobody but this member can commit them, since the group has moved on.
//  2. Ask for the end of the changelog's partition: its high watermark, not its last stable offset. The changelog
//     entries of any transaction that the offsets are from stand before it, though their commit markers may not be
//     written yet.
//  3. Read at read_committed up to there. This waits for all transactions that are still open in front of it: those
//     will be aborted, by their owner's end or their timeout, or are decided already.
//
// A member that is frozen meanwhile may be expelled, and the partition's next owner then commits and writes more. So
// where the two do not agree, the offsets are asked for once more.
func (s *session) restore(ctx context.Context, t *task) (r restored) {
	if r.committed, r.starts, r.err = s.awaitStable(ctx, t); r.err != nil {
		return r
	}
	if r.position, r.entries, r.err = s.replay(ctx, t); r.err != nil {
		return r
	}
	want := offsetsText(r.committed)
	if r.position == want || r.position == "" && slices.Max(r.committed) < 0 {
		return r
	}
	now, _, err := s.awaitStable(ctx, t)
	switch {
	case err != nil:
		r.err = err
	case !slices.Equal(now, r.committed):
		r.err = fmt.Errorf("partition %d was another member's while its state was read: the group had committed %s then, "+
			"and %s now", t.partition, want, offsetsText(now))
	default:
		r.err = broken{fmt.Errorf("the state of partition %d in %s stands at the offsets %s of %v, want those that group "+
			"%s has committed, %s: offsets or changelog were changed by somebody else; set the group's offsets back, or begin "+
			"anew with an empty changelog and without offsets",
			t.partition, s.options.Changelog, cmp.Or(r.position, "none"), s.options.Inputs, s.env.Group, want)}
	}
	return r
}

// awaitStable is stable, once no transaction that contains the offsets is open.
func (s *session) awaitStable(ctx context.Context, t *task) (committed, starts []int64, err error) {
	err = patiently(ctx, math.MaxInt64, func() error {
		committed, starts, err = s.stable(ctx, t)
		return err
	})
	return committed, starts, err
}

// patiently tries again, for so long, while the error is one that may pass.
func patiently(ctx context.Context, within time.Duration, try func() error) error {
	for began := time.Now(); ; {
		err := try()
		if err == nil || !kerr.IsRetriable(err) || time.Since(began) > within || !grace.Pause(ctx, 50*time.Millisecond) {
			return err
		}
	}
}

// position is the key of the changelog entry that says where the state stands.
var position = []byte("\x00position")

// position is the value of that entry.
func (t *task) position() string {
	next := make([]int64, len(t.queues))
	for i, q := range t.queues {
		next[i] = q.next
	}
	return offsetsText(next)
}

func offsetsText(offsets []int64) string {
	text := make([]string, len(offsets))
	for i, o := range offsets {
		text[i] = strconv.FormatInt(o, 10)
	}
	return strings.Join(text, ",")
}

// stable returns the committed offset and the first offset of each input.
func (s *session) stable(ctx context.Context, t *task) (committed, starts []int64, err error) {
	commits, err := s.committed(ctx, t.partition)
	if err != nil {
		return nil, nil, fmt.Errorf("fetch the committed offsets of group %s: %w", s.env.Group, err)
	}
	firsts, err := s.admin.ListStartOffsets(ctx, s.options.Inputs...)
	if err != nil {
		return nil, nil, fmt.Errorf("list the start offsets of %v: %w", s.options.Inputs, err)
	}
	for _, topic := range s.options.Inputs {
		first, err := lookUp(firsts, topic, t.partition)
		if err != nil {
			return nil, nil, fmt.Errorf("list the start offset of topic %s partition %d: %w", topic, t.partition, err)
		}
		committed, starts = append(committed, commits[topic]), append(starts, first)
	}
	return committed, starts, nil
}

// committed returns the group's offset of a partition in each input, -1 for none, and UNSTABLE_OFFSET_COMMIT while a
// transaction that contains one of them is not decided.
//
// The partitions are named. Asked for all a group has, as kadm's FetchOffsets does, Apache Kafka 4.3 looks only at
// partitions that have been committed before, and says nothing of one whose first commit is still undecided.
func (s *session) committed(ctx context.Context, partition int32) (map[string]int64, error) {
	request := kmsg.NewPtrOffsetFetchRequest()
	request.RequireStable = true
	group := kmsg.NewOffsetFetchRequestGroup()
	group.Group = s.env.Group
	for _, name := range s.options.Inputs {
		topic := kmsg.NewOffsetFetchRequestGroupTopic()
		topic.Topic, topic.Partitions = name, []int32{partition}
		group.Topics = append(group.Topics, topic)
	}
	request.Groups = append(request.Groups, group)
	answer, err := request.RequestWith(ctx, s.client)
	if err != nil {
		return nil, err
	}
	offsets := map[string]int64{}
	for _, g := range answer.Groups {
		if err := kerr.ErrorForCode(g.ErrorCode); err != nil {
			return nil, err
		}
		for _, topic := range g.Topics {
			for _, p := range topic.Partitions {
				if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
					return nil, fmt.Errorf("topic %s partition %d: %w", topic.Topic, p.Partition, err)
				}
				offsets[topic.Topic] = p.Offset
			}
		}
	}
	for _, name := range s.options.Inputs {
		if _, told := offsets[name]; !told {
			return nil, fmt.Errorf("topic %s partition %d is not in the answer: %w", name, partition,
				kerr.UnknownTopicOrPartition)
		}
	}
	return offsets, nil
}

// newTopics is how long brokers may not know a topic that is there.
const newTopics = 10 * time.Second

// changelog returns the first offset of a partition of the changelog, and its high watermark. That the topic is there
// was seen at the start: a broker that does not know it has not heard of it yet.
func (s *session) changelog(ctx context.Context, partition int32) (start, end int64, err error) {
	name := s.options.Changelog
	var offsets [2]int64
	err = patiently(ctx, newTopics, func() error {
		for i, list := range []func(context.Context, ...string) (kadm.ListedOffsets, error){
			s.admin.ListStartOffsets, s.admin.ListEndOffsets,
		} {
			listed, err := list(ctx, name)
			if err == nil {
				offsets[i], err = lookUp(listed, name, partition)
			}
			if err != nil {
				return fmt.Errorf("list the ends of %s partition %d: %w", name, partition, err)
			}
		}
		return nil
	})
	return offsets[0], offsets[1], err
}

// replay hands the task its changelog. It returns where the state stands, and the number of entries.
func (s *session) replay(ctx context.Context, t *task) (at string, entries int, err error) {
	name := s.options.Changelog
	from, end, err := s.changelog(ctx, t.partition)
	if err != nil || from >= end {
		return "", 0, err
	}
	base, err := s.env.ClientOptions()
	if err != nil {
		return "", 0, err
	}
	reader, err := kgo.NewClient(append(base,
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{name: {t.partition: kgo.NewOffset().At(from)}}),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), // the partition ends with one
		kgo.FetchMaxWait(50*time.Millisecond))...)
	if err != nil {
		return "", 0, err
	}
	defer reader.Close()
	for from < end {
		fetches := reader.PollFetches(ctx)
		if ctx.Err() != nil {
			return "", entries, ctx.Err()
		}
		for _, e := range fetches.Errors() {
			return "", entries, fmt.Errorf("read %s partition %d: %w", name, t.partition, e.Err)
		}
		for _, r := range fetches.Records() {
			if from = r.Offset + 1; r.Attrs.IsControl() {
				continue
			}
			if entries++; string(r.Key) == string(position) {
				at = string(r.Value)
				continue
			}
			if err := t.work.Restore(r.Key, r.Value); err != nil {
				return "", entries, broken{fmt.Errorf("restore from %s partition %d offset %d: %w; the changelog holds what "+
					"another application wrote, or another version of this one", name, t.partition, r.Offset, err)}
			}
		}
	}
	return at, entries, nil
}

// takeRestored lets the tasks that have their state back take part.
func (s *session) takeRestored() error {
	for _, t := range s.sorted() {
		select {
		case r := <-t.restored:
			if r.err != nil {
				return again(r.err)
			}
			t.ready = true
			for i, q := range t.queues {
				q.next = max(r.committed[i], r.starts[i])
			}
			s.log.Info("restored", "partition", t.partition, "entries", r.entries)
		default:
		}
	}
	return nil
}

// broken is an error that no new start heals.
type broken struct{ error }

func (b broken) Unwrap() error { return b.error }

// again lets the session begin anew after an error that may pass.
func again(err error) error {
	if b := (broken{}); errors.As(err, &b) || refused(err) {
		return err
	}
	return errors.Join(errAgain, err)
}
