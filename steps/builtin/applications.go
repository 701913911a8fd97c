package builtin

// Applications: declaring them, with their settings. A declared application starts when the first When or Then is
// reached, after all that is given is in place, unless the scenario starts it by a step of its own.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func applicationSteps(s *steps.Registry) {
	s.Given("application {app} {program} {role}", isDeclared, steps.Defines("app"))
}

// applicationParts are what applications run.
func applicationParts(s *steps.Registry) {
	steps.AddPart[program](s, "program", "what an application runs",
		steps.Form("is the reference {string}", theReference),
		steps.Form("is the command {string}", theCommand),
		steps.Form("is the profile's", ofProfile),
		steps.Form("is the profile's {string}", entryOfProfile),
		steps.Form("of the profile is", ofProfile))
}

// program finds what an application runs.
type program struct {
	define    func(w *world.World, name string) (app.Definition, error)
	options   []steps.Option
	reference string // its name; empty for what is none
	profiled  bool   // the profile describes it
	entry     string // under which name; empty for that of the application
}

// Options find a program that nobody has before anything runs.
func (p program) Options() []steps.Option { return p.options }

// isDeclared adds an application to the scenario. It finds the cluster, its group and its topics in environment
// variables (KAFKA_BOOTSTRAP_SERVERS, KAFKA_GROUP_ID, KAFKA_WATCHED_GROUP_ID, KAFKA_INPUT_TOPICS and
// KAFKA_OUTPUT_TOPICS with commas between the names, KAFKA_TOPIC_<NAME>); a table or YAML under the step becomes the
// file that APP_SETTINGS names.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "orders_dlq" contains exactly 1 record
func isDeclared(ctx context.Context, name string, what program, as role, settings world.Settings) error {
	w := world.FromContext(ctx)
	definition, err := what.define(w, name)
	if err != nil {
		return err
	}
	return w.Declare(&world.Application{Name: name, Definition: definition, Group: as.group, Watches: as.watches,
		Inputs: as.reads, Outputs: as.writes, Settings: settings})
}

// theCommand is a program in any language. It is started without a shell; single quotes keep words together.
//
//	Given topic "orders" with 1 partition
//	And topic "returns" with 1 partition
//	And topic "parcels" with 1 partition
//	And application "shipping" is the command "sh -c 'env | grep TOPICS'" reading "orders" and "returns" writing "parcels"
//	When application "shipping" has finished
//	Then "shipping" said "KAFKA_INPUT_TOPICS=orders,returns" exactly 1 time
//	And "shipping" said "KAFKA_OUTPUT_TOPICS=parcels" exactly 1 time
func theCommand(line string) program {
	return program{define: func(_ *world.World, name string) (app.Definition, error) {
		argv, err := splitCommand(line)
		return app.Definition{Name: name, Command: argv}, err
	}, options: []steps.Option{steps.Checked(programExists)}}
}

// theReference is one of the reference applications, or one registered by the test that runs the features.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "orders_dlq" contains exactly 1 record
func theReference(reference string) program {
	return program{
		define: func(w *world.World, name string) (app.Definition, error) {
			return w.ReferenceApp(name, reference)
		},
		options: []steps.Option{steps.Checked(referenceIsKnown)}, reference: reference,
	}
}

// Declared is what a step says of an application.
type Declared struct {
	Name      string
	Reference string // the name of the reference application that it is; empty for none
	Entry     string // the name under which the profile describes it; empty for none
	Group     string // empty for none
	Watches   string // empty for none
	Reads     []string
	Writes    []string
}

// Declares is the application that a step declares; false for other steps.
func Declares(m steps.Match) (d Declared, declares bool) {
	for _, v := range m.Values {
		p, is := v.Value.(program)
		if !is {
			continue
		}
		as := roleIn(m)
		d = Declared{Name: m.Names("app")[0], Reference: p.reference, Group: as.group, Watches: as.watches, Reads: as.reads,
			Writes: as.writes}
		if p.profiled {
			d.Entry = cmp.Or(p.entry, d.Name)
		}
		return d, true
	}
	return d, false
}

// ofProfile is what the profile says of the application of that name: its command, environment, ready condition and log
// patterns.
func ofProfile() program {
	return program{
		define: func(w *world.World, name string) (app.Definition, error) { return w.ProfiledApp(name, name) },
		options: []steps.Option{steps.Marked(profiled), steps.With(world.NeedsProfiled),
			steps.Checked(profileHasApplication)}, profiled: true,
	}
}

// entryOfProfile is what the profile says of the application of that other name, so that several applications of a
// scenario run the same: the members of a group, or what took the place of one that died.
func entryOfProfile(entry string) program {
	return program{
		define: func(w *world.World, name string) (app.Definition, error) { return w.ProfiledApp(name, entry) },
		options: []steps.Option{steps.Marked(profiled), steps.With(func(n *world.Needs, _ func(string) []string) {
			world.NeedsProfiled(n, func(string) []string { return []string{entry} })
		}), steps.Checked(func(s world.Surroundings, _ steps.Match) error { return profileHas(s, entry) })},
		profiled: true, entry: entry,
	}
}

// splitCommand splits a command line into words; single quotes keep a word together, there is no shell.
func splitCommand(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inQuotes, inWord := false, false
	for _, c := range line {
		switch {
		case c == '\'':
			inQuotes, inWord = !inQuotes, true
		case c == ' ' && !inQuotes:
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(c)
			inWord = true
		}
	}
	if inQuotes {
		return nil, fmt.Errorf("got the command %#q, in which a single quote is not closed; close it", line)
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) == 0 {
		return nil, errors.New(`the command is empty; name a program, such as "python3 consumer.py"`)
	}
	return words, nil
}
