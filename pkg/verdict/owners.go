package verdict

import "github.com/kafkaspec/kafkaspec/pkg/membership"

// Owners judges that no partition of a topic ever had two owners in a group: that none was given to a member while the
// group still took another one, which had it and had not given it up, for a member.
//
// A member that was dead to the group at that time and did not know is no second owner: nobody could have told it, and
// its commits are refused.
//
// It is inconclusive where only one member ever owned anything: nothing could be given to two.
func Owners(h *membership.History) Result {
	var found collector
	for _, partition := range h.Partitions() {
		all := h.Ownerships[partition]
		for i, o := range all {
			for _, next := range all[i+1:] {
				if next.Member != o.Member && o.Confirmed > next.From {
					found.add(Finding{Kind: TwoOwners, Topic: h.Topic, Partition: partition, Offset: -1}, "%s was given it while "+
						"%s had it, and the group took %s for a member for another %v", next.App, o.App, o.App,
						shortly(o.Confirmed-next.From))
				}
			}
		}
	}
	return found.pronounce(inGroup("owners", h), countAll(h.Ownerships), "nobody was seen to own a partition").
		among(h)
}

// Moves judges that a rebalance interrupts only partitions that get another owner, as cooperative assignors (KIP-429)
// and the group protocol of KIP-848 promise: an owner that gives up a partition without having been asked to, and is
// given it back, has stopped working on it for nothing. Eager assignors do that with all partitions at each rebalance.
func Moves(h *membership.History) Result {
	var found collector
	for _, partition := range h.Partitions() {
		all := h.Ownerships[partition]
		for i, o := range all {
			if o.End == membership.Released && !o.Asked && i+1 < len(all) && all[i+1].App == o.App {
				found.add(Finding{Kind: RevokedUnmoved, Topic: h.Topic, Partition: partition, Offset: -1},
					"%s gave it up in a rebalance and was given it back %v later", o.App, shortly(all[i+1].From-o.To))
			}
		}
	}
	return found.pronounce(inGroup("moves", h), countAll(h.Ownerships), "nobody was seen to own a partition").
		among(h)
}

// among makes a pass inconclusive where a single member had all partitions from the beginning to the end.
func (r Result) among(h *membership.History) Result {
	members := map[string]bool{}
	for _, all := range h.Ownerships {
		if len(all) > 1 {
			return r
		}
		for _, o := range all {
			members[o.Member] = true
		}
	}
	if len(members) > 1 {
		return r
	}
	return r.inconclusive("nothing was judged: one member had all partitions, and none changed hands")
}
