package groupconsumer_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// expel takes all members out of a group, as a coordinator does when their sessions have timed out: they are not told.
func expel(t *testing.T, l *lab.Lab, group string) {
	t.Helper()
	groups, err := l.Admin.DescribeGroups(l.Ctx, group)
	if err != nil {
		t.Fatal(err)
	}
	request := kmsg.NewPtrLeaveGroupRequest()
	request.Group = group
	for _, m := range groups[group].Members {
		member := kmsg.NewLeaveGroupRequestMember()
		member.MemberID = m.MemberID
		request.Members = append(request.Members, member)
	}
	answer, err := request.RequestWith(l.Ctx, l.Client)
	if err == nil {
		err = kerr.ErrorForCode(answer.ErrorCode)
	}
	if err != nil || len(answer.Members) != 1 {
		t.Fatalf("expel the members of %s: got %+v, %v, want one expelled", group, answer, err)
	}
}
