package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// fix notes the names of a scenario's topics and groups where one of its applications cannot be told others.
func (s *scenario) fix(from *profile.Profile) {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(s.needs.Profiled)), from.Fixed) {
		return
	}
	s.needs.Fixed = &cluster.Fixed{}
	called := map[string]string{} // names on the cluster of topics that applications make
	for _, st := range s.steps {
		s.needs.Fixed.Topics = append(s.needs.Fixed.Topics, st.match.Names("topic")...)
		if name, made := builtin.MadeName(st.match); made {
			called[st.match.Names("topic")[0]] = name
		}
		s.needs.Fixed.Groups = append(s.needs.Fixed.Groups, st.match.Names("group")...)
	}
	for i, name := range s.needs.Fixed.Topics {
		s.needs.Fixed.Topics[i] = cmp.Or(called[name], name)
	}
	for _, names := range []*[]string{&s.needs.Fixed.Topics, &s.needs.Fixed.Groups} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
}

// open gives a scenario its view of the cluster. It is inconclusive where somebody else uses a group of a fixed name.
func (s *scenario) open(ctx context.Context, backend cluster.Backend) (cluster.Session, error) {
	session, err := backend.Open(ctx, cluster.Needs{Brokers: s.needs.Brokers, Fixed: s.needs.Fixed})
	if errors.Is(err, cluster.ErrInUse) {
		err = fmt.Errorf("%w: %w", verdict.ErrInconclusive, err)
	}
	return session, err
}

// fixedNames are the names that scenarios use as they are on a cluster that they share.
func (r *run) fixedNames(scenarios []*scenario) (names []string) {
	if !r.cluster.opened.Load() || !r.cluster.backend.Describe().Shared {
		return nil
	}
	for _, s := range scenarios {
		if fixed := s.needs.Fixed; fixed != nil {
			names = slices.Concat(names, fixed.Topics, fixed.Groups)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// rootOf is the first of the fixed names from which an application may have made a name, or the name itself: what an
// application makes of one scenario's topic must not be taken for the topic of another one.
func rootOf(name string, fixed []string) string {
	at := slices.IndexFunc(fixed, func(other string) bool { return cluster.Derived(name, other) })
	if at < 0 {
		return name
	}
	return rootOf(fixed[at], fixed)
}

// madeWithin is how long the cluster may take to say which topics there are.
const madeWithin = 10 * time.Second

// noteMade has the reports name the topics that applications made, where names are fixed or steps speak of such topics.
func (e *execution) noteMade(ctx context.Context) {
	if e.scenario.needs.Fixed == nil && !e.world.ComingTopics() || len(e.results) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience(ctx, madeWithin))
	defer cancel()
	if err := e.world.Made(ctx); err != nil {
		e.world.Note("%v", err)
	}
	last := &e.results[len(e.results)-1]
	if e.failed >= 0 {
		last = &e.results[e.failed]
	}
	last.Notes = append(last.Notes, e.world.TakeNotes()...)
}
