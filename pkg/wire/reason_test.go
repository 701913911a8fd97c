package wire

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// What a member says of why it joins or leaves (KIP-800) is in its fact: that it was too slow to poll, for one.
func TestReasonsOfMembersAreTold(t *testing.T) {
	reason, n := "consumer poll timeout has expired.", &naming{}
	member := kmsg.LeaveGroupRequestMember{MemberID: "m", Reason: &reason}
	join := &kmsg.JoinGroupRequest{Group: "g", MemberID: "m", Reason: &reason}
	leave := &kmsg.LeaveGroupRequest{Group: "g", Members: []kmsg.LeaveGroupRequestMember{member}}
	for _, f := range append(n.leaveGroup(leave, nil), n.joinGroup(join, nil)...) {
		if m := f.Detail.(*journal.Membership); m.Reason != reason {
			t.Errorf("got %+v, want the reason %q", m, reason)
		}
	}
}
