package cluster

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// Leftover is a topic or a group that a scenario left on a cluster, because kafkaspec was killed or could not reach it.
type Leftover struct {
	Name  string
	Group bool      // else a topic
	Made  time.Time // when its scenario began; zero: not known, as an older version made it
}

// Cleaner is the power to find and delete what scenarios left. Backends of clusters that exist elsewhere have it.
type Cleaner interface {
	// Leftovers lists the topics and groups of scenarios, of all runs, by their names.
	Leftovers(ctx context.Context) ([]Leftover, error)
	// Delete deletes them. Members of the groups are made to leave.
	Delete(ctx context.Context, all []Leftover) error
}

// Leftovers implements Cleaner.
func (s *shared) Leftovers(ctx context.Context) ([]Leftover, error) {
	admin := kadm.NewClient(s.admin)
	topics, err := admin.ListTopics(ctx)
	if err != nil {
		return nil, fmt.Errorf("cannot list topics: %w", err)
	}
	var found []Leftover
	for _, name := range topics.Names() {
		if OfScenario(name) {
			found = append(found, Leftover{Name: name, Made: madeAt(name)})
		}
	}
	groups, err := s.listGroups(ctx)
	if err != nil {
		return nil, err
	}
	for _, group := range groups {
		if OfScenario(group.Group) {
			found = append(found, Leftover{Name: group.Group, Group: true, Made: madeAt(group.Group)})
		}
	}
	slices.SortFunc(found, func(a, b Leftover) int { return cmp.Compare(a.Name, b.Name) })
	return found, nil
}

// Delete implements Cleaner.
func (s *shared) Delete(ctx context.Context, all []Leftover) error {
	chosen := map[string]bool{}
	for _, one := range all {
		chosen[one.Name] = true
	}
	ours := func(name string) bool { return chosen[name] }
	return s.removeThose(ctx, ours, ours)
}
