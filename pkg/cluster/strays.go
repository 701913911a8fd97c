package cluster

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// strays are topics and groups that applications of a run made under names that no scenario gave them, as one does
// that has a group of its own. They are deleted with the run: more than one scenario may use them.
type strays struct {
	looked         bool
	before         map[string]bool // topics and groups when the run's first scenario began; nil: not known
	topics, groups map[string]bool
}

// lookBefore takes note of the topics and groups that are there before the first scenario. Where they cannot be listed,
// none is ever taken for one that the run made.
func (s *shared) lookBefore(ctx context.Context) {
	s.mu.Lock()
	looked := s.strays.looked
	s.strays.looked = true
	s.mu.Unlock()
	if looked {
		return
	}
	defer unlabelled(ctx)()
	groups, err := s.listGroups(ctx)
	topics, topicsErr := s.listTopics(ctx)
	if err != nil || topicsErr != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strays.before = map[string]bool{}
	for _, group := range groups {
		s.strays.before["group "+group.Group] = true
	}
	for _, topic := range topics {
		s.strays.before["topic "+topic] = true
	}
}

// Strayed implements Owner.
func (s *sharedSession) Strayed(topics, groups []string) {
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	all := &s.shared.strays
	if all.before == nil {
		return
	}
	if all.topics == nil {
		all.topics, all.groups = map[string]bool{}, map[string]bool{}
	}
	for _, topic := range topics {
		if !all.before["topic "+topic] && !s.claim.topic(topic) && !foreign(topic) {
			all.topics[topic] = true
		}
	}
	for _, group := range groups {
		if !all.before["group "+group] && !s.claim.group(group) && !foreign(group) {
			all.groups[group] = true
		}
	}
}

// claimStrays are claims on what strayed. Somebody else may have joined a group since: one with members is left.
func (s *shared) claimStrays(ctx context.Context) []claim {
	s.mu.Lock()
	found := claimOfStrays{topics: maps.Clone(s.strays.topics), groups: maps.Clone(s.strays.groups)}
	s.mu.Unlock()
	if len(found.groups) > 0 {
		listed, err := s.listGroups(ctx)
		if err != nil {
			found.groups = nil
		}
		for _, group := range listed {
			if inhabited(group) {
				delete(found.groups, group.Group)
			}
		}
	}
	if len(found.topics)+len(found.groups) == 0 {
		return nil
	}
	return []claim{found}
}

// claimOfStrays is a claim on what strayed.
type claimOfStrays struct{ topics, groups map[string]bool }

func (c claimOfStrays) topic(physical string) bool { return c.topics[physical] }
func (c claimOfStrays) group(physical string) bool { return c.groups[physical] }
func (c claimOfStrays) String() string {
	names := slices.Concat(slices.Collect(maps.Keys(c.topics)), slices.Collect(maps.Keys(c.groups)))
	return strings.Join(slices.Sorted(slices.Values(names)), ", ")
}
