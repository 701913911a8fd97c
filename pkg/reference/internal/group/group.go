// Package group has what members of a consumer group share: telling what they are given, committing, and which errors
// mean what.
package group

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Place is one partition.
type Place struct {
	Topic     string
	Partition int32
}

// Places are the partitions that a callback of the client is about, in no order.
func Places(partitions map[string][]int32) []Place {
	var all []Place
	for topic, numbers := range partitions {
		for _, number := range numbers {
			all = append(all, Place{topic, number})
		}
	}
	return all
}

// Tell logs that partitions were assigned, revoked or lost, a line for each topic.
func Tell(log *slog.Logger, how string, partitions map[string][]int32) {
	for topic, numbers := range partitions {
		text := make([]string, len(numbers))
		for i, number := range slices.Sorted(slices.Values(numbers)) {
			text[i] = strconv.Itoa(int(number))
		}
		log.Info(how, "topic", topic, "partitions", strings.Join(text, ","))
	}
}

// FetchError returns the errors of a fetch that end an application; those that the client recovers from are only
// logged.
func FetchError(log *slog.Logger, fetches kgo.Fetches) error {
	for _, e := range fetches.Errors() {
		switch {
		case errors.Is(e.Err, context.Canceled), errors.Is(e.Err, context.DeadlineExceeded):
		case errors.Is(e.Err, kgo.ErrClientClosed), errors.Is(e.Err, kerr.TopicAuthorizationFailed),
			errors.Is(e.Err, kerr.GroupAuthorizationFailed), errors.Is(e.Err, kerr.SaslAuthenticationFailed):
			return fmt.Errorf("fetch topic %s partition %d: %w", e.Topic, e.Partition, e.Err)
		default:
			log.Warn("warning", "topic", e.Topic, "partition", e.Partition, "error", e.Err)
		}
	}
	return nil
}

// Offsets are what to commit: the next offset to read of each partition.
type Offsets map[string]map[int32]kgo.EpochOffset

// Add puts in the offset of a partition.
func (o Offsets) Add(at Place, next kgo.EpochOffset) {
	if o[at.Topic] == nil {
		o[at.Topic] = map[int32]kgo.EpochOffset{}
	}
	o[at.Topic][at.Partition] = next
}

// Keep leaves out the partitions that are not wanted.
func (o Offsets) Keep(wanted func(Place) bool) {
	for topic, partitions := range o {
		maps.DeleteFunc(partitions, func(partition int32, _ kgo.EpochOffset) bool {
			return !wanted(Place{topic, partition})
		})
		if len(partitions) == 0 {
			delete(o, topic)
		}
	}
}

// After is the offset to commit when a record is finished.
func After(finished *kgo.Record) kgo.EpochOffset {
	return kgo.EpochOffset{Epoch: finished.LeaderEpoch, Offset: finished.Offset + 1}
}

// Commit commits offsets once, and logs each that was taken. The error is that of the request, or of the first
// partition that was refused. Most of what passes the client tries again by itself, but not what the answer says of a
// single partition.
func Commit(ctx context.Context, client *kgo.Client, log *slog.Logger, offsets Offsets) (taken []Place, failed error) {
	client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest,
		answer *kmsg.OffsetCommitResponse, err error) {
		if failed = err; err != nil {
			return
		}
		for _, t := range answer.Topics {
			for _, p := range t.Partitions {
				if err := kerr.ErrorForCode(p.ErrorCode); err == nil {
					taken = append(taken, Place{t.Topic, p.Partition})
					log.Info("committed", "topic", t.Topic, "partition", p.Partition,
						"offset", offsets[t.Topic][p.Partition].Offset)
				} else if failed == nil {
					failed = fmt.Errorf("topic %s partition %d: %w", t.Topic, p.Partition, err)
				}
			}
		}
	})
	return taken, failed
}

// Unknown tells errors by which the group says that it has gone on without this member. It may be the first that is
// heard of that, and the client does not always call the partitions lost then, but joins again and goes on with them
// until it is given others.
func Unknown(err error) bool {
	return errors.Is(err, kerr.UnknownMemberID) || errors.Is(err, kerr.FencedInstanceID) ||
		errors.Is(err, kerr.FencedMemberEpoch)
}

// Refused tells errors by which a group goes on without a commit: of a member that joins it again by itself, or already
// has. The commit is made again, unless its partition is taken away: a client that joins again may go on behind it.
func Refused(err error) bool { return Unknown(err) || Passing(err) }

// CommittedLater is what is said of such an error.
const CommittedLater = "the group goes on without this commit, which is made again for partitions that stay here"

// Passing tells errors that a member gets while the group moves on to another generation, which it is part of.
func Passing(err error) bool {
	return errors.Is(err, kerr.RebalanceInProgress) || errors.Is(err, kerr.StaleMemberEpoch) ||
		errors.Is(err, kerr.IllegalGeneration)
}
