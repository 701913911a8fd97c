package verdict

import (
	"cmp"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// Letters judges that an application commits a record which became a dead letter
// only after the dead letter is safe: each commit that passes such a record was
// sent after the cluster had acknowledged the dead letter to its writer. Of a
// record with several dead letters, as after a crash, the first to be
// acknowledged counts.
//
// Memory: some 40 bytes per dead letter and 24 per commit.
type Letters struct {
	app, topic string
	safe       map[position]time.Duration // by record that was set aside; 0: it was not acknowledged
	commits    []membership.Commit
}

// NewLetters judges the commits of one application on one topic.
func NewLetters(app, topic string) *Letters {
	return &Letters{app: app, topic: topic, safe: map[position]time.Duration{}}
}

// DeadLetter tells when a dead letter of a record was acknowledged; 0: never.
func (j *Letters) DeadLetter(partition int32, offset int64, acknowledged time.Duration) {
	at := position{partition, offset}
	if before := j.safe[at]; before == 0 || acknowledged != 0 && acknowledged < before {
		j.safe[at] = acknowledged
	}
}

// Committed tells of a commit, taken or not.
func (j *Letters) Committed(c membership.Commit) { j.commits = append(j.commits, c) }

// Result judges what was fed so far.
func (j *Letters) Result() Result {
	var found collector
	slices.SortStableFunc(j.commits, func(a, b membership.Commit) int { return cmp.Compare(a.Sent, b.Sent) })
	var judged int64
	for at, safe := range j.safe {
		for _, c := range j.commits {
			if c.Partition != at.partition || c.Offset <= at.offset {
				continue
			}
			judged++
			f := Finding{Kind: CommitAhead, Topic: j.topic, Partition: at.partition, Offset: at.offset}
			switch {
			case safe == 0:
				found.add(f, "%s committed %d, and the dead letter of this record was never acknowledged", j.app, c.Offset)
			case c.Sent < safe:
				found.add(f, "%s committed %d before the dead letter of this record was acknowledged, %v later", j.app, c.Offset,
					shortly(safe-c.Sent))
			}
			break // the first commit that passes a record is the one that counts
		}
	}
	return found.pronounce("commits of "+j.topic+" by "+j.app, judged, "no record that was set aside was committed")
}
