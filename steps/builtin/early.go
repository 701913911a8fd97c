package builtin

// Disturbances that come too early: an application is hit directly after its start, when nothing says how far it has
// got, so that chance decides what the scenario shows. Reports only certain cases: applications outside a group, whose
// start waits for nothing, and members that had records to read when they were started. Does not report a disturbance
// after records that are sent to a ready application, as any moment may be meant, nor faults of requests: those that
// come too late never fire, and a run says so.

import (
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// Marks of steps by which it is seen how far an application may have got.
const (
	launches     steps.Mark = "launches"      // the step starts an application, again maybe
	firstStart   steps.Mark = "first start"   // for the first time in the scenario
	onlyRuns     steps.Mark = "only runs"     // the step says that an application runs, which does not say that it works
	profiled     steps.Mark = "profiled"      // the application's profile says when it is ready
	sendsRecords steps.Mark = "sends records" // the step puts records into the topic
)

// TooEarly finds the steps of a scenario that disturb an application before anything says that it has begun its work.
func TooEarly(matches []steps.Match) []Slip {
	var found []Slip
	s := starting{declared: map[string]steps.Match{}, waiting: map[string]bool{}}
	for i, m := range matches {
		if app := s.hit(m); app != "" {
			found = append(found, Slip{i, s.why(app), s.hint(app)})
		}
		s.follow(m)
	}
	return found
}

// starting is what is known of a scenario's applications at one of its steps.
type starting struct {
	declared map[string]steps.Match // by application
	waiting  map[string]bool        // topics with records that nobody is known to have worked on
	fresh    []string               // applications that were started directly before, and may be anywhere in their work
}

// hit returns the application that a step disturbs too early; empty for none.
func (s *starting) hit(m steps.Match) string {
	if !m.Definition.Has(steps.Disturbs) || len(s.fresh) == 0 || leavesBrokersUp(m) {
		return ""
	}
	apps := m.Names("app")
	if len(apps) == 0 { // it disturbs the cluster, and so everybody
		return s.fresh[0]
	}
	if slices.Contains(s.fresh, apps[0]) {
		return apps[0]
	}
	return ""
}

// leavesBrokersUp is true for a step that starts or resumes a broker.
func leavesBrokersUp(m steps.Match) bool {
	return slices.ContainsFunc(m.Values, func(v phrase.Value) bool {
		return v.Value == cluster.BrokerStarted ||
			v.Value == cluster.BrokerResumed
	})
}

func (s *starting) follow(m steps.Match) {
	d := m.Definition
	switch {
	case d.Defines == "app":
		s.declared[m.Names("app")[0]] = m
	case m.Definition.Has(sendsRecords):
		s.waiting[m.Names("topic")[0]] = true
	}
	switch {
	case m.Definition.Has(onlyRuns) && m.Guard.Once == "":
	case m.Definition.Has(launches):
		if app := m.Names("app")[0]; s.mayBeAnywhere(app, m.Definition.Has(firstStart)) {
			s.fresh = append(s.fresh, app)
		}
	default:
		s.fresh = nil
		if d.Awaited { // it may have waited for those records to be worked on
			clear(s.waiting)
		}
	}
}

// mayBeAnywhere says whether an application that was just started may have done nothing yet, or all. One that is
// started again may have done its work before, and one of the profile be ready only when it has done something.
func (s *starting) mayBeAnywhere(app string, first bool) bool {
	m, ok := s.declared[app]
	switch {
	case !ok:
		return false
	case m.Definition.Has(profiled):
		return false
	}
	as := roleIn(m)
	return as.group == "" || first && slices.ContainsFunc(as.reads, func(topic string) bool { return s.waiting[topic] })
}

func (s *starting) why(app string) string {
	if roleIn(s.declared[app]).group != "" {
		return fmt.Sprintf("%q was only just started, on records that were there before: it may have processed none of "+
			"them by then, or all", app)
	}
	return fmt.Sprintf("%q was only just started, and is in no group whose partitions it would wait for: it may have "+
		"done nothing by then, or all", app)
}

// hint names a step to wait with.
func (s *starting) hint(app string) string {
	step := fmt.Sprintf("And %q has said \"…\"", app)
	switch as := roleIn(s.declared[app]); {
	case as.group != "":
		step = fmt.Sprintf("And %q has processed at least 1 record", app)
	case len(as.reads) == 0 && len(as.writes) > 0:
		step = fmt.Sprintf("Then %q contains at least 1 record", as.writes[0])
	}
	return "say before it what must have happened, such as: " + step
}
