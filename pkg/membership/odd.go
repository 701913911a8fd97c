package membership

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// oddAfter is how long something may be undone before it is odd.
const oddAfter = 2 * time.Second

// Odd says what is odd about an application in a group, of which facts are all that are known of it, in order of time:
// partitions that it was given and reads nothing of, a join that it did not finish, and what the group has refused it
// last. Each is a phrase without a subject, such as "was given 4 partitions 3s ago and has fetched nothing".
func Odd(facts []journal.Fact, group string, now time.Duration) (odd []string) {
	var joined, said, committed *journal.Fact
	refused := 0
	for i := range facts {
		f := &facts[i]
		if f.Group != group || f.Request == nil {
			continue
		}
		switch f.Detail.(type) {
		case *journal.Membership:
			if said = f; f.Request.API == "JoinGroup" {
				joined = f
			} else if f.Kind != journal.GroupHeartbeat {
				joined = nil
			}
		case *journal.Commit:
			committed = f
			if refused++; f.Error == "" {
				refused = 0
			}
		}
	}
	ago := func(at time.Duration) string { return (now - at).Round(time.Second).String() }
	if text := unread(facts, group, now); text != "" {
		odd = append(odd, text)
	}
	if joined != nil && joined.Error == "" && now-joined.Request.Answered >= oddAfter {
		odd = append(odd, fmt.Sprintf("was let into the group %s ago and has not asked for its partitions",
			ago(joined.Request.Answered)))
	}
	if said != nil && said.Error != "" && !passing(said.Detail) {
		odd = append(odd, fmt.Sprintf("was last refused %s by the group, %s ago, with %s", said.Request.API,
			ago(said.Request.Answered), said.Error))
	}
	if refused > 0 {
		odd = append(odd, fmt.Sprintf("has had its last %s refused, with %s",
			words.Counted(refused, "commit"), committed.Error))
	}
	return odd
}

// passing tells of an answer that only says what to do next.
func passing(detail journal.Detail) bool {
	m, _ := detail.(*journal.Membership)
	return m.Code == kerr.RebalanceInProgress.Code || m.Code == kerr.MemberIDRequired.Code
}

// unread says which partitions an application was given and has not begun to read.
func unread(facts []journal.Fact, group string, now time.Duration) string {
	asked := map[place]time.Duration{} // when it last began to read
	for i := range facts {
		if f := &facts[i]; (f.Kind == journal.GroupPosition || f.Kind == journal.Fetched) && f.Request != nil {
			asked[place{f.Topic, f.Partition}] = f.Request.Sent
		}
	}
	given, left, since := int64(0), int64(0), now
	for _, o := range Ownerships(facts, group) {
		if o.End != Owning {
			continue
		}
		given++
		if began, ok := asked[place{o.Topic, o.Partition}]; !ok || began < o.From {
			left++
			since = min(since, o.From)
		}
	}
	if left == 0 || now-since < oddAfter {
		return ""
	}
	text := fmt.Sprintf("was given %s %s ago and has fetched nothing", words.Counted(given, "partition"),
		(now - since).Round(time.Second))
	if left < given {
		text += fmt.Sprintf(" of %d of them", left)
	}
	return text + spins(facts)
}
