package verdict

// OwnCommits judges that applications commit only partitions they own.
//
// Commit after revoke, commit of a lost partition: sent when the application no
// longer owned the partition and knew, whatever the group answered. It knows
// once it has given up the partition itself; of one it lost, once it has asked to
// join the group again, so that a commit that was on its way is none. Brokers
// do not check who owns what: such a commit by a member of the group is taken,
// and sets back what the new owner has committed.
//
// A commit by one that never owned the partition is not judged: it is an
// administrator's.
type OwnCommits struct{ groupHistory }

// NewOwnCommits judges one topic in one group.
func NewOwnCommits(group, topic string) *OwnCommits {
	return &OwnCommits{newGroupHistory(group, topic)}
}

// Result judges what was fed so far.
func (j *OwnCommits) Result() Result {
	var found collector
	for _, partition := range j.partitions() {
		for _, c := range j.commits[partition] {
			o := strayed(j.ownerships[partition], c)
			switch {
			case o == nil:
			case o.End == Fenced:
				found.add(j.finding(CommitOfLost, partition, c.Offset), "%s committed %d, having lost the partition %v before%s",
					c.App, c.Offset, c.Sent-o.To, taken(c.Taken))
			default:
				found.add(j.finding(CommitAfterRevoke, partition, c.Offset),
					"%s committed %d, having given the partition up %v before%s", c.App, c.Offset, c.Sent-o.To, taken(c.Taken))
			}
		}
	}
	return found.pronounce("commits of "+j.topic+" in group "+j.group, j.counts.commits, "no commit was seen")
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
func strayed(all []Ownership, c GroupCommit) *Ownership {
	mine := func(o *Ownership) bool { return c.Member != "" && o.Member == c.Member }
	if !anyOwnership(all, mine, c) {
		mine = func(o *Ownership) bool { return o.App == c.App }
	}
	var last *Ownership
	for i := range all {
		o := &all[i]
		if !mine(o) || o.From > c.Sent {
			continue
		}
		if o.Known == 0 || c.Sent <= o.Known {
			return nil
		}
		last = o
	}
	return last
}

func anyOwnership(all []Ownership, is func(*Ownership) bool, c GroupCommit) bool {
	for i := range all {
		if is(&all[i]) && all[i].From <= c.Sent {
			return true
		}
	}
	return false
}
