package builtin

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// needsBrokers asks for a cluster with at least as many brokers as the step says.
func needsBrokers(n *world.Needs, names func(string) []string) {
	if want, err := units.Int.Parse(names("int")[0]); err == nil { // else the step was refused
		n.Brokers = max(n.Brokers, int(want))
	}
}

func referenceIsKnown(s world.Surroundings, m steps.Match) error {
	name := m.Names("string")[0]
	if run := s.Own[name]; run != nil {
		return checkSettings(run, m)
	}
	if _, ok := s.References[name]; ok {
		return nil
	}
	if s.Elsewhere != nil {
		if found, err := s.Elsewhere(name); found {
			return err
		}
	}
	advice := cmp.Or(s.Unknown, "`kafkaspec app` lists them")
	if near := nearest.Word(name, slices.Sorted(maps.Keys(s.References))); near != "" {
		advice = fmt.Sprintf("did you mean %q? %s", near, advice)
	}
	return fmt.Errorf("unknown reference application %q; %s", name, advice)
}

// checkSettings has a reference application read its settings, which is the first thing that it does.
func checkSettings(run app.Func, m steps.Match) error {
	does := roleIn(m)
	env := app.Env{Name: m.Names("app")[0], Registry: "http://127.0.0.1:0", Group: does.group,
		WatchedGroup: does.watches, Inputs: does.reads, Outputs: does.writes}
	return m.Settings(func(settings app.Settings) error {
		env.Settings = settings
		return app.CheckSettings(run, env)
	})
}

func profileHasApplication(s world.Surroundings, m steps.Match) error {
	return profileHas(s, m.Names("app")[0])
}

func profileHas(s world.Surroundings, entry string) error {
	if s.Profiled == nil { // no profile is at hand where features are only checked
		return nil
	}
	return s.Profiled(entry)
}

func programExists(s world.Surroundings, m steps.Match) error {
	words, err := splitCommand(m.Names("string")[0])
	if err != nil {
		return err
	}
	return canRun(s, words)
}

// mostBrokers is what the embedded cluster starts for one scenario.
const mostBrokers = 9

func topicConfigIsKnown(_ world.Surroundings, m steps.Match) error {
	return m.Settings(world.CheckTopicConfig)
}

func schemaIsKnown(s world.Surroundings, m steps.Match) error {
	return knownMessage(m.Names("string")[0], "")(s, m)
}

// knownMessage finds a schema by name, and a message of it; "" for any.
func knownMessage(name, message string) func(world.Surroundings, steps.Match) error {
	return func(s world.Surroundings, _ steps.Match) error {
		found, err := world.FindSchema(s.Fixtures, name)
		if err == nil && message != "" {
			if err = found.HasMessage(message); err != nil {
				err = fmt.Errorf("schema %q: %w", name, err)
			}
		}
		return err
	}
}
