package verdict

import (
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// OwnCommits judges that applications commit only partitions they own.
//
// Commit after revoke, commit of a lost partition: sent when the application no
// longer owned the partition and knew, whatever the group answered. It knows
// once it has given up the partition itself; of one it lost, once it has asked to
// join the group again, so that a commit that was on its way is none. Brokers
// do not check who owns what: such a commit by a member of the group is taken,
// and sets back what the new owner has committed. One that is refused to who has left is none: librdkafka leaves before
// it calls back, when a rebalance begins as it is closed, and the commit in the callback comes too late. Whether work
// was left without a commit is judged by Handovers.
//
// It is inconclusive while nobody has lost or given up a partition of which it had begun to work on a record, or sent
// a commit: who has nothing of a partition has nothing to commit too late.
//
// Commit of another's: taken from a member that never owned the partition, while another one did. A commit by one that
// is no member is not judged: it is an administrator's.
func OwnCommits(h *membership.History) Result {
	var found collector
	judged := int64(0)
	nothing := "no commit of an application was seen"
	for _, partition := range h.Partitions() {
		for _, c := range h.Commits[partition] {
			if c.App == "" { // a step's own, which nobody owns a partition for
				continue
			}
			judged++
			f := Finding{Kind: CommitAfterRevoke, Topic: h.Topic, Partition: partition, Offset: c.Offset}
			o := strayed(h.Ownerships[partition], c)
			switch {
			case o == nil && c.Taken && c.Member != "" && anothers(h.Ownerships[partition], c):
				f.Kind = CommitOfAnothers
				found.add(f, "%s committed %d, and never owned the partition", c.App, c.Offset)
			case o == nil || o.End == membership.Left && !c.Taken && !c.Unknown:
			case !o.End.Graceful():
				f.Kind = CommitOfLost
				found.add(f, "%s committed %d, having lost the partition %v before%s", c.App, c.Offset, shortly(c.Sent-o.To),
					taken(c.Taken))
			default:
				found.add(f, "%s committed %d, having given the partition up %v before%s", c.App, c.Offset, shortly(c.Sent-o.To),
					taken(c.Taken))
			}
		}
	}
	if judged > 0 && len(found.kinds) == 0 {
		if why := nothingLeft(h); why != "" {
			judged, nothing = 0, why
		}
	}
	return found.pronounce(inGroup("commits", h), judged, nothing)
}

// nothingLeft says why nobody could have committed what it no longer owned; it is empty where somebody could.
func nothingLeft(h *membership.History) string {
	var idle untouched
	for _, partition := range h.Partitions() {
		for _, t := range tenures(h, partition) {
			switch {
			case t.Known == 0:
			case t.begun || t.done.count > 0:
				return ""
			default:
				idle.add(&t, partition)
			}
		}
	}
	if idle.app == "" {
		return "no partition was lost or given up by an application that knew of it"
	}
	return "no partition was lost or given up by an application that had processed a record of it: " + idle.text(h.Topic)
}

// taken says what became of a commit that should not have been.
type taken bool

func (t taken) String() string {
	if t {
		return ", and the group took it"
	}
	return ""
}

// strayed returns the ownership that a commit came too late for; nil when its sender owned the partition, did not know
// better, or never had it. A commit is its member's; one by an unknown member, such as one after joining again, its
// application's.
func strayed(all []membership.Ownership, c membership.Commit) *membership.Ownership {
	begun := func(is func(*membership.Ownership) bool) (found []*membership.Ownership) {
		for i := range all {
			if is(&all[i]) && all[i].From <= c.Sent {
				found = append(found, &all[i])
			}
		}
		return found
	}
	mine := begun(func(o *membership.Ownership) bool { return c.Member != "" && o.Member == c.Member })
	if len(mine) == 0 {
		mine = begun(func(o *membership.Ownership) bool { return o.App == c.App })
	}
	unknowing := func(o *membership.Ownership) bool { return o.Known == 0 || c.Sent <= o.Known }
	if len(mine) == 0 || slices.ContainsFunc(mine, unknowing) {
		return nil
	}
	return mine[len(mine)-1]
}

// anothers tells that a commit's sender never had the partition, and that somebody else had it then.
func anothers(all []membership.Ownership, c membership.Commit) bool {
	owned := false
	for _, o := range all {
		if o.Member == c.Member || o.App == c.App {
			return false
		}
		owned = owned || o.From <= c.Sent && (o.To == 0 || c.Sent <= o.To)
	}
	return owned
}
