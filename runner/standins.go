package runner

// Which function runs as an application: what Params.Instead puts in its place, and what a process takes.

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// checkInstead refuses what would be put in no place, or is not there. Either would have the right application judged
// in place of the wrong one.
func (p Params) checkInstead(all []*scenario) error {
	used := map[string]bool{}
	for _, s := range all {
		for _, st := range s.steps {
			if d, _ := builtin.Declares(st.match); d.Reference != "" {
				used[d.Reference] = true
			}
		}
	}
	var problems source.Errors
	known := slices.Sorted(maps.Keys(p.references()))
	for _, name := range slices.Sorted(maps.Keys(p.Instead)) {
		other := p.Instead[name]
		if !used[name] {
			problems = append(problems, source.Place{}.Errorf("Params.Instead: no scenario has an application that is the "+
				"reference %q", name).Advise(nearestOr(name, slices.Sorted(maps.Keys(used)), "remove it")))
		} else if entry := p.Use[name]; entry != "" {
			problems = append(problems, source.Place{}.Errorf("Params.Instead: %q of the profile is used in place of %q "+
				"already", entry, name).Advise("remove one of the two"))
		}
		if !slices.Contains(known, other) {
			problems = append(problems, source.Place{}.Errorf("Params.Instead: unknown application %q in place of %q", other,
				name).Advise(nearestOr(other, known, "add it to Params.Applications")))
		}
	}
	return problems.Err()
}

// nearestOr is the nearest name, else what there is where that is little.
func nearestOr(word string, known []string, otherwise string) string {
	switch near := nearest.Word(word, known); {
	case near != "":
		return fmt.Sprintf("did you mean %q?", near)
	case len(known) > 0 && len(known) <= 10:
		return "there are " + words.Quoted(known) + "; else " + otherwise
	}
	return otherwise
}

// checkProcesses refuses applications that are to run as processes and would run another function there: a function
// cannot be handed to a process, which takes that of its name from Main.
func (p Params) checkProcesses(scenarios []*scenario) error {
	var problems source.Errors
	told := map[source.Place]bool{} // a Background is one of many scenarios
	for _, s := range scenarios {
		if len(s.refused) > 0 {
			continue
		}
		for _, st := range s.steps {
			d, _ := builtin.Declares(st.match)
			if d.Reference == "" || !s.needs.Processes[d.Name] || p.Use[d.Reference] != "" {
				continue
			}
			name := d.Reference
			if other := p.Instead[name]; other != "" {
				name = other
			}
			if err := app.CheckProcess(name, p.Applications[name]); err != nil && !told[st.place] {
				told[st.place] = true
				problems = append(problems, st.errorf("it must run as a process, as scenario %q kills or pauses it or the "+
					"like: %w", s.name, err))
			}
		}
	}
	return capped(problems)
}
