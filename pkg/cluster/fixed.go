package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// Fixed are the names of a scenario whose applications cannot be told others. Its topics and groups are called so on a
// shared cluster, too: whoever opens the session sees to it that no other one has such names meanwhile.
type Fixed struct{ Topics, Groups []string }

// Owner is the power to tell topics that came into being for the scenario from those that were there before, where
// their names do not tell. Sessions of shared clusters have it.
type Owner interface {
	// OwnsTopic takes a physical name.
	OwnsTopic(physical string) bool
	// Made says that an application of the scenario was seen to make, or to write, a topic with this physical name. On a
	// cluster of others only such topics are its own, beside those that the scenario declares: somebody else may make one
	// with a name like theirs meanwhile.
	Made(physical string)
	// Strayed says which topics an application of the scenario made, and which groups it joined, though the scenario
	// names neither. Those that were not there when the run began are deleted at its end.
	Strayed(topics, groups []string)
}

// ErrInUse says that a group with a fixed name has members of somebody else.
var ErrInUse = errors.New("somebody else uses it")

// Derived tells whether an application may have made a topic's name of another name that it knows: orders-retry-0 of
// the topic orders, shipping-store-changelog of the group shipping.
func Derived(name, from string) bool {
	rest, begins := strings.CutPrefix(name, from)
	return begins && from != "" && rest != "" && strings.ContainsRune("-._", rune(rest[0])) && !foreign(name)
}

// foreign is true of Kafka's own names, such as __consumer_offsets, and of those that other scenarios have to
// themselves.
func foreign(physical string) bool { return strings.HasPrefix(physical, "__") || OfScenario(physical) }

// claim is what of a shared cluster belongs to a scenario, by the names of topics and groups.
type claim interface {
	fmt.Stringer
	topic(physical string) bool
	group(physical string) bool
}

// claimOfPrefix is the claim of a scenario with names of its own. An application may have made a topic's name of one of
// them with something before it.
type claimOfPrefix string

func (c claimOfPrefix) topic(physical string) bool { return strings.Contains(physical, string(c)) }
func (c claimOfPrefix) group(physical string) bool { return strings.HasPrefix(physical, string(c)) }
func (c claimOfPrefix) String() string             { return string(c) + "…" }

// claimOfNames is the claim of a scenario with fixed names: what came into being since it began.
type claimOfNames struct {
	Fixed
	topics, groups map[string]bool // that were there before
	amongOthers    bool            // on a cluster of others

	mu   sync.Mutex
	made map[string]bool // topics that applications were seen to make
}

// topic is also true of topics that an application made.
func (c *claimOfNames) topic(physical string) bool {
	if c.topics[physical] || foreign(physical) || !slices.Contains(c.Topics, physical) && !c.derived(physical) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.amongOthers || c.made[physical] || slices.Contains(c.Topics, physical)
}

// derived tells whether an application may have made a topic's name of one of the claim's.
func (c *claimOfNames) derived(physical string) bool {
	from := func(name string) bool { return Derived(physical, name) }
	return slices.ContainsFunc(c.Topics, from) || slices.ContainsFunc(c.Groups, from)
}

func (c *claimOfNames) group(physical string) bool {
	return !c.groups[physical] && !foreign(physical) && slices.Contains(c.Groups, physical)
}

func (c *claimOfNames) String() string {
	return strings.Join(slices.Concat(c.Topics, c.Groups), ", ")
}

// meets tells whether two scenarios use a name in common.
func (c *claimOfNames) meets(other Fixed) bool {
	used := func(name string) bool {
		return slices.Contains(other.Topics, name) || slices.Contains(other.Groups, name)
	}
	return slices.ContainsFunc(c.Topics, used) || slices.ContainsFunc(c.Groups, used)
}

// fixedPatience is how long a scenario with fixed names may take to have its topics and groups deleted, which the next
// one with such names waits for.
const fixedPatience = 15 * time.Second

// openFixed takes note of what is there before the scenario begins. What an earlier scenario with its names could not
// delete is tried again.
func (s *shared) openFixed(ctx context.Context, names Fixed) (*sharedSession, error) {
	defer unlabelled(ctx)()
	s.mu.Lock()
	var again []*claimOfNames
	s.leftover = slices.DeleteFunc(s.leftover, func(c claim) bool {
		left, fixed := c.(*claimOfNames)
		if fixed && left.meets(names) {
			again = append(again, left)
			return true
		}
		return false
	})
	s.mu.Unlock()
	for _, left := range again {
		s.vacate(ctx, left)
	}
	topics, err := metadataOf().RequestWith(ctx, s.admin)
	groups, groupsErr := s.listGroups(ctx)
	if err := errors.Join(err, groupsErr); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, outcome.Environmentf(err, "cannot see which topics and groups are on the cluster %s: %v", s.description,
			err)
	}
	c := &claimOfNames{Fixed: names, topics: map[string]bool{}, groups: map[string]bool{}, made: map[string]bool{},
		amongOthers: s.description.Kind == KindExternal}
	for _, topic := range topics.Topics {
		c.topics[*topic.Topic] = true
	}
	for _, group := range groups {
		if slices.Contains(names.Groups, group.Group) && inhabited(group) {
			return nil, fmt.Errorf("group %q has members on %s: %w; stop them, as the scenario has fixed names and would "+
				"share the group with them", group.Group, s.description, ErrInUse)
		}
		c.groups[group.Group] = true
	}
	opened := s.open(c, &Names{own: newPrefix(), fixed: true})
	opened.disturbed.Store(true) // what is lent again would know a topic that is no more
	return opened, nil
}

// inhabited is true of a group with members, as far as the broker says.
func inhabited(group kmsg.ListGroupsResponseGroup) bool {
	return !slices.Contains([]string{"Empty", "Dead", ""}, group.GroupState)
}

// vacate deletes what a scenario with fixed names made, and waits until no broker knows its topics, so that the next
// one finds the names free. Members that it left in groups which were there before are made to leave. What cannot be
// deleted is tried again, and reported then, by close.
func (s *shared) vacate(ctx context.Context, c *claimOfNames) {
	ctx, cancel := context.WithTimeout(ctx, fixedPatience)
	defer cancel()
	var last error
	err := await.Until(ctx, await.Options{Within: fixedPatience, What: "what the scenario made to be deleted"},
		func(ctx context.Context) (bool, error) {
			last = errors.Join(s.remove(ctx, []claim{c}), s.emptyGroups(ctx, c))
			if refused(last) {
				return false, await.Permanent(last)
			}
			if last != nil {
				return false, nil
			}
			return s.gone(ctx, c)
		})
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.leftover = append(s.leftover, c)
	}
}

// gone tells whether no broker knows a topic of the claim any more.
func (s *shared) gone(ctx context.Context, c claim) (bool, error) {
	view, err := metadataOf().RequestWith(ctx, s.admin)
	if err != nil {
		return false, err
	}
	views, err := atEach(view.Brokers, func(b kmsg.MetadataResponseBroker) (*kmsg.MetadataResponse, error) {
		return metadataOf().RequestWith(ctx, s.admin.Broker(int(b.NodeID)))
	})
	if err != nil {
		return false, err
	}
	for _, view := range views {
		if slices.ContainsFunc(view.Topics, func(t kmsg.MetadataResponseTopic) bool {
			return c.topic(*t.Topic) && !errors.Is(kerr.ErrorForCode(t.ErrorCode), kerr.UnknownTopicOrPartition)
		}) {
			return false, nil
		}
	}
	return true, nil
}

// emptyGroups has members leave that the scenario left in groups which were there, and empty, before.
func (s *shared) emptyGroups(ctx context.Context, c *claimOfNames) error {
	groups, failed := s.listGroups(ctx)
	for _, group := range groups {
		if slices.Contains(c.Groups, group.Group) && c.groups[group.Group] && inhabited(group) {
			failed = errors.Join(failed, s.evict(ctx, group.Group, strings.ToLower(group.GroupType)))
		}
	}
	return failed
}
