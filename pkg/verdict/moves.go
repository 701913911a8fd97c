package verdict

// Moves judges that a rebalance interrupts only partitions that get another owner,
// as cooperative assignors (KIP-429) and the group protocol of KIP-848 promise:
// an owner that gives up a partition without having been asked to, and is given
// it back, has stopped working on it for nothing. Eager assignors do that with all
// partitions at each rebalance.
type Moves struct{ groupHistory }

// NewMoves judges one topic in one group.
func NewMoves(group, topic string) *Moves { return &Moves{newGroupHistory(group, topic)} }

// Result judges what was fed so far.
func (j *Moves) Result() Result {
	var found collector
	for _, partition := range j.partitions() {
		all := j.ownerships[partition]
		for i, o := range all {
			if o.End == Released && !o.Asked && i+1 < len(all) && all[i+1].App == o.App {
				found.add(j.finding(RevokedUnmoved, partition, -1), "%s gave it up in a rebalance and was given it back %v later",
					o.App, all[i+1].From-o.To)
			}
		}
	}
	return found.pronounce("moves of "+j.topic+" in group "+j.group, j.counts.ownerships,
		"nobody was seen to own a partition")
}
