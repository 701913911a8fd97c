package runner

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/runner/roles"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// use adds to the parameters which applications of the profile stand in for reference ones, and finds out whether there
// are such roles, applications and abilities.
func (p *Params) use(from *profile.Profile) error {
	used, err := from.Use()
	problems, _ := errors.AsType[source.Errors](err)
	for _, role := range slices.Sorted(maps.Keys(p.Use)) {
		application := p.Use[role]
		used[role] = profile.Named{Name: application}
		err := from.HasFor("--use", application)
		if err == nil {
			_, err = from.Application(application)
		}
		if err != nil {
			found, _ := errors.AsType[source.Errors](err)
			problems = append(problems, found...)
		}
	}
	p.asked, p.Use = p.Use, map[string]string{}
	abilities := map[string][]string{} // that an application may lack, in all its roles
	for _, name := range slices.Sorted(maps.Keys(used)) {
		application := used[name]
		role, known := roles.Find(name)
		if !known {
			at := application.Place
			problems = append(problems, at.Errorf("%sgot unknown role %q, %s", flagOf(at), name, meant(name, roles.Names())))
			continue
		}
		p.Use[name] = application.Name
		abilities[application.Name] = append(abilities[application.Name], role.Abilities.Names()...)
	}
	for _, application := range slices.Sorted(maps.Keys(abilities)) {
		for _, lack := range from.Without(application) {
			if !slices.Contains(abilities[application], lack.Name) {
				problems = append(problems, lack.Place.Errorf("got %q in without of application %q, %s", lack.Name, application,
					meant(lack.Name, abilities[application])))
			}
		}
	}
	return problems.Err()
}

// flagOf says that a mistake is one of the command line, where it is.
func flagOf(at source.Place) string {
	if at.File == "" {
		return "--use: "
	}
	return ""
}

// meant names the known word that is nearest, and all of them.
func meant(word string, known []string) string {
	advice := "want one of " + strings.Join(known, ", ")
	if near := nearest.Word(word, known); near != "" {
		advice += fmt.Sprintf("; did you mean %q?", near)
	}
	return advice
}

// standIn notes what applications of the profile that stand in for reference ones mean for scenarios. Of the built-in
// ones only those are left that are about one of their roles: where the command line names some, one of these.
func (p Params) standIn(all []*scenario, from *profile.Profile) []*scenario {
	if len(p.Use) == 0 {
		return all
	}
	var left []*scenario
	for _, s := range all {
		if about := s.standIn(p.Use, p.asked, from); about || len(p.Paths) > 0 {
			left = append(left, s)
		}
	}
	return left
}

// standIn does so for one scenario. It tells whether the scenario is about one of the roles, where some were asked for
// about one of these.
func (s *scenario) standIn(use, asked map[string]string, from *profile.Profile) (about bool) {
	part := roles.Part{}
	for _, st := range s.steps {
		part.Steps = append(part.Steps, st.text)
		if d, _ := builtin.Declares(st.match); d.Reference != "" {
			part.Roles = append(part.Roles, d.Reference)
		}
	}
	for _, st := range s.steps {
		declared, _ := builtin.Declares(st.match)
		name := declared.Reference
		application, used := use[name]
		role, known := roles.Find(name)
		if !used || !known {
			continue
		}
		of := path.Base(path.Dir(s.feature.file)) == role.Folder
		about = about || of && (len(asked) == 0 || asked[name] != "")
		if s.needs.Profiled == nil {
			s.needs.Profiled = map[string]bool{}
		}
		s.needs.Profiled[application] = true
		part.Settings = settingsOf(st, role)
		for _, ability := range role.Abilities {
			why := ability.NeededBy(part)
			if why == "" {
				continue
			}
			s.needed = append(s.needed, ability.Name)
			if s.lacking == nil && slices.ContainsFunc(from.Without(application),
				func(lack profile.Named) bool { return lack.Name == ability.Name }) {
				s.lacking = outcome.NotApplicablef("%q is without %s: %s, and needs a program that %s", application,
					ability.Name, why, ability.Is)
			}
		}
	}
	return about
}

// settingsOf are those of the role that a step sets.
func settingsOf(st step, role roles.Role) map[string]string {
	set := map[string]string{}
	_ = st.match.Settings(func(s app.Settings) error { // what is wrong with them is told elsewhere
		for _, name := range role.Settings.Names() {
			if s.Has(name) {
				set[name] = s.String(name, "")
			}
		}
		return nil
	})
	return set
}

// lacksPerhaps tells what an application that stands in for a reference one may lack, for one who sees it fail.
func (s *scenario) lacksPerhaps() string {
	if len(s.needed) == 0 {
		return ""
	}
	needed := slices.Compact(slices.Sorted(slices.Values(s.needed))) // a copy: repeated scenarios share them
	return fmt.Sprintf("\nthis scenario needs %s; where the application that stands in is not made for that, write into "+
		"the profile: without: [%s]", strings.Join(needed, ", "), needed[0])
}
