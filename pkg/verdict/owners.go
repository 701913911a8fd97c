package verdict

// Owners judges that no partition of a topic ever had two owners in a group: that
// none was given to a member while the group still took another one, which had it
// and had not given it up, for a member.
//
// A member that was dead to the group at that time and did not know is no second
// owner: nobody could have told it, and its commits are refused.
type Owners struct{ groupHistory }

// NewOwners judges one topic in one group.
func NewOwners(group, topic string) *Owners { return &Owners{newGroupHistory(group, topic)} }

// Result judges what was fed so far.
func (j *Owners) Result() Result {
	var found collector
	for _, partition := range j.partitions() {
		all := j.ownerships[partition]
		for i, o := range all {
			for _, next := range all[i+1:] {
				if next.Member != o.Member && o.Confirmed > next.From {
					found.add(j.finding(TwoOwners, partition, -1), "%s was given it while %s had it, and the group took %s for a "+
						"member for another %v", next.App, o.App, o.App, o.Confirmed-next.From)
				}
			}
		}
	}
	return found.pronounce("owners of "+j.topic+" in group "+j.group, j.counts.ownerships,
		"nobody was seen to own a partition")
}
