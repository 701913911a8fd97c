package chaos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// undertaker takes members out of the group whose process is dead. Kafka does so by itself after the session timeout.
// kfake does not expire a member that was killed while its request to join was waiting for others, because it starts a
// member's session timer only when it could deliver the answer: the partitions of such a member would never be read
// again. So on the embedded broker what Kafka would have done is done from outside, later than Kafka would. A member of
// a living process is never touched.
type undertaker struct {
	run   *Run
	dead  map[string]time.Time // members of processes that have ended, by member id: since when that is known
	note  func(format string, args ...any)
	needs bool // the cluster is the embedded one
}

func newUndertaker(run *Run, note func(string, ...any)) *undertaker {
	return &undertaker{run: run, dead: map[string]time.Time{}, note: note,
		needs: run.Session.Describe().Kind == cluster.KindEmbedded}
}

// look notes the members of an instance, which has no process now.
func (u *undertaker) look(ctx context.Context, instance string) error {
	if !u.needs {
		return nil
	}
	members, err := u.run.members(ctx)
	if err != nil {
		return err
	}
	for _, member := range members {
		if _, known := u.dead[member.MemberID]; !known && member.ClientID == instance {
			u.dead[member.MemberID] = time.Now()
		}
	}
	return nil
}

// bury removes those that are still there long after Kafka would have noticed.
func (u *undertaker) bury(ctx context.Context) error {
	for id, since := range u.dead {
		if time.Since(since) < 3*u.run.plan.SessionTimeout/2 {
			continue
		}
		delete(u.dead, id)
		request := kmsg.NewPtrLeaveGroupRequest()
		request.Group = u.run.Group()
		member := kmsg.NewLeaveGroupRequestMember()
		member.MemberID = id
		request.Members = append(request.Members, member)
		answer, err := request.RequestWith(ctx, u.run.Client)
		if err != nil {
			return fmt.Errorf("take member %s out of the group: %w", id, err)
		}
		if len(answer.Members) == 1 && answer.Members[0].ErrorCode == 0 { // else it was gone already
			u.note("member %s, whose process is dead, was taken out of the group", id)
		}
	}
	return nil
}

// members are those of the group.
func (r *Run) members(ctx context.Context) ([]kadm.DescribedGroupMember, error) {
	groups, err := r.Admin.DescribeGroups(ctx, r.Group())
	if err == nil {
		err = groups.Error()
	}
	if errors.Is(err, kerr.GroupIDNotFound) { // nobody has joined it yet
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the group: %w", err)
	}
	return groups[r.Group()].Members, nil
}
